import { pino } from 'pino';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Incident } from '../incidents/incident.ts';
import type { Findings } from './findings.ts';
import { createInvestigator } from './investigator.ts';

let nowMs: number;
let status: Incident['status'];
let asked: number[];
let found: Map<number, Findings>;
let answer: Promise<void>;
beforeEach(() => {
  nowMs = 1_000_000;
  status = 'open';
  asked = [];
  found = new Map();
  answer = Promise.resolve();
});

const investigator = (fails = false) =>
  createInvestigator({
    incident: (id) => ({ id, status, startedAtMs: 900_000, detectedAtMs: 1_000_000 }) as Incident,
    alerts: () => [{ service: 'shop' }],
    async investigate({ service, nowMs: atMs }) {
      asked.push(atMs);
      await answer;
      if (fails) throw new Error('broken');
      const nothing = { failing: null, slow: null, templates: [], missing: [] };
      return { ...nothing, atMs, service, fromMs: 0, untilMs: 0 };
    },
    found: (id, findings) => void found.set(id, findings),
    latest: (id) => found.get(id),
    log: pino({ level: 'silent' }),
    now: () => nowMs,
  });

it('an incident is looked at at once, and twice more while it lasts, however often it is considered', async () => {
  const { consider } = investigator();
  for (let seconds = 0; seconds < 600; seconds += 10) {
    nowMs = 1_000_000 + seconds * 1000;
    consider(1);
    await vi.waitFor(() => expect(found.get(1)?.atMs).toBe(asked.at(-1)));
  }
  expect(asked.map((atMs) => (atMs - 1_000_000) / 1000)).toEqual([0, 60, 240]);
});

it('one incident is looked at after the other', async () => {
  const gate = Promise.withResolvers<void>();
  answer = gate.promise;
  const { consider } = investigator();
  for (const id of [1, 2, 3]) consider(id);
  expect(asked).toHaveLength(1);
  gate.resolve();
  await vi.waitFor(() => expect([...found.keys()]).toEqual([1, 2, 3]));
});

it('a resolved one is not looked at, and one that fails stops no other', async () => {
  status = 'resolved';
  investigator().consider(1);
  expect(asked).toEqual([]);
  status = 'open';
  const failing = investigator(true);
  failing.consider(1);
  failing.consider(2);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  await failing.close();
});

it('once closed it keeps nothing that is still under way', async () => {
  const gate = Promise.withResolvers<void>();
  answer = gate.promise;
  const { consider, close } = investigator();
  consider(1);
  const closing = close();
  gate.resolve();
  await closing;
  expect(found.size).toBe(0);
});
