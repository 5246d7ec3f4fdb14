import type { Command } from '../command.ts';

/** Starts a workflow elsewhere: GitHub's repository_dispatch. Resolves once it was accepted; retries are its own. */
export interface Dispatcher {
  dispatch(eventType: string, payload: Readonly<Record<string, string>>): Promise<void>;
}

export interface DispatchOptions {
  /** undefined where none is configured: the action then ends before anything is done. */
  readonly dispatcher: Dispatcher | undefined;
  readonly eventType: string;
  readonly payload: Readonly<Record<string, string>>;
}

export function dispatchEvent({ dispatcher, eventType, payload }: DispatchOptions): Command {
  return {
    description: `dispatch ${eventType}`,
    async prepare() {
      if (dispatcher === undefined) throw new Error('no repository is configured to dispatch to');
      return {};
    },
    async carryOut() {
      await dispatcher?.dispatch(eventType, payload);
    },
    async takeBack() {
      throw new Error('a dispatched event cannot be taken back');
    },
  };
}
