import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfiguration } from './configuration.ts';

const token = '0123456789abcdef';

describe('configuration', () => {
  it('listens on loopback alone unless told otherwise', () => {
    expect(readConfiguration({ WEBHOOK_TOKEN: token })).toMatchObject({
      host: '127.0.0.1',
      port: 8091,
      webhookToken: token,
      watchdogTimeoutMs: 180_000,
    });
  });

  it('reads the token from a file and drops the line end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'token');
    writeFileSync(file, `${token}\n`);
    expect(readConfiguration({ WEBHOOK_TOKEN: '', WEBHOOK_TOKEN_FILE: file }).webhookToken).toBe(token);
  });

  it('refuses to start without a token, unless authentication is switched off by name', () => {
    expect(() => readConfiguration({})).toThrow('WEBHOOK_TOKEN or WEBHOOK_TOKEN_FILE');
    expect(readConfiguration({ WEBHOOK_AUTHENTICATION: 'off' }).webhookToken).toBeUndefined();
  });

  it('names the variable and what it got, but never shows a token', () => {
    expect(() => readConfiguration({ WEBHOOK_TOKEN: token, PORT: 'web' })).toThrow(/PORT: .*got "web"/);
    const message = messageOf(() => readConfiguration({ WEBHOOK_TOKEN: 'tooshort' }));
    expect(message).toContain('at least 16 characters');
    expect(message).not.toContain('tooshort');
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected an error');
}
