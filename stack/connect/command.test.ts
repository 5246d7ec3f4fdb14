import { describe, expect, test } from 'vitest';
import { connectCommand } from './command.ts';
import { LANGUAGES, startLines } from './languages.ts';

/** Nobody listens there. */
const NOBODY = 'http://127.0.0.1:1';

async function run(...args: readonly string[]) {
  const [said, warned]: [string[], string[]] = [[], []];
  const exitCode = await connectCommand(args, {
    addresses: {
      prometheusUrl: NOBODY,
      tempoUrl: NOBODY,
      lokiUrl: NOBODY,
      collectorUrl: NOBODY,
      seriesUrls: [NOBODY],
      otlpPorts: { grpc: 4317, http: 4318 },
    },
    grafanaUrl: NOBODY,
    adopt: () => Promise.reject(new Error('there is nothing to adopt')),
    confirm: undefined,
    signal: new AbortController().signal,
    out: (text) => said.push(text),
    err: (text) => warned.push(text),
  });
  return { exitCode, out: said.join('\n'), err: warned.join('\n') };
}

describe('connect', () => {
  test('says at once that the platform does not run, as one object and with exit code 1', async () => {
    const { exitCode, out, err } = await run('--service', 'shop', '--adopt', '--yes', '--json');
    expect(exitCode).toBe(1);
    const result = JSON.parse(out);
    expect(result).toMatchObject({
      service: 'shop',
      slos: [],
      dashboards: [],
      missing: ['traces', 'metrics', 'logs'],
      causes: [{ hop: 'platform', cure: expect.stringContaining('npm start') }],
    });
    expect(result.hops[0]).toEqual({ hop: 'traces received', ok: false, seconds: null });
    expect(err).not.toContain('{');
  });

  test.each([
    [[], "required option '--service <name>'"],
    [['--service', ''], 'expected a name without control characters'],
    [['--service', 'a\nb'], 'expected a name without control characters'],
    [['--service', 'shop', '--language', 'cobol'], 'Allowed choices are node, python, java'],
    [['--service', 'shop', '--container', '--host', 'x'], 'cannot be used with'],
  ])('refuses %j with exit code 2', async (args, said) => {
    const { exitCode, err } = await run(...args);
    expect(exitCode).toBe(2);
    expect(err).toContain(said);
  });

  test('cuts a name where the Collector does, and never within a character', async () => {
    const { out } = await run('--service', 'ü'.repeat(100), '--json');
    expect(JSON.parse(out).service).toBe('ü'.repeat(64));
  });
});

describe('how a service is started', () => {
  const lines = (...args: Parameters<typeof startLines>) => startLines(...args).join('\n');
  const HOST = { kind: 'host', port: 4318 } as const;

  test.each(Object.keys(LANGUAGES))(
    'in %s is said with all that decides where telemetry goes',
    (language) => {
      const text = lines('shop', HOST, LANGUAGES[language]);
      for (const line of [
        'export OTEL_SERVICE_NAME=shop',
        'export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318',
        'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
      ])
        expect(text).toContain(line);
    },
  );

  test('in a container it has the name of the Collector there', () => {
    expect(lines('shop', { kind: 'container' }, undefined)).toContain('=http://otel-collector:4318');
  });

  test('on another machine it goes through the door, with its password', () => {
    const text = lines('shop', { kind: 'elsewhere', host: 'platform.example.com', port: 4318 }, undefined);
    expect(text).toContain('=https://platform.example.com:4318');
    expect(text).toContain('OTEL_EXPORTER_OTLP_HEADERS="Authorization=Basic%20');
  });

  test('a name is a word of the shell, whatever is in it', () => {
    expect(lines("it's; rm -rf $HOME", HOST, undefined)).toContain(
      `export OTEL_SERVICE_NAME='it'\\''s; rm -rf $HOME'`,
    );
  });
});
