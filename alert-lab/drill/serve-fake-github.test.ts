import { existsSync, readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { serveFakeGitHub } from './serve-fake-github.ts';

it('says how a stack is led to it, tells each event, and is gone when it is interrupted', async () => {
  const interrupt = new AbortController();
  const lines: string[] = [];
  const served = serveFakeGitHub({ port: 0, signal: interrupt.signal, out: (line) => void lines.push(line) });
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  const [, url, repository, tokenFile] =
    /GITHUB_API_URL=(\S+) GITHUB_REPOSITORY=(\S+) GITHUB_TOKEN_FILE=(\S+)/.exec(lines[0]!)!;
  const response = await fetch(`${url}/repos/${repository}/dispatches`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${readFileSync(tokenFile!, 'utf8')}`,
      accept: 'application/vnd.github+json',
      'user-agent': 'test',
    },
    body: JSON.stringify({ event_type: 'dr-start', client_payload: { incident: '1' } }),
  });
  expect(response.status).toBe(204);
  expect(lines[1]).toMatch(/ dr-start \{"incident":"1"\}$/);
  interrupt.abort();
  await served;
  expect(existsSync(tokenFile!)).toBe(false);
  await expect(fetch(url!)).rejects.toThrow();
});
