import { FlagdCore } from '@openfeature/flagd-core';
import { z } from 'zod';

const flagSchema = z.looseObject({ targeting: z.unknown().optional() });
/**
 * The outline; flagd-core checks each flag. Without this check it takes a document of another kind for "no flags", and the
 * positions of a list for the flags' keys.
 * @see https://flagd.dev/reference/flag-definitions/
 */
const mapSchema = z.looseObject({ flags: z.record(z.string(), flagSchema) });
const listSchema = z.looseObject({ flags: z.array(flagSchema.extend({ key: z.string().min(1) })) });

/** A flag as an application without any evaluation context meets it now. */
export interface FlagState {
  /** null where the document leaves it to the application's own default: `because` says why. */
  readonly variant: string | null;
  /** Of that variant, as JSON; null beside a variant of null. */
  readonly value: string | null;
  readonly because: 'default variant' | 'targeting' | 'disabled' | 'no default variant' | 'error';
  /** Its targeting rule as JSON, which may give another evaluation another variant; null without one. */
  readonly targeting: string | null;
  readonly variants: readonly string[];
  /** Whose answers it changes: `metadata.service`. */
  readonly service: string | undefined;
}

export interface FlagDocument {
  /** Evaluates, with a context too. */
  readonly core: FlagdCore;
  readonly flags: ReadonlyMap<string, FlagState>;
}

/**
 * Reads a document in flagd's format: `flags` by key or as a list, `$evaluators`, flags that are disabled or have no
 * default variant. Applications and whoever watches them read flags by this alone.
 *
 * @throws Error saying what is wrong with it
 */
export function readFlagDocument(text: string): FlagDocument {
  const document = outlineOf(text);
  const core = new FlagdCore();
  try {
    core.setConfigurations(JSON.stringify({ ...document, flags: byKey(document) }));
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Error(cause instanceof Error ? `${message}: ${cause.message}` : message, { cause: error });
  }
  const outlines = byKey(document);
  const flags = [...core.getFlags().keys()].map((key) => [key, stateOf(core, key, outlines[key])] as const);
  return { core, flags: new Map(flags) };
}

/**
 * `text` with another default variant of one flag, or none where `variant` is null, and nothing else changed.
 *
 * @throws Error if the flag or the variant is not there
 */
export function withDefaultVariant(text: string, key: string, variant: string | null): string {
  const { flags } = readFlagDocument(text);
  const known = flags.get(key)?.variants;
  if (known === undefined) throw new Error(`flag ${key}: not there`);
  if (variant !== null && !known.includes(variant))
    throw new Error(`flag ${key}: expected one of ${known.join(', ')}, got ${variant}`);
  const document = outlineOf(text);
  const outline = byKey(document)[key] as Record<string, unknown>;
  if (variant === null) delete outline.defaultVariant;
  else outline.defaultVariant = variant;
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

type Outline = z.infer<typeof mapSchema> | z.infer<typeof listSchema>;

function outlineOf(text: string): Outline {
  const json = JSON.parse(text) as { flags?: unknown } | null;
  const result = (Array.isArray(json?.flags) ? listSchema : mapSchema).safeParse(json);
  if (!result.success) throw new Error(z.prettifyError(result.error).replaceAll('\n', ' '));
  return result.data;
}

function byKey({ flags }: Outline): Readonly<Record<string, z.infer<typeof flagSchema>>> {
  return Array.isArray(flags) ? Object.fromEntries(flags.map((flag) => [flag.key, flag])) : flags;
}

function stateOf(core: FlagdCore, key: string, outline: z.infer<typeof flagSchema> | undefined): FlagState {
  const flag = core.getFlag(key)!;
  const targeting =
    Object.keys(outline?.targeting ?? {}).length > 0 ? JSON.stringify(outline?.targeting) : null;
  const { service } = flag.metadata;
  const common = {
    targeting,
    variants: [...flag.variants.keys()],
    service: typeof service === 'string' ? service : undefined,
  };
  const left = (because: FlagState['because']): FlagState => ({
    ...common,
    variant: null,
    value: null,
    because,
  });
  if (flag.state === 'DISABLED') return left('disabled');
  const { reason, variant, value } = flag.evaluate({});
  if (reason === 'ERROR') return left('error');
  if (variant === undefined) return left('no default variant');
  const because = reason === 'TARGETING_MATCH' ? 'targeting' : 'default variant';
  return { ...common, variant, value: JSON.stringify(value), because };
}
