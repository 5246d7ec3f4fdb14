import { FlagdCore } from '@openfeature/flagd-core';
import type { EvaluationContext, JsonValue, Provider, ResolutionDetails } from '@openfeature/server-sdk';
import { z } from 'zod';

/** The outline; flagd-core checks each flag. Without this check it takes a document of another kind for "no flags". */
const documentSchema = z.object({ flags: z.record(z.string(), z.looseObject({})) });

interface FlagVariants {
  readonly flag: string;
  readonly variants: readonly string[];
  readonly current?: string;
}

/** OpenFeature provider over a document in flagd's format, evaluated in this process: no flag server is needed. */
export class FlagDocumentProvider implements Provider {
  readonly metadata = { name: 'flagd-document' };
  readonly runsOn = 'server';
  #core = new FlagdCore();

  /** Each flag with its variants and the one it has now; a targeting rule may give a request another. */
  variants(): readonly FlagVariants[] {
    return [...this.#core.getFlags()].map(([flag, { variants, defaultVariant }]) => ({
      flag,
      variants: [...variants.keys()],
      ...(defaultVariant && { current: defaultVariant }),
    }));
  }

  /**
   * Replaces all flags at once.
   *
   * @param document JSON in flagd's format
   * @returns the flags' keys
   * @throws {Error} saying what is wrong with it; the flags stay as they were
   */
  load(document: string): string[] {
    const outline = documentSchema.safeParse(JSON.parse(document));
    if (!outline.success) throw new Error(z.prettifyError(outline.error).replaceAll('\n', ' '));
    const core = new FlagdCore();
    core.setConfigurations(document);
    this.#core = core;
    return [...core.getFlags().keys()];
  }

  async resolveBooleanEvaluation(key: string, fallback: boolean, context: EvaluationContext) {
    return this.#core.resolveBooleanEvaluation(key, fallback, context);
  }

  async resolveStringEvaluation(key: string, fallback: string, context: EvaluationContext) {
    return this.#core.resolveStringEvaluation(key, fallback, context);
  }

  async resolveNumberEvaluation(key: string, fallback: number, context: EvaluationContext) {
    return this.#core.resolveNumberEvaluation(key, fallback, context);
  }

  async resolveObjectEvaluation<T extends JsonValue>(key: string, fallback: T, context: EvaluationContext) {
    return this.#core.resolveObjectEvaluation(key, fallback, context) as ResolutionDetails<T>;
  }
}
