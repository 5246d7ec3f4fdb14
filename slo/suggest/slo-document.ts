import { stringify } from 'yaml';
import { API_VERSION } from '../reading/definition-schema.ts';
import type { Suggestion } from './learn.ts';

/** What a Service's description may hold of a name that came with telemetry. */
const LONGEST_NAME = 120;

/** A service as an OpenSLO document, under its label. */
export function serviceDocument(label: string, service: string): string {
  // No template of anybody's.
  const displayName = service.slice(0, LONGEST_NAME).replaceAll('{{', '{ {');
  return stringify({
    apiVersion: API_VERSION,
    kind: 'Service',
    metadata: { name: label, ...(displayName !== label && { displayName }) },
  });
}

/** A suggestion as an OpenSLO document. */
export function suggestionDocument(
  name: string,
  label: string,
  { description, objective, indicator, endsWhenIdle }: Suggestion,
  { burnIn }: { readonly burnIn: boolean },
): string {
  const annotations = {
    // Its series end when nothing is sent for minutes, which is no reason to wake anybody.
    ...(endsWhenIdle && { 'slo/absence-severity': 'ticket' }),
    ...(burnIn && { 'slo/burn-in': 'true' }),
  };
  return stringify(
    {
      apiVersion: API_VERSION,
      kind: 'SLO',
      metadata: { name, ...(Object.keys(annotations).length > 0 && { annotations }) },
      spec: {
        description,
        service: label,
        indicator: { metadata: { name: `${name}-indicator`.slice(0, 63) }, spec: indicator },
        timeWindow: [{ duration: '30d', isRolling: true }],
        budgetingMethod: 'Occurrences',
        objectives: [objective],
      },
    },
    { lineWidth: 0 },
  );
}
