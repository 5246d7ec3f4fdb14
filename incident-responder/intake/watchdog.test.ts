import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchdogPayload } from '../testing/payloads.ts';
import { startTestResponder } from '../testing/test-responder.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

describe('watchdog', () => {
  let watchdog: Watchdog | undefined;
  const events: string[] = [];

  function start(lastHeardAtMs: number | null): Watchdog {
    watchdog = startWatchdog({
      timeoutMs: 60_000,
      lastHeardAtMs,
      onHeard: () => events.push('heard'),
      onSilent: () => events.push('silent'),
      onBack: () => events.push('back'),
    });
    return watchdog;
  }

  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000_000 });
    events.length = 0;
  });
  afterEach(() => {
    watchdog?.stop();
    vi.useRealTimers();
  });

  it('gives the first Watchdog the whole timeout, then calls it silent', () => {
    const started = start(null);
    vi.advanceTimersByTime(60_000);
    expect(started.state()).toEqual({ lastHeardAtMs: null, ageSeconds: 60, silent: false });
    vi.advanceTimersByTime(5000);
    expect(started.state().silent).toBe(true);
    expect(events).toEqual(['silent']);
  });

  it('tells of a silence once, and of its end', () => {
    const started = start(null);
    started.heard();
    vi.advanceTimersByTime(300_000);
    started.heard();
    expect(events).toEqual(['heard', 'silent', 'heard', 'back']);
    expect(started.state()).toMatchObject({ ageSeconds: 0, silent: false });
  });

  it('notices a silence though the clock was set back two hours meanwhile', () => {
    const started = start(null);
    started.heard();
    vi.setSystemTime(Date.now() - 7_200_000);
    vi.advanceTimersByTime(66_000);
    expect(started.state()).toMatchObject({ ageSeconds: 66, silent: true });
    expect(events).toEqual(['heard', 'silent']);
  });

  it('takes a time of the future, from before a clock was set back and a restart, as now', () => {
    const started = start(Date.now() + 7_200_000);
    expect(started.state()).toMatchObject({ ageSeconds: 0, silent: false });
    vi.advanceTimersByTime(66_000);
    expect(started.state().silent).toBe(true);
  });

  it('stays calm for one timeout after a restart, however long it was down', () => {
    const started = start(Date.now() - 3_600_000);
    expect(started.state()).toMatchObject({ ageSeconds: 3600, silent: false });
    vi.advanceTimersByTime(66_000);
    expect(started.state().silent).toBe(true);
  });
});

describe('watchdog of a running responder', () => {
  it('turns readiness and metric over when it falls silent, logs an error, and comes back', async () => {
    const responder = await startTestResponder({ watchdogTimeoutMs: 1000 });
    try {
      await responder.deliver(watchdogPayload());
      expect((await fetch(`${responder.url}/readyz`)).status).toBe(200);
      expect(await responder.metric('incident_responder_ready')).toBe(1);
      expect((await responder.getJson('/api/notifications')).notifications).toEqual([]);

      await vi.waitFor(async () => expect((await fetch(`${responder.url}/readyz`)).status).toBe(503), {
        timeout: 5000,
        interval: 50,
      });
      expect((await responder.getJson('/readyz')).reasons[0]).toMatch(/^the Watchdog was not heard for/);
      expect(await responder.metric('incident_responder_watchdog_silent')).toBe(1);
      expect(await responder.metric('incident_responder_watchdog_age_seconds')).toBeGreaterThan(1);
      await vi.waitFor(() => expect(responder.logged.join('')).toContain('the Watchdog fell silent'));
      expect((await fetch(`${responder.url}/healthz`)).status).toBe(200);

      await responder.deliver(watchdogPayload());
      expect((await responder.getJson('/readyz')).ready).toBe(true);
    } finally {
      await responder.close();
    }
  });

  it('is not ready where nothing more can be written', async () => {
    const responder = await startTestResponder();
    try {
      rmSync(responder.dataDir, { recursive: true });
      const { ready, reasons } = await responder.getJson('/readyz');
      expect({ ready, reasons }).toEqual({
        ready: false,
        reasons: [expect.stringMatching(/^nothing can be written to .*: ENOENT/)],
      });
      expect(await responder.metric('incident_responder_ready')).toBe(0);
    } finally {
      await responder.close();
    }
  });

  it('remembers over a restart when it was last heard', async () => {
    const first = await startTestResponder({ keepData: true });
    await first.deliver(watchdogPayload());
    const { lastHeardAt } = (await first.getJson('/readyz')).watchdog;
    await first.close();
    const second = await startTestResponder({ dataDir: first.dataDir });
    try {
      expect((await second.getJson('/readyz')).watchdog.lastHeardAt).toBe(lastHeardAt);
    } finally {
      await second.close();
    }
  });
});
