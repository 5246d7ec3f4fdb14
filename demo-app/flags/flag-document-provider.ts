import { type FlagDocument, readFlagDocument } from '@aiops-sre/service-kit/flags/flag-document.ts';
import type { EvaluationContext, JsonValue, Provider, ResolutionDetails } from '@openfeature/server-sdk';

/** OpenFeature provider over a document in flagd's format, evaluated in this process: no flag server is needed. */
export class FlagDocumentProvider implements Provider {
  readonly metadata = { name: 'flagd-document' };
  readonly runsOn = 'server';
  #document = readFlagDocument('{"flags":{}}');

  /** Replaces all flags at once. */
  load(document: FlagDocument): void {
    this.#document = document;
  }

  async resolveBooleanEvaluation(key: string, fallback: boolean, context: EvaluationContext) {
    return this.#document.core.resolveBooleanEvaluation(key, fallback, context);
  }

  async resolveStringEvaluation(key: string, fallback: string, context: EvaluationContext) {
    return this.#document.core.resolveStringEvaluation(key, fallback, context);
  }

  async resolveNumberEvaluation(key: string, fallback: number, context: EvaluationContext) {
    return this.#document.core.resolveNumberEvaluation(key, fallback, context);
  }

  async resolveObjectEvaluation<T extends JsonValue>(key: string, fallback: T, context: EvaluationContext) {
    return this.#document.core.resolveObjectEvaluation(key, fallback, context) as ResolutionDetails<T>;
  }
}
