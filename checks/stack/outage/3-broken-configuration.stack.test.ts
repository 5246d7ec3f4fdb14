import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { recipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { writeConfiguration } from '@aiops-sre/stack/native/configuration.ts';
import { layout as layoutOf } from '@aiops-sre/stack/native/layout.ts';
import { takeInNative } from '@aiops-sre/stack/native/take-in.ts';
import { validateConfiguration } from '@aiops-sre/stack/native/validate-configuration.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings, type Settings } from '@aiops-sre/stack/settings.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT } from '../../testing/stack-under-test.ts';

let root: string;
let settings: Settings;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'configuration-'));
  for (const each of [
    'prometheus',
    'alertmanager',
    'otel-collector',
    'tempo',
    'loki',
    'demo-app/flags',
    'anomaly-detector/rules',
    'incident-responder/actions',
    'docs/runbooks',
    'grafana/dashboards',
  ]) {
    cpSync(join(ROOT, each), join(root, each), { recursive: true });
  }
  settings = {
    ...readSettings(ROOT, process.env),
    root,
    home: join(root, 'my'),
    dataDir: join(root, '.data'),
  };
});
afterEach(() => rmSync(root, { recursive: true }));

async function validate(): Promise<void> {
  const binaries = await provideBinaries({
    settings: readSettings(ROOT, process.env),
    recipes: recipes(settings.versions),
    path: process.env.PATH ?? '',
    progress: new Progress(() => {}),
    signal: new AbortController().signal,
  });
  const layout = layoutOf(settings);
  const { promtool, amtool } = binaries;
  await takeInNative(settings, layout, { demo: true, promtool, amtool });
  writeConfiguration(settings, layout, { grafana: false, traffic: true, demo: true });
  await validateConfiguration(settings, layout, binaries);
}

test('the configuration of the checkout is valid', async () => {
  await validate();
});

test.each([
  ['prometheus/prometheus.yml', 'scrape_config: []\n', /prometheus\.yml[\s\S]*field scrape_config not found/],
  [
    'prometheus/rules/broken.rules.yml',
    'groups: [{name: a, rules: [{record: b, expr: "sum("}]}]\n',
    /broken\.rules\.yml[\s\S]*parse error/,
  ],
  [
    'alertmanager/alertmanager.yml',
    'route: {receiver: nobody}\n',
    /alertmanager\.yml is not valid[\s\S]*nobody/,
  ],
  [
    'otel-collector/config.yaml',
    'receivers: {otlp: {protocol: {}}}\n',
    /otel-collector\/config\.yaml is not valid[\s\S]*protocol/,
  ],
  ['loki/loki.yaml', 'sever: {}\n', /loki\/loki\.yaml is not valid[\s\S]*sever/],
  ['tempo/tempo.yaml', 'sever: {}\n', /tempo\/tempo\.yaml is not valid[\s\S]*sever/],
])(
  'a broken %s is told in its component’s own words, before anything is started',
  async (file, content, message) => {
    writeFileSync(join(root, file), content);
    await expect(validate()).rejects.toThrow(message);
  },
);

test('a retention shorter than the period of an SLO is refused, with how to mend it', async () => {
  const file = join(root, 'prometheus/prometheus.yml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('time: 35d', 'time: 15d'));
  await expect(validate()).rejects.toThrow(/prometheus\.yml[\s\S]*15d[\s\S]*at least 30d/);
});
