import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { initHome } from './init.ts';
import { readHome } from './read-home.ts';
import { shippedFolders } from './shipped.ts';
import { type TakenInFolders, takeInHome, takenInLines } from './take-in.ts';

const root = join(import.meta.dirname, '..', '..');
/** Set by `npm test`. */
const { PROMTOOL: promtool, AMTOOL: amtool } = process.env;

let folder: string;
let home: string;
let folders: TakenInFolders;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'home-'));
  home = join(folder, 'my');
  const out = (name: string) => join(folder, 'out', name);
  folders = {
    rules: out('rules'),
    targets: out('targets'),
    anomalyRules: out('anomaly-rules'),
    actions: out('actions'),
    runbooks: out('runbooks'),
    dashboards: out('dashboards'),
    homeDashboards: out('my-dashboards'),
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As `npm run init-home` leaves it, with each example under the name that it is read by. */
function exampleHome(): void {
  initHome(home);
  for (const part of readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    for (const name of readdirSync(join(home, part.name)))
      write(
        join(part.name, name.replace(/\.example$/, '')),
        readFileSync(join(home, part.name, name), 'utf8'),
      );
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}

const read = () => readHome({ home, shipped: shippedFolders(root), demo: true, promtool, amtool });
const takeIn = (demo = true) =>
  takeInHome({ home, shipped: shippedFolders(root), demo, promtool, amtool }, folders);
const found = async () =>
  (await read()).problems.map(({ file, path, found }) => [file.slice(home.length + 1), path, found]);

describe('a home folder', () => {
  test('need not be there', async () => {
    const { content } = await takeIn();
    expect(content.problems).toEqual([]);
    expect(takenInLines(home, content)).toEqual([]);
    expect(readdirSync(folders.rules)).toContain('platform.rules.yml');
  });

  test('is made with examples that hold, once they are called so', async () => {
    exampleHome();
    const { problems, counts } = await read();
    expect(problems).toEqual([]);
    for (const [part, count] of Object.entries(counts))
      if (part !== 'calendars') expect(count, part).toBe(part === 'on-call' ? 2 : 1);
  });

  test('that is there already is not made anew', () => {
    initHome(home);
    write('README.md', 'ours');
    rmSync(join(home, 'slos'), { recursive: true });
    expect(initHome(home)).toEqual(['slos/shop.yaml.example']);
    expect(readFileSync(join(home, 'README.md'), 'utf8')).toBe('ours');
  });

  test('stands beside what is shipped, for each component', async () => {
    exampleHome();
    const { content } = await takeIn();
    expect(content.problems).toEqual([]);
    expect(readdirSync(folders.rules)).toEqual(
      expect.arrayContaining([
        'shop-availability.rules.yml',
        'storefront-availability.rules.yml',
        'outages.rules.yml',
      ]),
    );
    const rules = readFileSync(join(folders.rules, 'shop-availability.rules.yml'), 'utf8');
    expect(rules).toContain('runbook_url: http://127.0.0.1:8091/runbooks/ErrorBudgetBurn.md');
    expect(rules).toContain('dashboard_url: http://127.0.0.1:3001/d/slo-detail?var-slo=shop-availability');
    expect(readdirSync(folders.anomalyRules)).toEqual(expect.arrayContaining(['demo.yaml', 'shop.yaml']));
    expect(readdirSync(folders.actions)).toContain('silence-shop.yaml');
    expect(readdirSync(folders.runbooks)).toEqual(
      expect.arrayContaining(['ErrorBudgetBurn.md', 'ShopQueueFull.md', 'shop.md']),
    );
    expect(readdirSync(folders.homeDashboards)).toEqual(['shop.json']);
    expect(JSON.parse(readFileSync(join(folders.targets, 'shop.json.json'), 'utf8'))[0].labels.service).toBe(
      'shop',
    );
  });

  test('changes what it names, and only that is said to have changed', async () => {
    exampleHome();
    await takeIn();
    expect([...(await takeIn()).changed]).toEqual([]);
    rmSync(join(home, 'slos', 'shop.yaml'));
    write('runbooks/ErrorBudgetBurn.md', '# Ours');
    const { changed } = await takeIn();
    expect([...changed].toSorted()).toEqual(['rules', 'runbooks']);
    expect(readdirSync(folders.rules)).not.toContain('shop-availability.rules.yml');
    expect(readFileSync(join(folders.runbooks, 'ErrorBudgetBurn.md'), 'utf8')).toBe('# Ours');
  });

  test('never writes into the checkout, where a link of an earlier start leads', async () => {
    exampleHome();
    mkdirSync(dirname(folders.rules), { recursive: true });
    symlinkSync(join(root, 'prometheus', 'rules'), folders.rules);
    const before = readdirSync(join(root, 'prometheus', 'rules'));
    await takeIn(false);
    expect(readdirSync(join(root, 'prometheus', 'rules'))).toEqual(before);
    const { stdout } = await execa('git', ['check-ignore', 'my', 'my/slos/shop.yaml'], { cwd: root });
    expect(stdout.split('\n')).toEqual(['my', 'my/slos/shop.yaml']);
  });
});

describe('without the demo', () => {
  test('no rule, action or dashboard of a demo service is there', async () => {
    await takeIn(false);
    expect(readdirSync(folders.rules)).toEqual([
      'host.rules.yml',
      'outages.rules.yml',
      'platform.rules.yml',
      'services.rules.yml',
    ]);
    expect(readdirSync(folders.actions)).toContain('raise-memory-limit.yaml');
    expect(readdirSync(folders.actions)).not.toContain('shed-load.yaml');
    expect(readdirSync(folders.anomalyRules)).not.toContain('demo.yaml');
    for (const demo of ['application', 'checkout', 'database', 'fulfillment'])
      expect(readdirSync(folders.dashboards)).not.toContain(`${demo}.json`);
    expect(readdirSync(folders.dashboards)).toContain('slo-overview.json');
  });

  test('names of the demo’s SLOs are free', async () => {
    const definition = readFileSync(join(root, 'stack/home/template/slos/shop.yaml.example'), 'utf8');
    write('slos/a.yaml', definition.replace('shop-availability', 'storefront-availability'));
    expect(await found()).toEqual([['slos/a.yaml', 'metadata.name', '"storefront-availability"']]);
    const { content } = await takeIn(false);
    expect(content.problems).toEqual([]);
  });
});

describe('a broken file is left out and said, and the rest works', () => {
  test.each([
    ['slos/broken.yaml', 'kind: [', ''],
    ['slos/broken.yaml', 'kind: SLOO\n', 'kind'],
    ['anomaly-rules/broken.yaml', 'version: 1\nrules: [{ name: a }]\n', 'rules[0].query'],
    [
      'anomaly-rules/twin.yaml',
      readFileSync(join(root, 'stack/home/template/anomaly-rules/shop.yaml.example'), 'utf8'),
      'rules',
    ],
    ['actions/broken.yaml', 'title: x\n', 'class'],
    ['receivers/broken.yml', 'joins: [nobody]\nwebhook_configs: [{ url_file: a }]\n', 'joins[0]'],
    ['receivers/broken.yml', 'joins: [page]\nwebhook_config: []\n', 'webhook_config'],
    ['dashboards/broken.json', '{"panels":[]}', 'title'],
    ['dashboards/broken.json', '{"title":"x","uid":"slo-overview"}', 'uid'],
    ['flags/broken.json', '[]', ''],
    ['targets/broken.json', '[{"targets":["nowhere"],"labels":{"service":"a"}}]', '[0].targets[0]'],
    ['targets/broken.yaml', '- targets: [a:1]\n', 'labels.service'],
    ['runbooks/broken name.md', '# x', ''],
    ['on-call/broken.md', '  \n', ''],
    ['calendars/broken.ics', 'BEGIN:', ''],
    ['sols/a.yaml', '', ''],
    ['slos/notes.txt', 'x', ''],
  ])('%s: %j', async (path, text, where) => {
    exampleHome();
    write(path, text);
    const { problems, counts } = await read();
    expect(problems.length).toBeGreaterThan(0);
    const isAlone = new Set(problems.map(({ file }) => file)).size === 1;
    expect(isAlone && problems[0]!.file).toBe(join(home, path.startsWith('sols') ? 'sols' : path));
    expect(problems.map((problem) => problem.path)).toContain(where);
    for (const part of ['slos', 'anomaly-rules', 'actions', 'receivers', 'dashboards', 'targets'] as const)
      expect(counts[part], part).toBe(1);
  });

  test('an action whose undoing names one that is left out is left out, too', async () => {
    exampleHome();
    const action = readFileSync(join(home, 'actions', 'silence-shop.yaml'), 'utf8');
    write('actions/undo.yaml', `${action}undoes: gone\n`);
    write('actions/undo-that.yaml', `${action}undoes: undo\n`);
    expect(await found()).toEqual([
      ['actions/undo.yaml', 'undoes', '"gone"'],
      ['actions/undo-that.yaml', 'undoes', '"undo"'],
    ]);
  });

  test('a period longer than Prometheus keeps data is refused', async () => {
    exampleHome();
    const definition = readFileSync(join(home, 'slos', 'shop.yaml'), 'utf8');
    write('slos/shop.yaml', definition.replace('duration: 30d', 'duration: 60d'));
    expect(await found()).toEqual([['slos/shop.yaml', 'spec.timeWindow[0].duration', '60d']]);
  });

  test.skipIf(!amtool)('settings that Alertmanager would not take are told in amtool’s words', async () => {
    exampleHome();
    write('receivers/broken.yml', 'joins: [page]\nwebhook_configs: [{ uri: "http://127.0.0.1" }]\n');
    const [problem, ...others] = await found();
    expect(others).toEqual([]);
    expect(problem?.[2]).toContain('field uri not found');
  });

  test('a home that is a file is said', async () => {
    writeFileSync(home, '');
    const { problems } = await read();
    expect(problems[0]).toMatchObject({ file: home, found: 'no folder' });
    expect(existsSync(folders.rules)).toBe(false);
  });
});
