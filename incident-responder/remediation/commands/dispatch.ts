import { z } from 'zod';
import type { CommandKind } from '../command.ts';
import { fillAll, template } from '../placeholders.ts';

export const dispatchSchema = z.strictObject({
  kind: z.literal('dispatch'),
  eventType: z.string().min(1).max(100),
  payload: z
    .record(z.string(), template)
    .refine((payload) => Object.keys(payload).length <= 9, 'expected 9 keys at most')
    .default({}),
});

/** Starts a workflow by GitHub's repository_dispatch. */
export const dispatch: CommandKind<z.infer<typeof dispatchSchema>> = {
  canRestore: false,
  describe: ({ eventType }, _fill, means) =>
    `dispatch ${eventType}${means?.dispatchDryRun ? ' (dry run)' : ''}`,
  command({ eventType, payload }, { fill, means }) {
    const { dispatcher, dispatchDryRun, onDispatched } = means;
    const filledPayload = { ...fillAll(payload, fill), ...(dispatchDryRun ? { dry_run: true } : {}) };
    return {
      async prepare() {
        if (dispatcher === undefined) throw new Error('no repository is configured to dispatch to');
        return {};
      },
      async carryOut(signal) {
        await dispatcher?.dispatch({ eventType, payload: filledPayload }, signal);
        onDispatched(eventType);
      },
      async takeBack() {
        throw new Error('a dispatched event cannot be taken back');
      },
    };
  },
};
