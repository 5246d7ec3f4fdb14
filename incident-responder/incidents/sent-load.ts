import { OTHER_LOAD, type ServiceDeviations } from '../evidence/service-deviations.ts';
import type { ServiceGraph } from '../topology/service-graph.ts';
import type { RecentChange } from './recent-changes.ts';

interface Scene {
  readonly graph: ServiceGraph;
  readonly deviations: ReadonlyMap<string, ServiceDeviations>;
  readonly changes: readonly RecentChange[];
}

/** Services that were changed shortly before and call what alerts, directly or not: they may send it another load. */
export function changedCallers({ graph, changes }: Scene, alerting: readonly string[]): string[] {
  return changes.flatMap(({ service }) =>
    service !== undefined && alerting.some((each) => (graph.hops(service, each) ?? 0) > 0) ? [service] : [],
  );
}

/** In words, which callee of a changed service gets another load since, by more than the service's own load changed. */
export function sentLoad(service: string, scene: Scene): string | undefined {
  const callee = scene.graph.callees(service).find((each) => sends(service, each, scene));
  return callee && `${callee}, which it calls, ${answersNow(callee, scene)}.`;
}

/** In words, which changed caller it is that sends a service another load. */
export function loadFromAbove(service: string, scene: Scene): string | undefined {
  const caller = scene.changes.find((change) => change.service && sends(change.service, service, scene));
  return caller && `It ${answersNow(service, scene)}, and ${caller.service}, which calls it, was changed.`;
}

function sends(caller: string, callee: string, { graph, deviations, changes }: Scene): boolean {
  const times = timesTheLoad(callee, deviations) / timesTheLoad(caller, deviations);
  return (
    changes.some(({ service }) => service === caller) &&
    graph.callees(caller).includes(callee) &&
    (times > OTHER_LOAD || times < 1 / OTHER_LOAD)
  );
}

const answersNow = (service: string, { deviations }: Scene): string =>
  `answers ${Number(timesTheLoad(service, deviations).toPrecision(2))} times as many requests as before`;

/** 1 where it is much as before. */
function timesTheLoad(service: string, deviations: Scene['deviations']): number {
  const load = deviations.get(service)?.load;
  return load === undefined ? 1 : load.after / load.before;
}
