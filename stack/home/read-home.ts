import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { type HomeReceiver, readHomeReceivers } from '@aiops-sre/alertmanager/home-receivers.ts';
import { readEffectiveConfiguration } from '@aiops-sre/alertmanager/notification-channels.ts';
import { HOME_PARTS, type HomePart, homeFiles } from '@aiops-sre/service-kit/home/home.ts';
import type { FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { DEFAULT_LINK_BASES, type LinkBases } from '@aiops-sre/slo/rules/links.ts';
import { execa } from 'execa';
import type { PartContent } from './part.ts';
import { readHomeActions } from './parts/actions.ts';
import { readHomeAnomalyRules } from './parts/anomaly-rules.ts';
import { readHomeCalendars } from './parts/calendars.ts';
import { readHomeDashboards } from './parts/dashboards.ts';
import { readHomeFlags } from './parts/flags.ts';
import { readHomePages } from './parts/pages.ts';
import { readHomeRoster } from './parts/roster.ts';
import { readHomeSlos } from './parts/slos.ts';
import { readHomeTargets } from './parts/targets.ts';
import { type ShippedFolders, shippedFiles, shippedSlos } from './shipped.ts';

/** As many files of a folder are read; more is a mistake. */
const MOST_FILES = 500;
/** Beside its folders: what a repository of one's own has. */
const FREE_NAMES = /^(\..*|README.*|LICENSE.*|CHANGELOG.*|Makefile|scripts|docs)$/i;

export interface HomeContext {
  /** The home folder; it need not be there. */
  readonly home: string;
  readonly shipped: ShippedFolders;
  /** Whether the demo's definitions are beside it, whose names are taken then. */
  readonly demo: boolean;
  /** Where alerts lead. */
  readonly links?: LinkBases;
  /** Checkers of Prometheus and Alertmanager, where they are at hand. */
  readonly promtool?: string | undefined;
  readonly amtool?: string | undefined;
}

/** Everything of a home folder that can be used, and all that is wrong with the rest. */
export interface HomeContent {
  readonly parts: Readonly<Record<Exclude<HomePart, 'receivers'>, PartContent>>;
  readonly receivers: readonly HomeReceiver[];
  readonly problems: readonly FileProblem[];
  /** Files of each folder that are taken, but for slos: there, SLOs. */
  readonly counts: Readonly<Record<HomePart, number>>;
}

/** Reads a home folder as a whole. What is broken is left out and said; nothing is written. Never rejects for what it holds. */
export async function readHome(context: HomeContext): Promise<HomeContent> {
  const { home, shipped, demo, promtool, amtool } = context;
  const problems: FileProblem[] = [...strangers(home)];
  const files = (part: HomePart): readonly string[] => {
    const all = homeFiles(home, part);
    if (all.length > MOST_FILES)
      problems.push({
        file: join(home, part),
        path: '',
        found: `${all.length} files`,
        possible: `at most ${MOST_FILES}: the first ones are read`,
      });
    return all.slice(0, MOST_FILES);
  };
  const { anomalyRules, actions, dashboards } = shippedFiles(shipped, demo);
  const runbooks = readHomePages(files('runbooks'), new Map());
  const onCall = files('on-call');
  const roster = readHomeRoster(onCall.filter((file) => !file.endsWith('.md')));
  const parts: HomeContent['parts'] = {
    slos: await readHomeSlos({
      files: files('slos'),
      taken: demo ? shippedSlos() : [],
      links: context.links ?? DEFAULT_LINK_BASES,
      prometheusFile: shipped.prometheusFile,
      promtool,
    }),
    'anomaly-rules': readHomeAnomalyRules(files('anomaly-rules'), anomalyRules),
    calendars: await readHomeCalendars(files('calendars')),
    actions: readHomeActions(files('actions'), actions),
    dashboards: readHomeDashboards(files('dashboards'), dashboards),
    flags: readHomeFlags(files('flags')),
    targets: readHomeTargets(files('targets')),
    runbooks,
    'on-call': readHomePages(
      onCall.filter((file) => file.endsWith('.md')),
      new Map([...runbooks.files.keys()].map((name) => [name, `runbooks/${name}`])),
    ),
  };
  const read = readHomeReceivers({ home, alertmanagerDir: shipped.alertmanager });
  const checked = await checkedReceivers(read.receivers, shipped.alertmanager, amtool);
  problems.push(
    ...Object.values(parts).flatMap((part) => part.problems),
    ...roster.problems,
    ...read.problems,
    ...checked.problems,
  );
  return {
    parts,
    receivers: checked.receivers,
    problems,
    counts: {
      ...(Object.fromEntries(
        Object.entries(parts).map(([part, { files: taken }]) => [part, taken.size]),
      ) as Record<Exclude<HomePart, 'receivers'>, number>),
      'on-call': parts['on-call'].files.size + roster.files.size,
      receivers: checked.receivers.length,
    },
  };
}

/** Folders and files of which nobody would know why they do nothing. */
function strangers(home: string): readonly FileProblem[] {
  if (!existsSync(home)) return [];
  if (!statSync(home).isDirectory())
    return [{ file: home, path: '', found: 'no folder', possible: 'the folder of npm run init-home' }];
  const names = Object.keys(HOME_PARTS);
  const above = readdirSync(home)
    .filter((name) => !names.includes(name) && !FREE_NAMES.test(name))
    .map((name) => ({ file: join(home, name), path: '', found: name, possible: names.join(', ') }));
  const inside = Object.entries(HOME_PARTS).flatMap(([part, endings]) => {
    const folder = join(home, part);
    if (!existsSync(folder)) return [];
    if (!statSync(folder).isDirectory())
      return [{ file: folder, path: '', found: 'no folder', possible: 'a folder of files' }];
    return readdirSync(folder, { withFileTypes: true })
      .filter(
        (entry) =>
          !entry.isDirectory() &&
          !entry.name.startsWith('.') &&
          !/^README|\.example$/.test(entry.name) &&
          !(endings as readonly string[]).includes(extname(entry.name)),
      )
      .map(({ name }) => ({
        file: join(folder, name),
        path: '',
        found: `the ending ${extname(name) || 'of none'}`,
        possible: `${endings.join(', ')}, or .example for what is not to be read`,
      }));
  });
  return [...above, ...inside];
}

/** Receivers that amtool takes, each beside the shipped ones; all where there is no amtool. */
async function checkedReceivers(
  receivers: readonly HomeReceiver[],
  alertmanagerDir: string,
  amtool: string | undefined,
): Promise<{ receivers: readonly HomeReceiver[]; problems: readonly FileProblem[] }> {
  if (amtool === undefined || receivers.length === 0) return { receivers, problems: [] };
  const folder = await mkdtemp(join(tmpdir(), 'home-receivers-'));
  const problems: FileProblem[] = [];
  const taken: HomeReceiver[] = [];
  try {
    for (const receiver of receivers) {
      const { text } = readEffectiveConfiguration({ alertmanagerDir, secretsDir: folder, home: [receiver] });
      // Templates are looked for beside the file.
      const file = join(folder, '.alertmanager.yml');
      await writeFile(file, text.replaceAll('templates/', `${resolve(alertmanagerDir, 'templates')}/`));
      const { failed, all } = await execa(amtool, ['check-config', file], {
        all: true,
        reject: false,
        timeout: 30_000,
        cwd: alertmanagerDir,
      });
      if (!failed) taken.push(receiver);
      else
        problems.push({
          file: receiver.file,
          path: '',
          found: `what amtool refuses: ${refusal(String(all))}`,
          possible: 'settings of https://prometheus.io/docs/alerting/latest/configuration/',
        });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { receivers: taken, problems };
}

const refusal = (output: string): string =>
  output
    .split('\n')
    .map((line) => line.trim().replace(/^amtool: error: /, ''))
    .filter((line) => line !== '' && !/^Checking|^failed to validate/.test(line))
    .map((line) => line.replace(/^.*FAILED: /, ''))
    .slice(0, 2)
    .join('; ') || 'no reason given';
