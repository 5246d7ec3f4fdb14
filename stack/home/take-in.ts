import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readIfThere } from '@aiops-sre/service-kit/files/read-if-there.ts';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';
import { homeFiles } from '@aiops-sre/service-kit/home/home.ts';
import type { FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { type HomeContent, type HomeContext, readHome } from './read-home.ts';
import { shippedFiles } from './shipped.ts';

/** Where components read what is shipped and what a home folder adds, together; each is written as a whole. */
export interface TakenInFolders {
  readonly rules: string;
  /** Of the home alone: addresses of the platform stand beside it. */
  readonly targets: string;
  readonly anomalyRules: string;
  readonly actions: string;
  readonly runbooks: string;
  readonly dashboards: string;
  /** Dashboards of the home alone, for a folder of their own in Grafana. */
  readonly homeDashboards: string;
}

export interface TakenIn {
  readonly content: HomeContent;
  /** Folders whose content is another now. */
  readonly changed: ReadonlySet<keyof TakenInFolders>;
  /** Feature flags of the home, which the responder may switch; undefined where it has none. */
  readonly flagsFile: string | undefined;
}

/**
 * Writes for each component what is shipped with what the home folder adds. What is broken there is left out and in
 * `content.problems`: it never keeps the rest, or the platform, from running.
 */
export async function takeInHome(context: HomeContext, folders: TakenInFolders): Promise<TakenIn> {
  const content = await readHome(context);
  const { parts } = content;
  const shipped = shippedFiles(context.shipped, context.demo);
  const together = (files: readonly string[], ...own: readonly ReadonlyMap<string, string>[]) =>
    new Map([
      ...files.map((file) => [basename(file), readFileSync(file, 'utf8')] as const),
      ...own.flatMap((each) => [...each]),
    ]);
  const wanted: Record<keyof TakenInFolders, ReadonlyMap<string, string>> = {
    rules: together(shipped.rules, parts.slos.files),
    targets: parts.targets.files,
    anomalyRules: together(shipped.anomalyRules, parts['anomaly-rules'].files),
    actions: together(shipped.actions, parts.actions.files),
    runbooks: together(shipped.runbooks, parts['on-call'].files, parts.runbooks.files),
    dashboards: together(shipped.dashboards),
    homeDashboards: parts.dashboards.files,
  };
  const changed = new Set<keyof TakenInFolders>();
  for (const [name, files] of Object.entries(wanted) as [keyof TakenInFolders, Map<string, string>][])
    if (await writeFolder(folders[name], files)) changed.add(name);
  const [flags] = parts.flags.files.keys();
  const flagsFile = homeFiles(context.home, 'flags').find((file) => basename(file) === flags);
  return { content, changed, flagsFile };
}

/** A line for people: what was taken in, and what was not. */
export function takenInLines(home: string, { counts, problems }: HomeContent): readonly string[] {
  const taken = countsInWords(counts);
  if (taken === '' && problems.length === 0) return [];
  return [
    `Home ${home}: ${taken || 'nothing taken in'}.`,
    ...(problems.length > 0
      ? [
          `  Left out, as something is wrong (${problems.length}); npm run check-home says how to mend it:`,
          ...problems.slice(0, 5).map((problem) => `  ${oneProblem(problem)}`),
          ...(problems.length > 5 ? [`  and ${problems.length - 5} more`] : []),
        ]
      : []),
  ];
}

/** `slos 2, runbooks 1`; empty where nothing was taken. */
export const countsInWords = (counts: HomeContent['counts']): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([part, count]) => `${part} ${count}`)
    .join(', ');

const oneProblem = ({ file, path, found }: FileProblem) =>
  `${[file, path].filter((part) => part !== '').join(': ')}: found ${found}`;

/** Makes `folder` hold these files and no others. @returns whether anything changed */
async function writeFolder(folder: string, files: ReadonlyMap<string, string>): Promise<boolean> {
  // A start before may have left a link into the checkout there.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(folder);
  mkdirSync(folder, { recursive: true });
  let changed = false;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (files.has(entry.name) && entry.isFile()) continue;
    rmSync(join(folder, entry.name), { recursive: true });
    changed = true;
  }
  for (const [name, content] of files) {
    const file = join(folder, name);
    if ((await readIfThere(file)) === content) continue;
    await writeAtomically(file, content);
    changed = true;
  }
  return changed;
}
