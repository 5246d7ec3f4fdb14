import { open } from 'node:fs/promises';
import { TemplateMiner } from '@aiops-sre/investigation/logs/template-miner.ts';

export interface FileTemplates {
  /** The most frequent first. Ids count from 1 in the order in which the file has them. */
  readonly templates: readonly { readonly id: number; readonly lines: number; readonly template: string }[];
  /** By line; undefined where a line is blank. */
  readonly idOfLine: readonly (number | undefined)[];
}

/** The templates of a file's lines. @throws the file system's error, with the path */
export async function fileTemplates(path: string): Promise<FileTemplates> {
  const miner = new TemplateMiner({ mostShapes: Number.POSITIVE_INFINITY });
  const file = await open(path);
  const shapes = [];
  for await (const line of file.readLines({ encoding: 'utf8' })) shapes.push(miner.add(line));
  const templateOf = miner.templates();
  const known = new Map<string, { id: number; lines: number; template: string }>();
  const idOfLine = shapes.map((shape) => {
    const template = shape && templateOf.get(shape);
    if (template === undefined) return undefined;
    const entry = known.get(template) ?? { id: known.size + 1, lines: 0, template };
    known.set(template, entry);
    entry.lines += 1;
    return entry.id;
  });
  return { templates: [...known.values()].toSorted((one, other) => other.lines - one.lines), idOfLine };
}
