import { describe, expect, test } from 'vitest';
import { healthTargets } from './targets.ts';

describe('the targets', () => {
  test('are read from SERVICE=URL', () => {
    expect(healthTargets.parse('tempo=http://tempo:3200/ready  loki=http://loki:3100/ready?a=b')).toEqual([
      { service: 'tempo', url: 'http://tempo:3200/ready' },
      { service: 'loki', url: 'http://loki:3100/ready?a=b' },
    ]);
  });

  test.each(['tempo', 'tempo=tempo:3200', 'tempo=https://tempo', 'Tempo=http://tempo'])(
    '%j is refused',
    (text) => {
      expect(healthTargets.safeParse(text).error?.issues[0]?.message).toMatch(/^expected SERVICE=/);
    },
  );
});
