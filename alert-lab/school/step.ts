import { CAUSE_KINDS, type CauseKind } from '@aiops-sre/incident-responder/incidents/incident.ts';
import {
  CONTRIBUTING,
  type Contributing,
  IMPROVEMENTS,
  type Improvement,
  keysOf,
} from './postmortem-answers.ts';

export const IMPACTS = ['none', 'some', 'many', 'all'] as const;
/** Said of them to people. */
export const IMPACT_WORDS: Readonly<Record<Impact, string>> = {
  none: 'none',
  some: 'some: less than a quarter',
  many: 'many: a quarter or more',
  all: 'all',
};
type Impact = (typeof IMPACTS)[number];

/** What a learner can say and do in the terminal; an expert's script is made of the same. */
export type Step =
  | { readonly kind: 'acknowledge' | 'hint' | 'done' }
  | { readonly kind: 'impact'; readonly impact: Impact }
  | {
      readonly kind: 'root';
      readonly service: string;
      readonly cause: CauseKind;
      readonly instance: string | null;
    }
  | { readonly kind: 'flag'; readonly flag: string; readonly variant: string }
  | { readonly kind: 'restart' | 'start'; readonly process: string }
  | { readonly kind: 'approve'; readonly action: string }
  | { readonly kind: 'contributing'; readonly contributing: Contributing }
  | { readonly kind: 'improve'; readonly improve: Improvement };

export const STEPS = [
  'acknowledge',
  `impact ${IMPACTS.join('|')}`,
  `root SERVICE ${CAUSE_KINDS.join('|')} [INSTANCE]`,
  'flag NAME VARIANT',
  'restart PROCESS',
  'start PROCESS',
  'approve ACTION',
  'hint',
  'done',
] as const;

/** What can be said when it is over. */
export const POSTMORTEM_STEPS = [
  `contributing ${keysOf(CONTRIBUTING).join('|')}`,
  `improve ${keysOf(IMPROVEMENTS).join('|')}`,
] as const;

/** @throws StepError naming what was got and what is possible */
export function parseStep(line: string): Step {
  const [kind = '', ...words] = line.trim().split(/\s+/);
  const [first, second, third] = words;
  const one = <T extends string>(among: readonly T[], word: string | undefined) =>
    among.find((each) => each === word);
  switch (`${kind} ${words.length}`) {
    case 'acknowledge 0':
    case 'hint 0':
    case 'done 0':
      return { kind: kind as 'acknowledge' | 'hint' | 'done' };
    case 'impact 1': {
      const impact = one(IMPACTS, first);
      if (impact) return { kind: 'impact', impact };
      break;
    }
    case 'root 2':
    case 'root 3': {
      const cause = one(CAUSE_KINDS, second);
      if (cause) return { kind: 'root', service: first!, cause, instance: third ?? null };
      break;
    }
    case 'flag 2':
      return { kind: 'flag', flag: first!, variant: second! };
    case 'restart 1':
    case 'start 1':
      return { kind: kind as 'restart' | 'start', process: first! };
    case 'approve 1':
      return { kind: 'approve', action: first! };
    case 'contributing 1': {
      const contributing = one(keysOf(CONTRIBUTING), first);
      if (contributing) return { kind: 'contributing', contributing };
      break;
    }
    case 'improve 1': {
      const improve = one(keysOf(IMPROVEMENTS), first);
      if (improve) return { kind: 'improve', improve };
      break;
    }
  }
  throw new StepError(`got '${line.trim()}'; possible: ${[...STEPS, ...POSTMORTEM_STEPS].join(', ')}`);
}

/** A step as it is typed: its fields, in their order. */
export const lineOf = (step: Step): string =>
  Object.values(step)
    .filter((each) => each !== null)
    .join(' ');

/** How an act on the stack is written, whoever did it and by whatever tool; undefined for what does nothing to it. */
export function actOf(step: Step): string | undefined {
  switch (step.kind) {
    case 'flag':
      return `flag ${step.flag} ${step.variant}`;
    // Of a process that is gone the two are one.
    case 'restart':
    case 'start':
      return `restart ${step.process}`;
    case 'approve':
      return `action ${step.action}`;
    default:
      return undefined;
  }
}

export class StepError extends Error {
  override readonly name = 'StepError';
}
