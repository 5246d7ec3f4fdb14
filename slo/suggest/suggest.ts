import { readDefinitions } from '../reading/read-definitions.ts';
import { findCandidates } from './candidates.ts';
import { learn } from './learn.ts';
import type { MetricSource } from './prometheus-source.ts';
import { serviceLabel } from './service-label.ts';
import { serviceDocument, suggestionDocument } from './slo-document.ts';

export interface Suggestions {
  /** OpenSLO documents that validate, the provisional ones with their reasons above; empty text where nothing could be suggested. */
  readonly yaml: string;
  readonly names: readonly string[];
  /** Of those, what is to be looked at again once there is more to learn from. */
  readonly provisional: readonly string[];
  /** What was looked at and why nothing came of it. */
  readonly skipped: readonly string[];
}

/** Learns from the past what each service has been able to keep and proposes that, with the reasons in the description. */
export async function suggestSlos(source: MetricSource): Promise<Suggestions> {
  const documents = new Map<string, string>();
  const services = new Map<string, string>();
  const provisional: string[] = [];
  const skipped: string[] = [];
  for (const candidate of await findCandidates(source)) {
    const suggestion = await learn(source, candidate);
    if ('reason' in suggestion) {
      skipped.push(`${candidate.metric}{${candidate.selector}} ${suggestion.reason}`);
      continue;
    }
    const label = serviceLabel(candidate.service);
    const name = uniqueName(`${label}-${suggestion.kind}`, documents);
    services.set(label, candidate.service);
    if (suggestion.provisional.length > 0) provisional.push(name);
    const reasons = suggestion.provisional.map((reason) => `# provisional: ${reason}\n`).join('');
    documents.set(name, `${reasons}${suggestionDocument(name, label, suggestion, { burnIn: false })}`);
  }
  const all = [
    ...[...services].sort().map(([label, service]) => serviceDocument(label, service)),
    ...[...documents].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
  ];
  const yaml = documents.size > 0 ? all.join('---\n') : '';
  // What is proposed has to be accepted: a violation here is a fault of this program, not of the input.
  if (yaml !== '') readDefinitions([{ file: 'suggestions', text: yaml }]);
  return { yaml, names: [...documents.keys()].sort(), provisional, skipped };
}

function uniqueName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  for (let count = 2; ; count += 1) if (!taken.has(`${name}-${count}`)) return `${name}-${count}`;
}
