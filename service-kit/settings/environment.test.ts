import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { readEnvironment } from './environment.ts';
import { flag, httpUrl, httpUrls, port, timeZone, token } from './variables.ts';

const schema = z.object({
  PORT: port.default(8090),
  URL: httpUrl.optional(),
  URLS: httpUrls.default([]),
  TIME_ZONE: timeZone.default('UTC'),
  DRY_RUN: flag.default(false),
  LEVEL: z.enum(['low', 'high']).default('low'),
  WEBHOOK_TOKEN: token.optional(),
});
const secret = '0123456789abcdef';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'environment-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string): string {
  const path = join(folder, `secret-${content.length}`);
  writeFileSync(path, content);
  return path;
}

it('has defaults for what is unset or empty', () => {
  expect(readEnvironment(schema, { PORT: '', OTHER: 'x' })).toEqual({
    PORT: 8090,
    URLS: [],
    TIME_ZONE: 'UTC',
    DRY_RUN: false,
    LEVEL: 'low',
  });
});

it('reads numbers, lists and switches', () => {
  const environment = { PORT: '0', URL: 'http://a/', URLS: 'http://a:1/, http://b:2', DRY_RUN: '1' };
  expect(readEnvironment(schema, environment)).toMatchObject({
    PORT: 0,
    URL: 'http://a',
    URLS: ['http://a:1', 'http://b:2'],
    DRY_RUN: true,
  });
});

it.each([
  ['PORT', '70000', 'PORT: expected a number from 0 to 65535, got "70000"'],
  ['PORT', '80.5', 'PORT: expected a whole number, got "80.5"'],
  ['PORT', 'web', 'PORT: expected a number from 0 to 65535, got "web"'],
  ['URL', 'ftp://x', 'URL: expected an http or https URL, got "ftp://x"'],
  ['URLS', 'http://a,nonsense', 'URLS.1: expected an http or https URL, got "http://a,nonsense"'],
  ['TIME_ZONE', 'Mars/Base', 'TIME_ZONE: expected an IANA time zone such as Europe/Berlin, got "Mars/Base"'],
  ['DRY_RUN', 'maybe', 'DRY_RUN: expected true or false, got "maybe"'],
  ['LEVEL', 'loud', 'LEVEL: expected low, high, got "loud"'],
])('refuses %s=%s by name, with what it expects and what it got', (name, value, line) => {
  expect(() => readEnvironment(schema, { [name]: value })).toThrow(`environment: ${line}`);
});

it('names all that is wrong at once', () => {
  expect(() => readEnvironment(schema, { PORT: 'web', LEVEL: 'loud' })).toThrow(/PORT.*\n.*LEVEL/);
});

it('names what is missing', () => {
  expect(() => readEnvironment(z.object({ NAME: z.string() }), {})).toThrow(
    'environment: NAME: expected text, got nothing',
  );
});

it('reads a secret from the variable, else from its file without the line end', () => {
  const path = file(`${secret}\n`);
  expect(readEnvironment(schema, { WEBHOOK_TOKEN_FILE: path }).WEBHOOK_TOKEN).toBe(secret);
  const both = { WEBHOOK_TOKEN: 'another-token-that-wins', WEBHOOK_TOKEN_FILE: path };
  expect(readEnvironment(schema, both).WEBHOOK_TOKEN).toBe('another-token-that-wins');
  expect(() => readEnvironment(schema, { WEBHOOK_TOKEN_FILE: `${path}x` })).toThrow(
    `environment: WEBHOOK_TOKEN_FILE: cannot read ${path}x`,
  );
});

it('never shows a secret', () => {
  const expected = ': expected at least 16 characters without spaces, got 7 characters';
  expect(() => readEnvironment(schema, { WEBHOOK_TOKEN: 'hunter2' })).toThrow(`WEBHOOK_TOKEN${expected}`);
  expect(() => readEnvironment(schema, { WEBHOOK_TOKEN_FILE: file('hunter2') })).toThrow(
    `WEBHOOK_TOKEN_FILE${expected}`,
  );
});

it('refuses an empty file of a secret', () => {
  expect(() => readEnvironment(schema, { WEBHOOK_TOKEN_FILE: file('') })).toThrow('got 0 characters');
});
