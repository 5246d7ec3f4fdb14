import { z } from 'zod';
import type { Command, CommandKind, CommandMeans } from './command.ts';
import { cordon, cordonSchema } from './commands/cordon.ts';
import { dispatch, dispatchSchema } from './commands/dispatch.ts';
import { restartInstance, restartInstanceSchema } from './commands/restart-instance.ts';
import { restartPod, restartPodSchema } from './commands/restart-pod.ts';
import { rollBack, rollBackSchema } from './commands/roll-back.ts';
import { scale, scaleSchema } from './commands/scale.ts';
import { setFlag, setFlagSchema } from './commands/set-flag.ts';
import { setLimit, setLimitSchema } from './commands/set-limit.ts';
import { silence, silenceSchema } from './commands/silence-alerts.ts';
import { fill, filled } from './placeholders.ts';

/** A command as an action's file asks for it. */
export const commandSchema = z.discriminatedUnion('kind', [
  setFlagSchema,
  dispatchSchema,
  restartInstanceSchema,
  silenceSchema,
  setLimitSchema,
  rollBackSchema,
  scaleSchema,
  restartPodSchema,
  cordonSchema,
]);
export type CommandSpec = z.infer<typeof commandSchema>;

const KINDS: { readonly [Kind in CommandSpec['kind']]: CommandKind<Extract<CommandSpec, { kind: Kind }>> } = {
  'set-flag': setFlag,
  dispatch,
  'restart-instance': restartInstance,
  silence,
  'set-limit': setLimit,
  'roll-back': rollBack,
  scale,
  'restart-pod': restartPod,
  cordon,
};

type Parameters = Readonly<Record<string, string>>;

// That a spec and its own kind belong together is more than the type system can follow.
const kindOf = ({ kind }: CommandSpec) => KINDS[kind] as CommandKind<CommandSpec>;

export const canRestore = (spec: CommandSpec): boolean => kindOf(spec).canRestore;

/** What a command would do, for people; unlike the command itself it may be described with values that are refused. */
export function describeCommand(spec: CommandSpec, parameters: Parameters): string {
  const show = (template: string) => filled(template, (name) => parameters[name] ?? `{{${name}}}`);
  return kindOf(spec).describe(spec, show);
}

/**
 * The command that an action's file asks for, filled in.
 *
 * @throws Error if a placeholder has no value, or one that is more than a plain name.
 */
export function commandFor(
  spec: CommandSpec,
  parameters: Parameters,
  runId: number,
  means: CommandMeans,
): Command {
  const fillIn = (template: string) => fill(template, parameters);
  return {
    description: kindOf(spec).describe(spec, fillIn, means),
    ...kindOf(spec).command(spec, { fill: fillIn, runId, means }),
  };
}
