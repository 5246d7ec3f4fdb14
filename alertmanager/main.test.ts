import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'alertmanager-folder-'));
  for (const folder of ['out', 'notifications']) mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true }));

const written = (...path: string[]) => readFileSync(join(root, 'out', ...path), 'utf8');
const run = () =>
  spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'main.ts'), join(root, 'out'), join(root, 'notifications')],
    {
      encoding: 'utf8',
      env: {
        WEBHOOK_URL: 'http://incident-responder:8091/webhook/alertmanager',
        WEBHOOK_TOKEN: 'a-token-that-is-long',
      },
      timeout: 10_000,
    },
  );

describe('the folder written for Compose', () => {
  it('has all that Alertmanager reads, and a mount point for the secrets', () => {
    expect(run().stdout).toBe('channels beside the webhook: none\n');
    expect(written('alertmanager.yml')).toBe(
      readFileSync(join(import.meta.dirname, 'alertmanager.yml'), 'utf8'),
    );
    expect(written('templates', 'notification.tmpl')).toContain('aiops.title');
    expect(written('secrets', 'webhook_url')).toBe('http://incident-responder:8091/webhook/alertmanager');
    expect(written('secrets', 'webhook_token')).toBe('a-token-that-is-long');
    expect(statSync(join(root, 'out', 'secrets', 'notifications')).isDirectory()).toBe(true);
  });

  it('follows the secrets, on and off', () => {
    const slack = join(root, 'notifications', 'slack');
    writeFileSync(slack, 'https://hooks.slack.example/');
    expect(run().stdout).toBe('channels beside the webhook: slack\n');
    expect(written('alertmanager.yml')).toContain('api_url_file: secrets/notifications/slack');
    rmSync(slack);
    run();
    expect(written('alertmanager.yml')).not.toContain('slack_configs');
  });

  it('is not written with a channel set up wrongly, and the reason is one line', () => {
    writeFileSync(join(root, 'notifications', 'email'), 'password');
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^\/.*email\.yml: got no file, expected smarthost, .*\n$/);
    expect(() => written('alertmanager.yml')).toThrow();
  });
});
