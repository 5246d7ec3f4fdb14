import { boundedText } from '@aiops-sre/service-kit/backends/bounded-text.ts';
import type { Command } from '../command.ts';

/** Base URLs of the instances that may be restarted, by name. Nothing else can be reached with the token. */
export type RestartableInstances = ReadonlyMap<string, string>;

export interface RestartInstanceOptions {
  readonly instances: RestartableInstances;
  readonly token: string | undefined;
  readonly instance: string;
}

/** Asks an instance to end in good order; what watches over it (supervisor, restart policy) starts it again. */
export function restartInstance({ instances, token, instance }: RestartInstanceOptions): Command {
  function target(): { url: string; token: string } {
    const url = instances.get(instance);
    if (url === undefined || token === undefined)
      throw new Error(`${instance}: is not among the instances that may be restarted`);
    return { url, token };
  }
  return {
    description: `restart ${instance}`,
    async prepare() {
      target();
      return {};
    },
    async carryOut(signal) {
      const { url, token: bearer } = target();
      const response = await fetch(`${url}/operations/restart`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}` },
        redirect: 'error',
        signal,
      });
      await boundedText(response, 10_000);
      if (response.status !== 202) throw new Error(`${instance}: HTTP ${response.status} to a restart`);
    },
    async takeBack() {
      throw new Error('a restart cannot be taken back');
    },
  };
}
