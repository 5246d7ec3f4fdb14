import type { Slo } from '../model/slo.ts';

/** Free text inside Prometheus' templates: `{{` would be taken for one. */
export function literal(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}

/** Value of a label of the alert, as an argument of a template's function. */
function labelArgument(name: string): string {
  return /^[a-zA-Z_]\w*$/.test(name) ? `$labels.${name}` : `(index $labels ${JSON.stringify(name)})`;
}

/** `cluster=a,namespace=b` for the alert's group. */
export function groupText(slo: Slo): string {
  return slo.groupBy.map((name) => `${name}={{ ${labelArgument(name)} }}`).join(',');
}

/** What the SLO is called in sentences, with its group where it has some. */
export function spokenName(slo: Slo): string {
  return literal(slo.displayName) + (slo.groupBy.length > 0 ? ` (${groupText(slo)})` : '');
}

/** Selector of the SLO's series, and of the alert's group, for use in {@link queryOf}. */
export function templateSelector(slo: Slo): string {
  const groups = slo.groupBy.map((name) => `,${/^[a-zA-Z_]\w*$/.test(name) ? name : `\\"${name}\\"`}=%q`);
  return `{slo='${slo.name}',service='${slo.service}'${groups.join('')}}`;
}

/** A query inside a template: the opening of `with`. */
export function withQuery(slo: Slo, query: string): string {
  if (slo.groupBy.length === 0) return `{{ with query "${query}" }}`;
  const groups = (query.match(/%q/g)?.length ?? 0) / slo.groupBy.length;
  const one = slo.groupBy.map(labelArgument).join(' ');
  return `{{ with printf "${query}" ${Array(groups).fill(one).join(' ')} | query }}`;
}
