import type { AlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import type { FlagFile } from '../flags/flag-file.ts';
import type { RepositoryDispatcher } from '../github/repository-dispatcher.ts';
import type { ClusterApi } from '../kubernetes/cluster-api.ts';

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
  /** Back to what `prepare` saw. @returns how it ended, where that is something else */
  takeBack(undo: Undo, signal: AbortSignal): Promise<string | undefined>;
  /**
   * Whether it had its effect, where the world can be asked beside Prometheus: what is still to come, or undefined. Rejects
   * with a {@link TakenOverError} if it never will.
   */
  pending?(undo: Undo, signal: AbortSignal): Promise<string | undefined>;
}

/** Somebody else has changed since what a command changed: theirs stands. */
export class TakenOverError extends Error {
  override name = 'TakenOverError';
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
  /** undefined where no cluster is operated. */
  readonly cluster?: ClusterMeans | undefined;
}

export interface ClusterMeans {
  readonly api: ClusterApi;
  /** Where it may change something. */
  readonly namespaces: readonly string[];
  /** One of several operators does; the others only watch. */
  readonly leads: () => boolean;
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
