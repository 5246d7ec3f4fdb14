import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BurnRateWindows } from '../model/burn-rate-windows.ts';
import { type DefinitionFile, type Definitions, readDefinitions } from '../reading/read-definitions.ts';
import { DEFAULT_LINK_BASES } from '../rules/links.ts';
import { isGenerated } from '../rules/rule-yaml.ts';
import { generateFiles } from './generate.ts';

/** Where the repository keeps its definitions and what is made from them. */
export interface RepositoryFolders {
  readonly definitions: string;
  readonly rules: string;
}

export function repositoryFolders(root: string): RepositoryFolders {
  return { definitions: join(root, 'slo', 'definitions'), rules: join(root, 'prometheus', 'rules') };
}

/** @throws FileError */
async function readDefinitionFolder(folder: string, windows?: BurnRateWindows): Promise<Definitions> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const files = names.map(
    async (file): Promise<DefinitionFile> => ({ file, text: await readFile(join(folder, file), 'utf8') }),
  );
  return readDefinitions(await Promise.all(files), windows);
}

/** Writes every generated file. @returns their paths */
export async function writeGenerated(folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) await writeFile(join(folder, name), content);
  return [...files.keys()].map((name) => join(folder, name));
}

/** What differs between the committed rules and those that the definitions give now, one line a file; empty when nothing does. */
export async function checkGenerated(
  folders: RepositoryFolders,
  windows?: BurnRateWindows,
): Promise<string[]> {
  const expected = generateFiles(
    await readDefinitionFolder(folders.definitions, windows),
    DEFAULT_LINK_BASES,
  );
  const problems: string[] = [];
  for (const [name, content] of expected) {
    const committed = await readFile(join(folders.rules, name), 'utf8').catch(() => undefined);
    if (committed === undefined) problems.push(`${name} is missing`);
    else if (committed !== content) problems.push(`${name} is not what the definitions give now`);
  }
  for (const name of await readdir(folders.rules))
    if (!expected.has(name) && isGenerated(await readFile(join(folders.rules, name), 'utf8')))
      problems.push(`${name} was generated from an SLO that is no longer defined`);
  return problems.sort();
}
