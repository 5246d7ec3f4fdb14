import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { promqlProblem } from './promql.ts';
import { isUnit } from './units.ts';

interface Target {
  readonly refId?: string;
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly exemplar?: boolean;
  readonly datasource?: { readonly type?: string };
}

/** Panels that show something, headings left out; also those that a heading hides until it is opened. */
export function shownPanels(dashboard: Dashboard): readonly Panel[] {
  return (dashboard.panels ?? []).flatMap((panel) =>
    'panels' in panel ? panel.panels : panel.type === 'row' ? [] : [panel],
  );
}

/** What a panel lacks for a person to understand it, or for Grafana to draw it. */
export function panelProblems(panel: Panel): readonly string[] {
  const problems: string[] = [];
  const defaults = panel.fieldConfig?.defaults;
  if (!panel.title) problems.push('has no title');
  if (!panel.description?.endsWith('.')) problems.push('has no description in whole sentences');
  if (!defaults?.unit) problems.push('has no unit');
  else if (!isUnit(defaults.unit)) problems.push(`has unit "${defaults.unit}", which Grafana does not know`);
  if (!defaults?.thresholds?.steps.length) problems.push('has no thresholds');
  if (!defaults?.noValue) problems.push('says nothing when there is no data');
  for (const { properties } of panel.fieldConfig?.overrides ?? [])
    for (const { id, value } of properties)
      if (id === 'unit' && !isUnit(String(value)))
        problems.push(`has unit "${value}", which Grafana does not know`);
  const targets = (panel.targets ?? []) as unknown as Target[];
  if (targets.length === 0) problems.push('has no query');
  if (new Set(targets.map((target) => target.refId)).size < targets.length)
    problems.push('has a refId twice');
  const lines = targets.filter(({ exemplar }) => !exemplar);
  if (panel.type === 'timeseries' && lines.some(({ legendFormat }) => !legendFormat))
    problems.push('has a line without a name');
  if (
    new Set(lines.map(({ legendFormat }) => legendFormat)).size < lines.length &&
    panel.type === 'timeseries'
  )
    problems.push('has two lines of one name');
  for (const { expr, datasource } of targets) {
    const problem = expr === undefined || datasource?.type === 'loki' ? undefined : promqlProblem(expr);
    if (problem) problems.push(problem);
  }
  return [...problems, ...columnProblems(panel)].map((problem) => `panel "${panel.title}" ${problem}`);
}

/** Columns that an override or the order names and the table does not have. */
function columnProblems(panel: Panel): readonly string[] {
  if (panel.type !== 'table') return [];
  const organize = panel.transformations?.find(({ id }) => id === 'organize')?.options as
    | { renameByName: Record<string, string> }
    | undefined;
  const columns = new Set(Object.values(organize?.renameByName ?? {}));
  const named = [
    ...(panel.fieldConfig?.overrides ?? []).map(({ matcher }) => String(matcher.options)),
    ...((panel.options as { sortBy?: { displayName: string }[] }).sortBy ?? []).map(
      ({ displayName }) => displayName,
    ),
    ...[...JSON.stringify(panel).matchAll(/__data\.fields\[\\*"([^"\\]+)\\*"\]/g)].map(([, name]) => name!),
  ];
  return named
    .filter((name) => !columns.has(name))
    .map((name) => `names a column "${name}" that it does not have`);
}
