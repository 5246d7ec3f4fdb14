import type { FlagDocument } from '../../flags/flag-document.ts';
import type { Command } from '../command.ts';

export interface SetFlagOptions {
  readonly document: FlagDocument;
  readonly flag: string;
  readonly variant: string;
  /** Told before each change, so that it is not taken for somebody else's. */
  readonly onChange: (flag: string, variant: string) => void;
}

/** Makes a variant of a feature flag the default. */
export function setFlag({ document, flag, variant, onChange }: SetFlagOptions): Command {
  async function variantNow(): Promise<string> {
    const state = (await document.read()).get(flag);
    if (state === undefined) throw new Error(`flag ${flag}: not there`);
    if (!state.variants.includes(variant)) throw new Error(`flag ${flag}: has no variant ${variant}`);
    return state.variant;
  }
  return {
    description: `set flag ${flag} to ${variant}`,
    async prepare() {
      return { variant: await variantNow() };
    },
    async carryOut() {
      onChange(flag, variant);
      await document.setVariant(flag, variant);
    },
    async takeBack(undo) {
      // Somebody else has changed it since: theirs stands.
      if ((await variantNow()) !== variant || undo.variant === undefined) return;
      onChange(flag, undo.variant);
      await document.setVariant(flag, undo.variant);
    },
  };
}
