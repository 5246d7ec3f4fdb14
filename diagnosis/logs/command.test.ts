import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logsCommand } from './command.ts';

const NOW = 1_700_000_000;
let folder: string;
let out: string[];
let err: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'));
  out = [];
  err = [];
});
afterEach(() => rm(folder, { recursive: true }));

const run = (lokiUrl: string, ...args: string[]) =>
  logsCommand(['templates', ...args], {
    lokiUrl,
    nowSeconds: NOW,
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  });

describe('templates of a file', () => {
  it('are written as an id a line, empty where a line is blank', async () => {
    const file = join(folder, 'in.log');
    const ids = join(folder, 'out.ids');
    await writeFile(file, 'took 1 ms\nfailed\r\n\ntook 2 ms\n');
    expect(await run('http://127.0.0.1:1', '--file', file, '--ids', ids)).toBe(0);
    expect(await readFile(ids, 'utf8')).toBe('1\n2\n\n1\n');
  });

  it('are printed with their lines', async () => {
    const file = join(folder, 'in.log');
    await writeFile(file, 'failed\ntook 1 ms\ntook 2 ms\n');
    await run('http://127.0.0.1:1', '--file', file, '--json');
    expect(JSON.parse(out.join(''))).toEqual([
      { id: 2, lines: 2, template: 'took <*>' },
      { id: 1, lines: 1, template: 'failed' },
    ]);
  });

  it('fail with the path of a file that is not there', async () => {
    const file = join(folder, 'none.log');
    expect(await run('http://127.0.0.1:1', '--file', file)).toBe(1);
    expect(err.join('')).toContain(file);
  });

  it.each([
    ['--limit', '0'],
    ['--minutes', 'x'],
    ['--colour', 'red'],
  ])('are refused %s %s', async (...args) => {
    expect(await run('http://127.0.0.1:1', ...args)).toBe(2);
    expect(err.join('')).toContain(args[0]);
  });
});

describe('templates in Loki', () => {
  let loki: Server;
  let url: string;
  let answers: (path: string, parameters: URLSearchParams) => unknown;
  const queries: string[] = [];
  beforeEach(async () => {
    queries.length = 0;
    loki = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
      queries.push(searchParams.get('query')!);
      response.end(JSON.stringify({ data: { result: answers(pathname, searchParams) } }));
    });
    await new Promise<void>((resolve) => loki.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(loki.address() as AddressInfo).port}`;
  });
  afterEach(() => void loki.close());

  it('are of the last minutes, held against as many before, routine lines by their count', async () => {
    const stream = { service_name: 'till', detected_level: 'info' };
    answers = (path, parameters) => {
      if (path.endsWith('/query')) return [{ metric: stream, value: [NOW, '600'] }];
      const severe = parameters.get('query')!.includes('!~');
      const since = Number(parameters.get('start')) >= NOW - 600;
      if (!severe) return [{ stream, values: [['1', 'sold 3 things']] }];
      return since
        ? [{ stream: { ...stream, detected_level: 'error' }, values: [['1', 'drawer stuck']] }]
        : [];
    };
    expect(await run(url, '--minutes', '10', '--service', 'till', '--json')).toBe(0);
    expect(JSON.parse(out.join(''))).toMatchObject([
      { template: 'drawer stuck', level: 'error', change: 'new', lines: 1, before: 0 },
      { template: 'sold <*> things', change: 'steady', lines: 600, before: 600 },
    ]);
  });

  it('ask for a service by its name and for nothing that a name could say', async () => {
    answers = () => [];
    await run(url, '--service', 'a"} or {b="c');
    for (const query of queries) expect(query).toContain('{service_name="a\\"} or {b=\\"c"}');
    expect(out.join('')).toContain('No line of a"} or {b="c in the last 60 minutes.');
  });

  it('fail when Loki is away', async () => {
    loki.close();
    loki.closeAllConnections();
    expect(await run('http://127.0.0.1:1')).toBe(1);
    expect(err.join('')).toContain('Loki');
  });
});
