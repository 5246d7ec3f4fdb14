import { type SchemaProblem, shown } from '@aiops-sre/service-kit/schema/check.ts';
import type { AlertingDocument } from './definition-schema.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What an SLO's alert policies ask for and do not get: alerts follow from the objective by burn-rate windows, and who hears of
 * them is for Alertmanager's routes. Each policy, condition and target is named. A name that none has is a problem.
 */
export function alertPolicyNotes(
  policies: readonly (string | Fields)[],
  documents: readonly AlertingDocument[],
  problems: SchemaProblem[],
): string[] {
  return policies.flatMap((policy, index) => {
    const path = ['spec', 'alertPolicies', index];
    const { name, spec } = resolved(policy, 'alertPolicyRef', 'AlertPolicy', documents, path, problems);
    if (!spec) return [];
    const part = (field: string, reference: string, kind: AlertingDocument['kind']) =>
      (Array.isArray(spec[field]) ? spec[field] : []).map((each: string | Fields) =>
        resolved(each, reference, kind, documents, path, problems),
      );
    const conditions = part('conditions', 'conditionRef', 'AlertCondition').map(
      ({ name: condition, spec: own }) => `condition ${condition}${own ? described(own) : ''}`,
    );
    const targets = part('notificationTargets', 'targetRef', 'AlertNotificationTarget').map(
      ({ name: target }) => `target ${target}`,
    );
    const parts = [...conditions, ...targets].join(', ');
    return [
      `AlertPolicy ${name} is not honoured${parts ? ` (${parts})` : ''}: alerts are those of the burn-rate windows, ` +
        "which --windows replaces, and Alertmanager's routes say who hears of them",
    ];
  });
}

/** An object in place, or one referred to by its name. */
function resolved(
  given: string | Fields,
  reference: string,
  kind: AlertingDocument['kind'],
  documents: readonly AlertingDocument[],
  path: readonly PropertyKey[],
  problems: SchemaProblem[],
): { readonly name: string; readonly spec: Fields | undefined } {
  const name = typeof given === 'string' ? given : given[reference];
  if (name === undefined) {
    const { metadata, spec } = given as { metadata?: { name?: unknown }; spec?: Fields };
    return { name: String(metadata?.name ?? 'without a name'), spec: spec ?? {} };
  }
  const found = documents.find((document) => document.kind === kind && document.metadata.name === name);
  if (!found) {
    const names = documents.filter((each) => each.kind === kind).map((each) => each.metadata.name);
    const possible = `the name of an ${kind}: ${names.join(', ') || 'none in these files'}`;
    problems.push({
      path: [...path, ...(typeof given === 'string' ? [] : [reference])],
      found: shown(name),
      possible,
    });
  }
  return { name: String(name), spec: found?.spec };
}

function described(spec: Fields): string {
  const { kind, threshold, lookbackWindow, alertAfter } = (spec.condition ?? {}) as Fields;
  const text = [
    kind,
    threshold,
    lookbackWindow && `over ${lookbackWindow}`,
    alertAfter && `after ${alertAfter}`,
  ]
    .filter((value) => value !== undefined)
    .join(' ');
  return text ? `: ${text}` : '';
}
