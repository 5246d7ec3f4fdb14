import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** The outline of a document in flagd's format. `metadata.service`: whose answers the flag changes. */
const documentSchema = z.looseObject({
  flags: z.record(
    z.string(),
    z.looseObject({
      variants: z.record(z.string(), z.unknown()),
      defaultVariant: z.string(),
      metadata: z.looseObject({ service: z.string().optional() }).optional(),
    }),
  ),
});

export interface FlagState {
  readonly variant: string;
  readonly variants: readonly string[];
  readonly service: string | undefined;
}

export interface FlagDocument {
  /** Rejects with an Error that names the file, if it can't be read or is of another form. */
  read(): Promise<ReadonlyMap<string, FlagState>>;
  /**
   * Makes another of a flag's variants the default, and touches nothing else. Where the folder lets it, the file is
   * replaced at once: a reader sees the one or the other document.
   */
  setVariant(flag: string, variant: string): Promise<void>;
}

export function openFlagDocument(file: string): FlagDocument {
  async function load() {
    try {
      return documentSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (cause) {
      throw new Error(`${file}: cannot be read as a flag document: ${(cause as Error).message}`, { cause });
    }
  }
  return {
    async read() {
      const { flags } = await load();
      return new Map(
        Object.entries(flags).map(([key, { variants, defaultVariant, metadata }]) => [
          key,
          { variant: defaultVariant, variants: Object.keys(variants), service: metadata?.service },
        ]),
      );
    },
    async setVariant(key, variant) {
      const document = await load();
      const flag = Object.hasOwn(document.flags, key) ? document.flags[key] : undefined;
      if (flag === undefined) throw new Error(`${file}: flag ${key}: not there`);
      if (!Object.hasOwn(flag.variants, variant))
        throw new Error(
          `${file}: flag ${key}: expected one of ${Object.keys(flag.variants).join(', ')}, got ${variant}`,
        );
      if (flag.defaultVariant === variant) return;
      flag.defaultVariant = variant;
      await replace(file, `${JSON.stringify(document, undefined, 2)}\n`);
    },
  };
}

/** What says that there is nothing beside the file to write to, or that it is a mount of its own. */
const ALONE = new Set(['EROFS', 'EACCES', 'EPERM', 'EBUSY', 'EXDEV']);

async function replace(file: string, content: string): Promise<void> {
  const beside = `${file}.${process.pid}.new`;
  try {
    await writeFile(beside, content);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    if (!ALONE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    // A container may be given the file alone: the least that lets it change a flag.
    await writeFile(file, content);
  }
}
