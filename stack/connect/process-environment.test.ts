import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processEnvironment } from './process-environment.ts';

let proc: string;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'proc-'));
});
afterEach(() => rmSync(proc, { recursive: true }));

function started(pid: string, ...variables: readonly string[]): void {
  mkdirSync(join(proc, pid));
  writeFileSync(join(proc, pid, 'environ'), variables.join('\0'));
}

test('a process that says to be the service tells where it sends, and no secret', () => {
  mkdirSync(join(proc, 'self'));
  mkdirSync(join(proc, '7'));
  started('8', 'OTEL_SERVICE_NAME=cart');
  started(
    '9',
    'OTEL_SERVICE_NAME=shop',
    'OTEL_EXPORTER_OTLP_ENDPOINT=http://x:1/?a=b',
    'OTEL_EXPORTER_OTLP_HEADERS=authorization=secret',
    'HOME=/root',
  );
  started('10', 'OTEL_RESOURCE_ATTRIBUTES=a=b,service.name=mail', 'OTEL_TRACES_SAMPLER=always_off');
  expect(processEnvironment('shop', proc)).toEqual({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x:1/?a=b' });
  expect(processEnvironment('mail', proc)).toEqual({ OTEL_TRACES_SAMPLER: 'always_off' });
});

test('there is none without such a process, and none without /proc', () => {
  started('8', 'OTEL_SERVICE_NAME=cart');
  expect(processEnvironment('shop', proc)).toBeUndefined();
  expect(processEnvironment('cart', join(proc, 'nowhere'))).toBeUndefined();
});
