import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { values } from './json-walk.ts';

/** Grafana's own. */
const BUILT_IN_SOURCES = ['-- Grafana --', '-- Mixed --', '-- Dashboard --'];

/** `uid`s of data sources in the dashboard that are neither provisioned nor variables. */
export function dataSourceProblems(
  dashboard: Dashboard,
  provisioned: ReadonlySet<string>,
): readonly string[] {
  const problems = new Set<string>();
  for (const value of values(dashboard)) {
    if (typeof value === 'string' || !('datasource' in value)) continue;
    const source = value.datasource;
    const uid = typeof source === 'object' && source !== null && 'uid' in source ? source.uid : source;
    if (
      typeof uid === 'string' &&
      (provisioned.has(uid) || BUILT_IN_SOURCES.includes(uid) || uid.startsWith('$'))
    )
      continue;
    problems.add(`data source ${JSON.stringify(source)} is not provisioned`);
  }
  return [...problems];
}

function variablesOf(dashboard: Dashboard): ReadonlySet<string> {
  return new Set(dashboard.templating?.list?.map(({ name }) => name));
}

/** `$name` in a query or a title where the dashboard has no such variable. */
export function variableProblems(dashboard: Dashboard): readonly string[] {
  const known = variablesOf(dashboard);
  const used = [...values(dashboard)]
    .filter((value) => typeof value === 'string')
    .flatMap((text) => [...text.matchAll(/\$\{?([a-zA-Z]\w*)/g)].map(([, name]) => name!));
  return [...new Set(used)]
    .filter((name) => !known.has(name))
    .map((name) => `variable $${name} does not exist`);
}

/** Links to dashboards that do not exist, set variables they do not have, or are by a tag that none carries. */
export function linkProblems(dashboard: Dashboard, all: readonly Dashboard[]): readonly string[] {
  const problems: string[] = [];
  const byUid = new Map(all.map((other) => [other.uid, other]));
  for (const value of values(dashboard)) {
    if (typeof value !== 'string') continue;
    for (const [, uid, query] of value.matchAll(/\/d\/([\w-]+)(?:\/[\w-]+)?(\?\S*)?/g)) {
      const target = byUid.get(uid);
      if (!target) problems.push(`link to /d/${uid}, which does not exist`);
      const names = [...(query ?? '').matchAll(/var-(\w+)=/g)].map(([, name]) => name!);
      for (const name of names)
        if (target && !variablesOf(target).has(name))
          problems.push(`link to /d/${uid} sets variable ${name}, which it does not have`);
    }
  }
  for (const tag of dashboard.links?.flatMap(({ tags }) => tags) ?? [])
    if (!all.some((other) => other.tags?.includes(tag)))
      problems.push(`link by tag ${tag}, which no dashboard carries`);
  return problems;
}
