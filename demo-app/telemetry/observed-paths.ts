const PROBES = new Set(['/metrics', '/healthz', '/readyz']);

/** Whether requests to this path get a span and a duration: probes, scrapes, drills and restarts do not. */
export function isObserved(path: string): boolean {
  return !PROBES.has(path) && !path.startsWith('/admin/') && !path.startsWith('/operations/');
}
