import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { shownPanels } from '../lint/panels.ts';
import type { DashboardQuery } from '../query-check/dashboard-queries.ts';
import type { Answer } from '../query-check/query-sources.ts';
import type { ValueLink } from '../src/links.ts';

/** A link of a dashboard, with the placeholders that Grafana fills in. */
export interface DashboardLink extends ValueLink {
  /** `panel TITLE`, or `menu` for those beside the variables. */
  readonly where: string;
  /** Whose values it is on. */
  readonly panel?: Panel;
}

/** Every link of a dashboard that leads to another or to Explore; those beside the variables keep range and variables. */
export function linksOf(dashboard: Dashboard): readonly DashboardLink[] {
  const menu = (dashboard.links ?? []).flatMap(({ title, url }) =>
    url?.startsWith('/d/')
      ? [{ where: 'menu', title, url: `${url}?\${__all_variables}&\${__url_time_range}` }]
      : [],
  );
  const ofPanels = shownPanels(dashboard).flatMap((panel) => {
    const { defaults, overrides } = panel.fieldConfig ?? {};
    const links = [
      ...((defaults?.links ?? []) as readonly ValueLink[]),
      ...(overrides ?? []).flatMap(({ properties }) =>
        properties.flatMap(({ id, value }) => (id === 'links' ? (value as readonly ValueLink[]) : [])),
      ),
    ];
    return links.map(({ title, url }) => ({ where: `panel ${panel.title}`, title, url, panel }));
  });
  return [...menu, ...ofPanels].filter(({ url }) => /^\/(d|explore)[/?]/.test(url));
}

/** What placeholders of a link are replaced by. */
export interface Row {
  readonly cells: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

type Answers = readonly (readonly [DashboardQuery, Answer])[];

/** What a link of a panel is on: rows of its table, nodes or arrows of its graph, or the labels of each line and figure. */
export function rowsOf(panel: Panel, url: string, answers: Answers): readonly Row[] {
  if (panel.type === 'nodeGraph') {
    const rows = answers.flatMap(([, { results }]) => results.map((cells) => ({ labels: {}, cells })));
    const columns = [...url.matchAll(/__data\.fields\["(\w+)"\]/g)].map(([, column]) => column!);
    return rows.filter(({ cells }) => columns.every((column) => cells[column]));
  }
  if (panel.type !== 'table')
    return answers.flatMap(([, { results }]) => results.map((labels) => ({ labels, cells: {} })));
  const titles = (panel.transformations?.find(({ id }) => id === 'organize')?.options ?? {}) as {
    renameByName?: Record<string, string>;
  };
  const rows = new Map<string, Record<string, string>>();
  for (const [{ refId }, { results, values }] of answers)
    results.forEach((result, index) => {
      const { __name__, traceID, ...labels } = result;
      const key = JSON.stringify(Object.entries({ ...labels, traceID }).sort());
      const sources: Record<string, string> = {
        ...labels,
        ...(traceID && { 'Trace ID': traceID }),
        ...(values && { Value: values[index]!, [`Value #${refId}`]: values[index]! }),
      };
      const cells = Object.entries(sources).flatMap(([source, value]) => {
        const title = titles.renameByName?.[source];
        return title ? [[title, value] as const] : [];
      });
      rows.set(key, { ...rows.get(key), ...Object.fromEntries(cells) });
    });
  const filter = panel.transformations?.find(({ id }) => id === 'filterByValue')?.options as
    | { filters: { fieldName: string }[] }
    | undefined;
  return [...rows.values()]
    .filter((cells) => filter?.filters.every(({ fieldName }) => cells[fieldName] !== undefined) ?? true)
    .map((cells) => ({ cells, labels: {} }));
}

export interface At {
  readonly row: Row;
  readonly variables: Readonly<Record<string, string>>;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The address that a click opens. @throws where a placeholder stands for nothing */
export function filledIn(url: string, { row, variables, fromMs, toMs }: At): string {
  return url.replaceAll(/\$\{([^}]+)\}/g, (_all, name: string) => {
    const [, column] = /^__data\.fields\["(.+)"\]$/.exec(name) ?? [];
    const [, label] = /^__field\.labels\.(\w+)$/.exec(name) ?? [];
    if (name === '__url_time_range') return `from=${fromMs}&to=${toMs}`;
    if (name === '__all_variables')
      return Object.entries(variables)
        .map(([variable, value]) => `var-${variable}=${encodeURIComponent(value)}`)
        .join('&');
    if (name === '__from') return `${fromMs}`;
    if (name === '__to') return `${toMs}`;
    const value = column ? row.cells[column] : label ? (row.labels[label] ?? '') : variables[name];
    if (value === undefined) throw new Error(`\${${name}} stands for nothing in ${url}`);
    return encodeURI(value);
  });
}
