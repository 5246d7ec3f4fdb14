import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** A room imports only from rooms further up. */
const ROOMS: readonly (readonly string[])[] = [
  ['conventions'],
  ['service-kit'],
  ['investigation'],
  ['slo', 'demo-app', 'anomaly-detector', 'incident-responder'],
  ['alertmanager', 'grafana'],
  ['backfill'],
  ['stack'],
  ['checks', 'alert-lab', 'diagnosis'],
  ['bench', '.ci'],
];
/** Runs by itself, also where nothing else of the platform is. */
const ON_THEIR_OWN = ['demo-app', 'anomaly-detector', 'incident-responder'];
const FOR_ALL = ['conventions', 'service-kit', 'investigation'];

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file && existsSync(join(root, file)));
const roomOf = (file: string) => file.split('/')[0] ?? '';

/** Files of the checkout that a file imports, by path from the root. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\b[^;'=]*\bfrom '([^']+)'|\bimport[ (]'([^']+)'/gm)].flatMap(
    ([, from, alone]) => {
      const name = from ?? alone ?? '';
      if (name.startsWith('.')) return [normalize(join(dirname(file), name))];
      return name.startsWith('@aiops-sre/') ? [name.slice('@aiops-sre/'.length)] : [];
    },
  );
}
const graph = new Map(files.map((file) => [file, importsOf(file)]));

test('each room imports only from rooms below it', () => {
  const tier = (room: string) => ROOMS.findIndex((rooms) => rooms.includes(room));
  const wrong = [...graph].flatMap(([file, imports]) =>
    imports
      .filter((each) => roomOf(each) !== roomOf(file))
      .filter(
        (each) =>
          tier(roomOf(each)) < 0 ||
          tier(roomOf(each)) >= tier(roomOf(file)) ||
          (ON_THEIR_OWN.includes(roomOf(file)) && !FOR_ALL.includes(roomOf(each))),
      )
      .map((each) => `${file} imports ${each}`),
  );
  expect(graph.size).toBeGreaterThan(300);
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others', () => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    else if (!done.has(file)) for (const each of graph.get(file) ?? []) visit(each, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});
