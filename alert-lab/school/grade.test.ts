import { describe, expect, it } from 'vitest';
import { fault } from '../chaos/testing/made-records.ts';
import type { Flight } from './flight.ts';
import { grade } from './grade.ts';

const PAGED = 1_000_000;
const after = (seconds: number) => PAGED + seconds * 1000;
const mission = {
  fault: fault('down', {
    truth: { service: ['fulfillment'], cause: ['instance'], instance: 'fulfillment-1' },
  }) as never,
  rightActs: ['restart fulfillment-1', 'action restart'],
  targets: { acknowledge: 60, localise: 120, mitigate: 180, budget: 0.02 },
  impact: 'some' as const,
  contributing: ['no-room' as const, 'no-limit' as const],
  improve: ['leave-it' as const],
};
const root = { atMs: after(100), service: 'fulfillment', cause: 'instance', instance: 'fulfillment-1' };
const act = (what: string, by: 'pilot' | 'responder' = 'pilot', seconds = 120) => ({
  atMs: after(seconds),
  by,
  what,
});
const flight = (more: Partial<Flight> = {}) =>
  grade(
    {
      mission: 'm',
      pilot: 'person',
      beganMs: after(-30),
      pagedMs: PAGED,
      acknowledgedMs: after(20),
      impact: 'some',
      root,
      contributing: 'no-limit',
      improve: 'leave-it',
      mitigatedMs: after(150),
      acts: [act('restart fulfillment-1')],
      hintCost: 0,
      budgetSpent: 0.01,
      endedMs: after(200),
      ended: 'mitigated',
      problems: [],
      timeline: [],
      ...more,
    },
    mission,
  );

describe('a flight', () => {
  it('in time, without a mistake, is worth all points', () => {
    expect(flight()).toMatchObject({
      points: 100,
      acknowledgeSeconds: 20,
      localiseSeconds: 100,
      mitigateSeconds: 150,
      mitigatedBy: 'pilot',
      wrongActs: [],
    });
  });

  it.each<[string, Partial<Flight>, number, object]>([
    ['nobody acknowledged', { acknowledgedMs: null }, 90, { acknowledgeSeconds: null }],
    ['acknowledged after twice the target', { acknowledgedMs: after(120) }, 95, { acknowledgeSeconds: 120 }],
    ['the impact is another', { impact: 'all' }, 90, { isImpactRight: false }],
    ['no contributing cause is named', { contributing: null }, 95, { isContributingRight: false }],
    ['another one is named', { contributing: 'outsider' }, 95, { isContributingRight: false }],
    ['another alert is improved', { improve: 'page-less' }, 95, { isImprovementRight: false }],
    ['no root is named', { root: null }, 65, { isServiceRight: false, localiseSeconds: null }],
    [
      'another service is named',
      { root: { ...root, service: 'identity' } },
      65,
      { isServiceRight: false, isTriggerRight: false },
    ],
    [
      'another cause is named',
      { root: { ...root, cause: 'flag-change' } },
      90,
      { isServiceRight: true, isTriggerRight: false },
    ],
    [
      'another instance is named',
      { root: { ...root, instance: 'fulfillment-2' } },
      90,
      { isTriggerRight: false },
    ],
    [
      'the root is named after twice the target',
      { root: { ...root, atMs: after(240) } },
      95,
      { localiseSeconds: 240 },
    ],
    [
      'nothing mitigated it',
      { mitigatedMs: null, acts: [] },
      65,
      { mitigatedBy: null, mitigateSeconds: null },
    ],
    ['it went away by itself', { acts: [] }, 65, { mitigatedBy: 'nobody' }],
    [
      'what helps was done when it was over',
      { acts: [act('restart fulfillment-1', 'pilot', 151)] },
      65,
      { mitigatedBy: 'nobody' },
    ],
    [
      'the responder was quicker',
      { acts: [act('action restart', 'responder')] },
      65,
      { mitigatedBy: 'responder' },
    ],
    ['mitigated after three times the target', { mitigatedMs: after(540) }, 90, { mitigateSeconds: 540 }],
    ['twice the budget is spent', { budgetSpent: 0.04 }, 95, {}],
    [
      'two other processes are restarted, too',
      { acts: [act('restart identity'), act('restart fulfillment-1'), act('restart storefront')] },
      80,
      { wrongActs: ['restart identity', 'restart storefront'] },
    ],
    [
      'a mistake is the responder’s',
      { acts: [act('action other', 'responder'), act('restart fulfillment-1')] },
      100,
      { wrongActs: [] },
    ],
    ['hints were taken', { hintCost: 11 }, 89, { hintCost: 11 }],
    [
      'there are more mistakes than points',
      { root: null, impact: null, mitigatedMs: null, acts: [act('a'), act('b')] },
      0,
      {},
    ],
  ])('where %s', (_what, more, points, card) => {
    expect(flight(more)).toMatchObject({ points, ...card });
  });

  it('of the responder counts what the responder did', () => {
    const acts = [act('action restart', 'responder'), act('action other', 'responder')];
    expect(flight({ pilot: 'responder', acts })).toMatchObject({
      points: 90,
      mitigatedBy: 'responder',
      wrongActs: ['action other'],
    });
  });

  it('that was interrupted, or that nobody was paged of, is not graded', () => {
    expect(flight({ ended: 'interrupted' }).points).toBeNull();
    expect(flight({ pagedMs: null, acknowledgedMs: null }).points).toBeNull();
  });
});
