import type { ServiceDeviations } from '../evidence/service-deviations.ts';
import { enough, type Findings } from './findings.ts';

/**
 * Deviations, with those of databases whose failures no metric can be held against a time before (a new one, one that only
 * its callers know of): of what requests fail more, the share whose first error is a call to a database is the database's.
 */
export function withRefusingDatabases(
  deviations: readonly ServiceDeviations[],
  findings: Findings | undefined,
): readonly ServiceDeviations[] {
  const failing = findings && enough(findings.failing);
  const suffered = deviations.find(({ service }) => service === findings?.service)?.troubles.errors;
  if (failing === undefined || suffered === undefined) return deviations;
  const shares = new Map<string, number>();
  for (const { database, share } of failing.firstErrors)
    if (database !== undefined) shares.set(database, (shares.get(database) ?? 0) + share);
  const refusing = [...shares].flatMap(([service, share]): ServiceDeviations[] => {
    const known = deviations.find((each) => each.service === service);
    if (known?.troubles.errors !== undefined) return [];
    const { after, excess, distance } = suffered;
    const errors = { before: 0, after: after * share, excess: excess * share, distance: distance * share };
    return [{ ...known, service, troubles: { ...known?.troubles, errors }, tooNew: true, byTraces: true }];
  });
  const isTold = ({ service }: ServiceDeviations) => refusing.some((each) => each.service === service);
  return [...deviations.filter((each) => !isTold(each)), ...refusing];
}
