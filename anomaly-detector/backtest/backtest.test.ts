import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const main = join(import.meta.dirname, 'main.ts');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backtest-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function backtest(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await run(process.execPath, [main, ...args])) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

/** Ten days of five minutes with a surge at the end of the ninth. */
function series(): string[] {
  return Array.from({ length: 2880 }, (_, index) => {
    const surge = index >= 2500 && index < 2512 ? 50 : 0;
    return `${index * 300},${(100 + 20 * Math.sin(index / 45.8) + ((index * 7) % 5) + surge).toFixed(3)}`;
  });
}

describe('a backtest', { timeout: 30_000 }, () => {
  test('writes a row for each row, bad ones too, and tells where they are', async () => {
    const lines = series();
    lines[100] = '30000,oops';
    lines[200] = '59700,1';
    await writeFile(join(folder, 'in.csv'), `timestamp,value\n${lines.join('\n')}\n`);
    const { code, stdout, stderr } = await backtest(
      ...[
        '--csv',
        join(folder, 'in.csv'),
        '--out',
        join(folder, 'out.csv'),
        '--svg',
        join(folder, 'out.svg'),
      ],
    );
    expect(code).toBe(0);
    expect(stderr).toContain('in.csv:102: value: expected a number, got "oops"');
    expect(stderr).toContain('in.csv:202: rejected as duplicate: 59700,1');
    const out = (await readFile(join(folder, 'out.csv'), 'utf8')).trimEnd().split('\n');
    expect(out[0]).toBe('timestamp,value,anomaly_score,expected,lower,upper');
    expect(out).toHaveLength(2881);
    expect(out[101]).toBe('30000,oops,0,,,');
    const scores = out.slice(1).map((line) => Number(line.split(',')[2]));
    expect(Math.max(...scores.slice(2500, 2512))).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...scores.slice(600, 2500))).toBeLessThan(0.5);
    expect(await readFile(join(folder, 'out.svg'), 'utf8')).toContain('<circle class="alarm"');
    expect(stdout).toMatch(/2880 +2 +300s +10\.0 .* 1 /);
  });

  test('keeps the shape of a folder, and prints JSON for programs', async () => {
    await mkdir(join(folder, 'tree', 'a'), { recursive: true });
    const csv = `timestamp,value\n${series().join('\n')}\n`;
    await writeFile(join(folder, 'tree', 'a', 'one.csv'), csv);
    await writeFile(join(folder, 'tree', 'two.csv'), csv);
    const { stdout } = await backtest(
      '--dir',
      join(folder, 'tree'),
      '--out',
      join(folder, 'scores'),
      '--json',
    );
    const { series: summaries } = JSON.parse(stdout);
    expect(summaries.map((summary: { name: string }) => summary.name)).toEqual(['a/one.csv', 'two.csv']);
    expect(summaries[0].anomalies).toHaveLength(1);
    expect(summaries[0].anomalies[0]).toMatchObject({
      direction: 'above',
      start: '1970-01-09T16:20:00.000Z',
    });
    expect(await readFile(join(folder, 'scores', 'a', 'one.csv'), 'utf8')).toBe(
      await readFile(join(folder, 'scores', 'two.csv'), 'utf8'),
    );
  });

  test('reads a range from Prometheus', async () => {
    const values = series().map((line) => [Number(line.split(',')[0]), line.split(',')[1]]);
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      const result = [{ metric: { __name__: 'up', job: 'a' }, values }];
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { stdout, stderr, code } = await backtest(
      ...['--prometheus', `http://127.0.0.1:${port}`, '--query', 'up', '--start', '0', '--end', '864000'],
      ...['--step', '300', '--out', join(folder, 'live'), '--json'],
    );
    server.close();
    expect(stderr).toContain('Asking');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).series[0]).toMatchObject({ name: 'up{job="a"}', rows: 2880, stepSeconds: 300 });
  });

  test.each([
    [['--csv', '/nowhere.csv'], 'ENOENT'],
    [[], '--csv: give one of --csv, --dir and --prometheus, got none'],
    [['--prometheus', 'http://127.0.0.1:1', '--query', 'up'], '--start: needed with --prometheus'],
    [['--csv', 'a.csv', '--time-zone', 'Mars/Olympus'], '--time-zone: expected an IANA time zone'],
    [['--csv', 'a.csv', '--step', '-5'], '--step: expected a number of seconds > 0'],
  ])('given %j fails and says why, in a line', async (args, message) => {
    const { code, stderr } = await backtest(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});
