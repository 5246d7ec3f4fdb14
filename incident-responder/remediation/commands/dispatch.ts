import type { RepositoryDispatcher } from '../../github/repository-dispatcher.ts';
import type { Command } from '../command.ts';

export interface DispatchOptions {
  /** undefined where no repository is configured: the action then ends before anything is done. */
  readonly dispatcher: Pick<RepositoryDispatcher, 'dispatch'> | undefined;
  readonly eventType: string;
  readonly payload: Readonly<Record<string, string | boolean>>;
  /** Called once the event was accepted. */
  readonly onDispatched: (eventType: string) => void;
}

/** Starts a workflow by GitHub's repository_dispatch. */
export function dispatchEvent({ dispatcher, eventType, payload, onDispatched }: DispatchOptions): Command {
  return {
    description: `dispatch ${eventType}${payload.dry_run === true ? ' (dry run)' : ''}`,
    async prepare() {
      if (dispatcher === undefined) throw new Error('no repository is configured to dispatch to');
      return {};
    },
    async carryOut(signal) {
      await dispatcher?.dispatch({ eventType, payload: { ...payload } }, signal);
      onDispatched(eventType);
    },
    async takeBack() {
      throw new Error('a dispatched event cannot be taken back');
    },
  };
}
