export interface Edge {
  readonly client: string;
  readonly server: string;
}

/** Who calls whom. */
export interface ServiceGraph {
  readonly edges: readonly Edge[];
  /** Calls from one service to the other along the direction of calls; 0 for itself, undefined where there is no way. */
  hops(from: string, to: string): number | undefined;
  /** Whom `service` calls itself. */
  callees(service: string): readonly string[];
  /** All that `service` calls, directly or not, itself left out; nearest first. */
  dependencies(service: string): readonly string[];
  /** Nobody calls it, or only services that nobody calls (a load generator, a browser). */
  isEntry(service: string): boolean;
}

export function serviceGraph(edges: readonly Edge[]): ServiceGraph {
  const callees = Map.groupBy(
    edges.filter(({ client, server }) => client !== server),
    ({ client }) => client,
  );
  const callers = Map.groupBy(edges, ({ server }) => server);

  function distances(from: string): ReadonlyMap<string, number> {
    const found = new Map([[from, 0]]);
    // A Map is walked in the order of insertion, and what is added on the way is walked too: breadth first.
    for (const [service, distance] of found)
      for (const { server } of callees.get(service) ?? [])
        if (!found.has(server)) found.set(server, distance + 1);
    return found;
  }

  return {
    edges,
    hops: (from, to) => distances(from).get(to),
    callees: (service) => [...new Set((callees.get(service) ?? []).map(({ server }) => server))],
    dependencies: (service) => [...distances(service).keys()].slice(1),
    isEntry: (service) => (callers.get(service) ?? []).every(({ client }) => !callers.has(client)),
  };
}
