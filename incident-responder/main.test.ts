import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { webhookPayload } from './testing/payloads.ts';
import { TEST_TOKEN } from './testing/test-responder.ts';

let dataDir: string;
const children: ChildProcessWithoutNullStreams[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'incident-responder-main-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

function run(environment: Record<string, string>) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', DATA_DIR: dataDir, ...environment },
  });
  children.push(child);
  return child;
}

async function runUntilListening() {
  const child = run({ WEBHOOK_TOKEN: TEST_TOKEN });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = JSON.parse(line);
    if (msg === 'listening') return { child, url: url as string };
  }
  throw new Error('ended before it listened');
}

describe('the process', () => {
  it('loses no acknowledged notification when it is killed, and ends by itself on SIGTERM', async () => {
    const first = await runUntilListening();
    const response = await fetch(`${first.url}/webhook/alertmanager`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(webhookPayload()),
    });
    expect(response.status).toBe(200);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const second = await runUntilListening();
    const answer = await fetch(`${second.url}/api/notifications`);
    expect(await answer.json()).toMatchObject({ notifications: [{ id: 1 }] });
    second.child.stdout.resume();
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
  }, 20_000);

  it('says in one line why it does not start', async () => {
    const child = run({});
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(errors).toMatch(
      /^incident-responder: environment: WEBHOOK_TOKEN or WEBHOOK_TOKEN_FILE: expected .*\n$/,
    );
  }, 20_000);
});
