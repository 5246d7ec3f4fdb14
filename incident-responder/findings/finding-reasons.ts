import { dashboardUrl, traceUrl } from '@aiops-sre/investigation/links.ts';
import type { Reason } from '../incidents/incident.ts';
import { enough, type Findings } from './findings.ts';

/**
 * What traces and logs add to the log-odds of a service, at most: set by hand, so that all of them together do no more than
 * make up for what is held against any root beforehand.
 */
const WEIGHTS = { firstError: 0.7, timeSpent: 0.7, version: 0.8, newErrors: 0.3 } as const;
const LEAST_SHARE = 0.3;
const VERSION = /^(service\.version|vcs\.)/;

/** Reasons for a service to be the root, by what traces and logs say of the incident. */
export function findingReasons(
  service: string,
  findings: Findings,
  grafanaUrl: string | undefined,
): readonly Reason[] {
  const { failing, slow, templates } = findings;
  const range = { fromSeconds: findings.fromMs / 1000, toSeconds: findings.untilMs / 1000 };
  const toTrace = (traceId: string | null | undefined) =>
    grafanaUrl !== undefined && traceId ? { link: traceUrl(grafanaUrl, traceId, range) } : {};
  const reasons: Reason[] = [];

  const first =
    enough(failing)?.firstErrors.filter((each) => (each.database ?? each.service) === service) ?? [];
  const firstShare = sum(first.map(({ share }) => share));
  if (firstShare >= LEAST_SHARE)
    reasons.push({
      kind: 'traces',
      weight: WEIGHTS.firstError * firstShare,
      text: `Of ${percent(firstShare)} of the failing requests the first error is ${first[0]!.database === undefined ? `in ${service}` : `a call to ${service}`}: ${first[0]!.operation}${first[0]!.error && `, ${first[0]!.error}`}.`,
      ...toTrace(failing?.example?.traceId),
    });

  const spent = enough(slow)?.timeSpent.filter((each) => each.service === service) ?? [];
  const spentShare = sum(spent.map(({ share }) => share));
  if (spentShare >= LEAST_SHARE)
    reasons.push({
      kind: 'traces',
      weight: WEIGHTS.timeSpent * spentShare,
      text: `${percent(spentShare)} of the time of slow requests goes to ${spent[0]!.place}.`,
      ...toTrace(slow?.example?.traceId),
    });

  const bad = [...(enough(failing)?.inCommon ?? []), ...(enough(slow)?.inCommon ?? [])];
  const version = bad.find((each) => each.service === service && VERSION.test(each.attribute));
  if (version !== undefined)
    reasons.push({
      kind: 'traces',
      weight: WEIGHTS.version * (version.shareOfBad - version.shareOfRest),
      text: `${percent(version.shareOfBad)} of the bad requests ran on ${version.attribute} ${version.value} of ${service}, ${percent(version.shareOfRest)} of the rest.`,
      ...toTrace((failing ?? slow)?.example?.traceId),
    });

  const news = templates.find((each) => each.service === service && each.change === 'new');
  if (news !== undefined)
    reasons.push({
      kind: 'logs',
      weight: WEIGHTS.newErrors,
      text: `${service} writes what it did not before: ${news.template}`,
      ...(grafanaUrl !== undefined && { link: dashboardUrl(grafanaUrl, 'logs', service, range) }),
    });
  return reasons;
}

const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
const percent = (share: number) => `${Math.round(share * 100)} %`;
