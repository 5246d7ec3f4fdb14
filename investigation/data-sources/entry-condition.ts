import { ENTRY_SPAN_KINDS } from '@aiops-sre/conventions/semantic-attributes.ts';

/** TraceQL for spans with which a service answers somebody. */
export const ENTRY_CONDITION = `(${ENTRY_SPAN_KINDS.map((kind) => `kind = ${kind}`).join(' || ')})`;
