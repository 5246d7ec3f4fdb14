import type { AlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import type { FlagFile } from '../flags/flag-file.ts';
import type { RepositoryDispatcher } from '../github/repository-dispatcher.ts';

/** What a command must know to be taken back, as JSON; stored before it is carried out. */
export type Undo = Readonly<Record<string, string>>;

/**
 * Something that is done to the world. `carryOut` and `takeBack` may be called again after a crash, and then do nothing
 * a second time, or the same thing to the same end. None of them passes a string to a shell.
 */
export interface Command {
  /** For people, one line. */
  readonly description: string;
  /** Looks only. Rejects if the command could not be carried out, or its undoing not be known. */
  prepare(signal: AbortSignal): Promise<Undo>;
  carryOut(signal: AbortSignal): Promise<void>;
  /** Back to what `prepare` saw. */
  takeBack(undo: Undo, signal: AbortSignal): Promise<void>;
}

/** Base URLs of the instances that may be restarted, by name. Nothing else can be reached with the token. */
type RestartableInstances = ReadonlyMap<string, string>;

/** Everything that commands reach the world through. */
export interface CommandMeans {
  readonly flags: FlagFile;
  /** Told before each change, so that it is not taken for somebody else's. */
  readonly onFlagChange: (flag: string, variant: string | null) => void;
  readonly alertmanager: AlertmanagerClient;
  /** undefined where no repository is configured: the action then ends before anything is done. */
  readonly dispatcher: Pick<RepositoryDispatcher, 'dispatch'> | undefined;
  /** Called once the event was accepted. */
  readonly onDispatched: (eventType: string) => void;
  /** Workflows that are dispatched only say what they would do. */
  readonly dispatchDryRun: boolean;
  readonly instances: RestartableInstances;
  readonly restartToken: string | undefined;
}

/** Puts values in for a text's placeholders. */
type Fill = (template: string) => string;

/** One `kind` of command in an action's file: all there is to know about it. */
export interface CommandKind<Spec> {
  /** Whether `rollback: restore` puts back what it changed. */
  readonly canRestore: boolean;
  /** For people, one line; without `means` as the file says it. */
  describe(spec: Spec, fill: Fill, means?: CommandMeans): string;
  /** @throws Error if a placeholder has no value, or one that is more than a plain name. */
  command(
    spec: Spec,
    context: { fill: Fill; runId: number; means: CommandMeans },
  ): Omit<Command, 'description'>;
}
