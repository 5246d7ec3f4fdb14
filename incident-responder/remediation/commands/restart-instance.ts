import { boundedText } from '@aiops-sre/service-kit/backends/bounded-text.ts';
import { z } from 'zod';
import type { CommandKind } from '../command.ts';
import { template } from '../placeholders.ts';

export const restartInstanceSchema = z.strictObject({
  kind: z.literal('restart-instance'),
  instance: template,
});

/** Asks an instance to end in good order; what watches over it (supervisor, restart policy) starts it again. */
export const restartInstance: CommandKind<z.infer<typeof restartInstanceSchema>> = {
  canRestore: false,
  describe: (spec, fill) => `restart ${fill(spec.instance)}`,
  command(spec, { fill, means: { instances, restartToken } }) {
    const instance = fill(spec.instance);
    function target(): { url: string; token: string } {
      const url = instances.get(instance);
      if (url === undefined || restartToken === undefined)
        throw new Error(`${instance}: is not among the instances that may be restarted`);
      return { url, token: restartToken };
    }
    return {
      async prepare() {
        target();
        return {};
      },
      async carryOut(signal) {
        const { url, token } = target();
        const response = await fetch(`${url}/operations/restart`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
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
  },
};
