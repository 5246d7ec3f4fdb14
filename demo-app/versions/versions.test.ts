import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestsSeries, startService } from '../testing/running-service.ts';
import { behave } from './behave.ts';
import { behaviourOf, readVersions } from './versions.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'versions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => writeFileSync(join(folder, `${name}.yaml`), text);

describe('versions', () => {
  it('are those that are shipped; the stable and the good one are the code as it stands', () => {
    const shipped = readVersions();
    expect([...shipped.keys()]).toEqual(['bad', 'good', 'leaky', 'n-plus-one', 'slow', 'stable']);
    const plain = behaviourOf('no-such-version');
    for (const [name, { version }] of shipped)
      expect(JSON.stringify(behaviourOf(version)) === JSON.stringify(plain), name).toBe(
        ['stable', 'good'].includes(name),
      );
  });

  it('are named in telemetry by numbers that give nothing away', () => {
    for (const { version } of readVersions().values()) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each([
    ['version: 1', /version: found 1; possible: text/],
    ['version: 1.2.0-bad\ndescription: x', /possible: a version such as 1.2.3/],
    ['version: 1.2.0\ndescription: x\nbehaviour: { errors: 1 }', /behaviour\.errors/],
    [
      'version: 1.2.0\ndescription: x\nbehaviour: { requests: [{ routes: [GET /nowhere] }] }',
      /routes\[0\].*GET \/nowhere/,
    ],
    ['version: 1.2.0\ndescription: x\nbehaviour: { memoryLeakMbPerMinute: 1e6 }', /memoryLeakMbPerMinute/],
  ])('that do not fit are refused: %s', (text, problem) => {
    write('odd', text);
    expect(() => readVersions(folder)).toThrow(problem);
  });

  it('have a number of their own', () => {
    write('one', 'version: 1.2.0\ndescription: x');
    write('two', 'version: 1.2.0\ndescription: y');
    expect(() => readVersions(folder)).toThrow('version 1.2.0 is that of one.yaml and two.yaml');
  });
});

describe('an API as a version has it', () => {
  const api = [
    { method: 'GET', route: '/api/products', handlers: [] },
    { method: 'POST', route: '/api/orders', handlers: [] },
  ].map((each) => ({
    ...each,
    handlers: [(_request: unknown, response: { json(body: unknown): unknown }) => void response.json({})],
  }));
  let draw = 0;
  const start = (behaviour: string) => {
    write('tried', `version: 9.0.0\ndescription: x\nbehaviour: ${behaviour}`);
    return startService({ api: () => behave(api, behaviourOf('9.0.0', folder), () => draw) });
  };

  it('fails the share that it fails, on its routes, and nothing marks that as a fault', async () => {
    await using service = await start(
      '{ requests: [{ routes: [POST /api/orders], errorRatio: 0.4, error: total is not a number }] }',
    );
    draw = 0.39;
    expect((await service.client.post('/api/orders')).data).toEqual({ error: 'total is not a number' });
    expect((await service.client.get('/api/products')).status).toBe(200);
    draw = 0.4;
    expect((await service.client.post('/api/orders')).status).toBe(200);
    expect(await service.sample(requestsSeries('POST', '/api/orders', '5xx'))).toBe(1);
    const [failed] = service.log.filter(({ status }) => status === 500);
    expect(failed).toMatchObject({ error: { message: 'total is not a number' } });
    expect(JSON.stringify(failed)).not.toMatch(/fault|version|inject/i);
    expect(await service.sample('demo_fault_active{kind="error"}')).toBe(0);
  });

  it('waits before it answers', async () => {
    await using service = await start('{ requests: [{ latencyMs: 120 }] }');
    const startedAt = performance.now();
    expect((await service.client.get('/api/products')).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(119);
  });
});
