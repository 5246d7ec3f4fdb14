import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { captureLog } from '../testing/log-capture.ts';
import { type Flags, openFlags } from './open-flags.ts';

const document = (experimental: 'on' | 'off', factor = 1) =>
  JSON.stringify({
    flags: {
      [FLAGS.experimentalIdentityProvider]: {
        state: 'ENABLED',
        variants: { on: true, off: false },
        defaultVariant: experimental,
      },
      [FLAGS.trafficRateFactor]: { state: 'ENABLED', variants: { set: factor }, defaultVariant: 'set' },
    },
  });

let folder: string;
let file: string;
let flags: Flags | undefined;
let registry: Registry;
let log: ReturnType<typeof captureLog>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flags-'));
  file = join(folder, 'flags.json');
  log = captureLog();
  registry = new Registry();
});
afterEach(async () => {
  flags?.close();
  await rm(folder, { recursive: true });
});

const open = async () => {
  flags = await openFlags({ file, registry, logger: pino({}, log.destination), pollMs: 20 });
  return flags.client;
};
const complaints = () => log.lines.filter(({ level }) => level === 50);

it("the demo's own file has every flag, in the state that does no harm", async () => {
  flags = await openFlags({ registry, logger: pino({}, log.destination) });
  const experimental = await flags.client.getBooleanDetails(FLAGS.experimentalIdentityProvider, true);
  expect(experimental).toMatchObject({ value: false, variant: 'off' });
  expect(await flags.client.getNumberDetails(FLAGS.trafficRateFactor, 0)).toMatchObject({
    value: 1,
    variant: 'normal',
  });
});

it('a change of the file is a change of the flags', async () => {
  await writeFile(file, document('off', 2));
  const client = await open();
  expect(await client.getBooleanValue(FLAGS.experimentalIdentityProvider, true)).toBe(false);
  expect(await client.getNumberValue(FLAGS.trafficRateFactor, 1)).toBe(2);
  await writeFile(file, document('on'));
  await vi.waitFor(async () =>
    expect(await client.getBooleanValue(FLAGS.experimentalIdentityProvider, false)).toBe(true),
  );
});

it('the variant that a flag has is a metric, and changes with the file', async () => {
  const variants = async () => {
    const [metric] = await registry.getMetricsAsJSON();
    return metric!.values
      .filter(({ labels }) => labels.flag === FLAGS.experimentalIdentityProvider)
      .map(({ labels, value }) => `${labels.variant} ${value}`);
  };
  await writeFile(file, document('off'));
  await open();
  expect(await variants()).toEqual(['on 0', 'off 1']);
  await writeFile(file, document('on'));
  await vi.waitFor(async () => expect(await variants()).toEqual(['on 1', 'off 0']));
});

it('a file that is replaced is followed', async () => {
  await writeFile(file, document('off'));
  const client = await open();
  await writeFile(`${file}.new`, document('on'));
  await rename(`${file}.new`, file);
  await vi.waitFor(async () =>
    expect(await client.getBooleanValue(FLAGS.experimentalIdentityProvider, false)).toBe(true),
  );
});

it.each<[string, string, RegExp]>([
  ['is cut off', '{"flags": {', /JSON/],
  ['is another document', '{"rules": []}', /at flags/],
  [
    'has a variant missing',
    '{"flags":{"a":{"state":"ENABLED","variants":{"on":true},"defaultVariant":"gone"}}}',
    /./,
  ],
  ['is no document', '3', /./],
])('a file that %s keeps the last good flags, and the log says why', async (_case, broken, reason) => {
  await writeFile(file, document('on'));
  const client = await open();
  await writeFile(file, broken);
  await vi.waitFor(() => expect(complaints()).toHaveLength(1));
  expect(complaints()[0]!.reason).toMatch(reason);
  expect(await client.getBooleanValue(FLAGS.experimentalIdentityProvider, false)).toBe(true);
});

it('a file that is missing at the start takes the fallbacks, and the flags once it comes', async () => {
  const client = await open();
  expect(complaints()).toHaveLength(1);
  expect(await client.getBooleanValue(FLAGS.experimentalIdentityProvider, false)).toBe(false);
  await writeFile(file, document('on'));
  await vi.waitFor(async () =>
    expect(await client.getBooleanValue(FLAGS.experimentalIdentityProvider, false)).toBe(true),
  );
});
