import type { FlagState } from '@aiops-sre/service-kit/flags/flag-document.ts';
import { z } from 'zod';
import type { CommandKind } from '../command.ts';

export const setFlagSchema = z.strictObject({
  kind: z.literal('set-flag'),
  flag: z.string().min(1),
  variant: z.string().min(1),
});

/** Makes a variant of a feature flag the default, where that decides what applications get. */
export const setFlag: CommandKind<z.infer<typeof setFlagSchema>> = {
  canRestore: true,
  describe: ({ flag, variant }) => `set flag ${flag} to ${variant}`,
  command({ flag, variant }, { means: { flags, onFlagChange } }) {
    async function stateNow(): Promise<FlagState> {
      const state = (await flags.read()).get(flag);
      if (state === undefined) throw new Error(`flag ${flag}: not there`);
      return state;
    }
    async function set(to: string | null) {
      onFlagChange(flag, to);
      await flags.setDefaultVariant(flag, to);
      const state = await stateNow();
      if (state.variant !== to)
        throw new Error(
          `flag ${flag}: set to ${to ?? 'no variant'}, evaluates to ${state.variant ?? state.because}`,
        );
    }
    return {
      async prepare() {
        const state = await stateNow();
        if (!state.variants.includes(variant)) throw new Error(`flag ${flag}: has no variant ${variant}`);
        if (state.targeting !== null)
          throw new Error(`flag ${flag}: ruled by targeting, its default variant alone decides nothing`);
        if (state.because === 'disabled')
          throw new Error(`flag ${flag}: DISABLED, its default variant decides nothing`);
        return state.variant === null ? {} : { variant: state.variant };
      },
      carryOut: () => set(variant),
      async takeBack(undo) {
        // Somebody else has changed it since: theirs stands.
        if ((await stateNow()).variant === variant) await set(undo.variant ?? null);
      },
    };
  },
};
