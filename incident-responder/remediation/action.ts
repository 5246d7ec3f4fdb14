import { z } from 'zod';
import { VERDICT_SOURCES, VERDICTS } from '../incidents/incident.ts';
import type { RunState } from './run-states.ts';

/** SAFE runs by itself, REQUIRES_APPROVAL waits for a person, FORBIDDEN only ever says that it would have matched. */
export const ACTION_CLASSES = ['SAFE', 'REQUIRES_APPROVAL', 'FORBIDDEN'] as const;
export type ActionClass = (typeof ACTION_CLASSES)[number];

/** `shadow` goes through every check and then only records what it would have done. */
export const ACTION_MODES = ['shadow', 'live'] as const;
type ActionMode = (typeof ACTION_MODES)[number];

const approvalSchema = z.object({
  decision: z.enum(['approved', 'rejected']),
  by: z.string(),
  atMs: z.number(),
  note: z.string(),
});
export type Approval = z.infer<typeof approvalSchema>;

const runVerdictSchema = z.object({
  verdict: z.enum(VERDICTS),
  by: z.string(),
  source: z.enum(VERDICT_SOURCES),
  atMs: z.number(),
});
/** Whether it was the right thing to do. */
type RunVerdict = z.infer<typeof runVerdictSchema>;

/** One time that an action matched an incident. Times in milliseconds since the epoch. */
export interface ActionRun {
  readonly id: number;
  readonly incidentId: number;
  /** Name of the action's file. */
  readonly action: string;
  readonly title: string;
  readonly class: ActionClass;
  readonly mode: ActionMode;
  readonly state: RunState;
  /** Who proposed it, where that was not the responder itself: it waits for a person, whatever its class. */
  readonly proposedBy?: string | undefined;
  /** Why it is in this state, for people. */
  readonly reason: string;
  /** Of the hypothesis it acts on, 0..1. */
  readonly confidence: number;
  /** What the command is done to: values from labels, checked. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What it does, for people: `set flag experimental-identity-provider to off`. */
  readonly command: string;
  readonly verification: {
    readonly query: string;
    readonly outcome: 'passed' | 'failed' | 'unverified' | null;
  };
  readonly approvals: readonly Approval[];
  readonly judged?: RunVerdict | undefined;
  readonly createdAtMs: number;
  /** When a scheduled run comes due. */
  readonly dueAtMs: number | null;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
}
