import type { Kind, Stack } from '../kind.ts';

/**
 * Incidents that an operator took on and the responder said so, looked for in its audit log, whose chain has to hold. Ids are
 * those of the incidents; the alerts of this test open them.
 */
export function auditEntries(stack: Stack): Kind {
  const api = (path: string) => stack.url('incidentResponder', `/api${path}`);
  const get = async (path: string, signal?: AbortSignal) => {
    const { status, data } = await stack.http.get(api(path), signal && { signal });
    if (status !== 200) throw new Error(`${path}: ${status}`);
    return data;
  };
  return {
    name: 'audit entries',
    writesPerSecond: 1,
    async write(signal) {
      const { incidents } = await get('/incidents?limit=200', signal);
      const waiting = incidents.find((each: { acknowledgedAt: string | null }) => !each.acknowledgedAt);
      if (waiting === undefined) return [];
      const headers = { authorization: `Bearer ${stack.secret('operator-token')}` };
      const { status } = await stack.http.post(api(`/incidents/${waiting.id}/acknowledge`), undefined, {
        headers,
        signal,
      });
      return status === 200 ? [String(waiting.id)] : [];
    },
    async missing(ids) {
      if (!(await get('/audit/verify')).intact) return ids;
      const found = await Promise.all(
        ids.map(async (id) => {
          const { entries } = await get(`/audit?incident=${id}&limit=200`);
          return entries.some(({ event }: { event: string }) => event === 'incident.acknowledged');
        }),
      );
      return ids.filter((_, index) => !found[index]);
    },
  };
}
