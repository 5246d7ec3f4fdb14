import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeGitHub, startFakeGitHub } from '../testing/fake-github.ts';
import type { DispatchError } from './dispatch-error.ts';
import { createRepositoryDispatcher, type RepositoryDispatcherOptions } from './repository-dispatcher.ts';

const token = 'github_pat_only_for_tests_0123456789';
const event = { eventType: 'dr-start', payload: { incident: 'INC-7', dry_run: true } };

let gitHub: FakeGitHub;
beforeEach(async () => {
  gitHub = await startFakeGitHub({ repository: 'acme/shop', token });
});
afterEach(() => gitHub.close());

const dispatcher = (overrides: Partial<RepositoryDispatcherOptions> = {}) =>
  createRepositoryDispatcher({
    apiUrl: gitHub.apiUrl,
    owner: 'acme',
    repository: 'shop',
    token,
    retrySecondMs: 1,
    ...overrides,
  });

async function failureOf(promise: Promise<unknown>): Promise<DispatchError> {
  return promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error) => error,
  );
}

describe('repository dispatch', () => {
  it("sends what GitHub's own description of the API accepts", async () => {
    expect(await dispatcher().dispatch(event)).toEqual({
      repository: 'acme/shop',
      eventType: 'dr-start',
      attempts: 1,
    });
    expect(gitHub.dispatches).toEqual([
      { event_type: 'dr-start', client_payload: { incident: 'INC-7', dry_run: true } },
    ]);
    expect(gitHub.violations).toEqual([]);
  });

  it('tries again after an outage, a broken connection and a timeout', async () => {
    gitHub.answerNext({ status: 502 }, 'reset', 'hang');
    expect((await dispatcher({ requestTimeoutMs: 200 }).dispatch(event)).attempts).toBe(4);
    expect(gitHub.dispatches).toHaveLength(1);
  });

  it('gives up after four attempts and says why', async () => {
    gitHub.answerNext(...Array(5).fill({ status: 503, body: { message: 'Unicorn' } }));
    const error = await failureOf(dispatcher().dispatch(event));
    expect(error.message).toBe(
      'acme/shop: repository_dispatch dr-start was not taken after 4 attempts: HTTP 503, Unicorn',
    );
    expect(error).toMatchObject({ status: 503, attempts: 4 });
  });

  it.each([
    [401, { token: 'a-token-that-is-wrong' }],
    [404, { repository: 'other' }],
  ])('takes %i for final', async (status, overrides) => {
    const error = await failureOf(dispatcher(overrides).dispatch(event));
    expect(error).toMatchObject({ status, attempts: 1 });
    expect(gitHub.requests).toBe(1);
  });

  it('waits for a rate limit to pass, primary or secondary', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 20);
    gitHub.answerNext({
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
      body: { message: 'API rate limit exceeded' },
    });
    expect((await dispatcher().dispatch(event)).attempts).toBe(2);
    gitHub.answerNext({
      status: 429,
      headers: { 'retry-after': '30' },
      body: { message: 'You have exceeded a secondary rate limit' },
    });
    expect((await dispatcher().dispatch(event)).attempts).toBe(2);
    expect(gitHub.dispatches).toHaveLength(2);
  });

  it('does not wait for a rate limit that lasts an hour', async () => {
    gitHub.answerNext({
      status: 403,
      headers: {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
      },
      body: { message: 'API rate limit exceeded' },
    });
    expect(await failureOf(dispatcher().dispatch(event))).toMatchObject({ status: 403, attempts: 1 });
  });

  it('ends when its time is up or it is told to, and sends nothing later', async () => {
    gitHub.answerNext('hang', 'hang');
    expect((await failureOf(dispatcher({ totalTimeoutMs: 50 }).dispatch(event))).message).toContain(
      'no answer within 50 ms',
    );
    const abort = new AbortController();
    abort.abort();
    expect((await failureOf(dispatcher().dispatch(event, abort.signal))).message).toContain('no answer');
    expect(gitHub.dispatches).toEqual([]);
  });

  it.each([
    ['a name of 101 characters', { ...event, eventType: 'x'.repeat(101) }, 'eventType'],
    ['an empty name', { ...event, eventType: '' }, 'eventType'],
    [
      '11 keys',
      { ...event, payload: Object.fromEntries(Array.from({ length: 11 }, (_, key) => [`k${key}`, 1])) },
      '10 top-level keys at most',
    ],
    ['64 KB', { ...event, payload: { text: 'x'.repeat(65_536) } }, 'less than 64 KB'],
  ])('sends nothing with %s', async (_name, request, message) => {
    expect((await failureOf(dispatcher().dispatch(request))).message).toContain(message);
    expect(gitHub.requests).toBe(0);
  });

  it('keeps the token out of every error', async () => {
    gitHub.answerNext('reset', 'reset', 'reset', 'reset', { status: 422, body: { message: 'spam' } });
    for (let round = 0; round < 2; round += 1) {
      const error = await failureOf(dispatcher().dispatch(event));
      expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(token);
    }
  });
});

describe('the fake', () => {
  it('refuses what GitHub refuses', async () => {
    const post = (body: unknown) =>
      fetch(`${gitHub.apiUrl}/repos/acme/shop/dispatches`, {
        method: 'POST',
        headers: { authorization: `token ${token}`, accept: 'application/vnd.github+json' },
        body: JSON.stringify(body),
      }).then(({ status }) => status);
    expect(await post({ event_type: 'x'.repeat(101) })).toBe(422);
    expect(await post({ client_payload: {} })).toBe(422);
    expect(
      await post({
        event_type: 'x',
        client_payload: Object.fromEntries([...'abcdefghijk'].map((key) => [key, 1])),
      }),
    ).toBe(422);
    expect(gitHub.violations).toHaveLength(3);
  });
});
