import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { startTestResponder, TEST_OPERATOR_TOKEN, type TestResponder } from '../testing/test-responder.ts';

let folder: string;
let responder: TestResponder;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runbooks-'));
  mkdirSync(join(folder, 'runbooks'));
  responder = await startTestResponder({ runbooksDir: join(folder, 'runbooks') });
});
afterEach(async () => {
  await responder.close();
  rmSync(folder, { recursive: true, force: true });
});

const writeRunbook = (name: string, text: string) => writeFileSync(join(folder, 'runbooks', name), text);

async function get(path: string) {
  const response = await fetch(responder.url + path);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('notifications page', () => {
  it('lists notifications, and the content of alerts stays text', async () => {
    const evil = '<img src=x onerror="alert(1)">\'&';
    await responder.deliver(
      webhookPayload([
        alertPayload({
          alertname: evil,
          labels: { service: evil },
          annotations: {
            summary: `${evil} burns`,
            runbook_url: 'javascript:alert(1)',
            dashboard_url: 'https://grafana.example/d/slo?a="b"',
          },
        }),
      ]),
    );
    const { status, text, headers } = await get('/notifications');
    expect(status).toBe(200);
    expect(text).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp; burns');
    expect(text).not.toContain('<img');
    expect(text).not.toContain('javascript:');
    expect(text).toContain('href="https://grafana.example/d/slo?a=&quot;b&quot;"');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('says so when nothing came yet, and has its style sheet', async () => {
    expect((await get('/notifications')).text).toContain('None so far');
    const css = await get('/assets/console.css');
    expect(css.headers.get('content-type')).toContain('text/css');
  });
});

describe('runbooks', () => {
  it('are listed and rendered, also by the file name that runbooks link to', async () => {
    writeRunbook('ErrorBudgetBurn.md', '# Budget burns\n\n| a | b |\n|---|---|\n| 1 | 2 |\n');
    expect((await get('/runbooks')).text).toContain('href="/runbooks/ErrorBudgetBurn"');
    for (const path of ['/runbooks/ErrorBudgetBurn', '/runbooks/ErrorBudgetBurn.md'])
      expect((await get(path)).text).toMatch(/<h1>Budget burns<\/h1>[\s\S]*<table>/);
  });

  it('cannot bring in markup or script', async () => {
    writeRunbook('evil.md', '<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](data:text/html,z)\n');
    const { text } = await get('/runbooks/evil');
    expect(text.match(/<script.*/g)).toEqual(['<script type="module" src="/assets/console.js"></script>']);
    expect(text).not.toMatch(/(href|src)="(javascript|data):/);
  });

  it('are found in their folder alone', async () => {
    writeFileSync(join(folder, 'secret.md'), 'secret');
    symlinkSync(join(folder, 'secret.md'), join(folder, 'runbooks', 'linked.md'));
    writeRunbook('.hidden.md', 'secret');
    for (const path of [
      '/runbooks/../secret',
      '/runbooks/..%2fsecret',
      '/runbooks/..%5csecret',
      '/runbooks/%2e%2e%2fsecret.md',
      `/runbooks/${encodeURIComponent(join(folder, 'secret'))}`,
      '/runbooks/secret%00',
      '/runbooks/linked',
      '/runbooks/.hidden',
      '/runbooks/unknown',
    ]) {
      const { status, text } = await rawGet(path);
      expect(status, path).toBe(404);
      expect(text, path).not.toMatch(/secret$/);
    }
  });

  it('may be missing altogether', async () => {
    rmSync(join(folder, 'runbooks'), { recursive: true });
    expect((await get('/runbooks')).status).toBe(200);
  });
});

/** fetch would resolve the dots before it asks. */
function rawGet(path: string): Promise<{ status: number | undefined; text: string }> {
  const { hostname, port } = new URL(responder.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });
}

describe('logins', () => {
  it('and refused tokens are logged, and no token is', async () => {
    const responder = await startTestResponder();
    try {
      const login = (token: string) =>
        fetch(`${responder.url}/login`, {
          method: 'POST',
          body: new URLSearchParams({ name: 'Ada', token }),
          redirect: 'manual',
        });
      await login('not-the-token-of-anybody');
      const cookie = (await login(TEST_OPERATOR_TOKEN)).headers.get('set-cookie')?.split(';')[0] ?? '';
      await fetch(`${responder.url}/api/actions/1/approve`, {
        method: 'POST',
        headers: { authorization: 'Bearer not-the-token-of-anybody' },
      });
      const logged = responder.logged.join('');
      expect(logged).toContain('login refused');
      expect(logged).toMatch(/"name":"Ada","msg":"logged in"/);
      expect(logged).toMatch(/"path":"\/api\/actions\/1\/approve","msg":"operator token refused"/);
      for (const secret of ['not-the-token', TEST_OPERATOR_TOKEN, cookie.split('=')[1] as string])
        expect(logged).not.toContain(secret);
    } finally {
      await responder.close();
    }
  });
});
