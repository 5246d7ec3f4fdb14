import type { Hook } from '@openfeature/server-sdk';
import { trace } from '@opentelemetry/api';

/**
 * Puts each evaluation on the active span: a slow or failing trace then shows which variant it ran with.
 * The names are literals because the conventions' incubating module is large to load for four of them.
 * @see https://opentelemetry.io/docs/specs/semconv/feature-flags/
 */
export const recordOnSpan: Hook = {
  finally(context, details) {
    trace.getActiveSpan()?.setAttributes({
      'feature_flag.key': details.flagKey,
      'feature_flag.provider.name': context.providerMetadata.name,
      'feature_flag.result.variant': details.variant ?? 'fallback',
      'feature_flag.result.reason': (details.reason ?? 'unknown').toLowerCase(),
    });
  },
};
