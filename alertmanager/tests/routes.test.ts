import { RECEIVERS } from '@aiops-sre/conventions/alerts.ts';
import { describe, expect, it } from 'vitest';
import { amtool, CONFIG_FILE, receiverOf } from '../testing/amtool.ts';
import cases from './routes.json' with { type: 'json' };

const binary = process.env.AMTOOL ?? '';

describe.skipIf(binary === '')(
  `routes (${binary || 'skipped: AMTOOL does not name an amtool binary'})`,
  () => {
    it('are in a configuration that amtool accepts', () => {
      expect(amtool(binary, ['check-config', CONFIG_FILE])).toContain('SUCCESS');
    });

    it.each(cases)('$case goes to $receiver', ({ labels, receiver }) => {
      expect(receiverOf(binary, labels)).toBe(receiver);
    });

    it('are all covered by a case', () => {
      expect([...new Set(cases.map(({ receiver }) => receiver))].sort()).toEqual([...RECEIVERS].sort());
    });
  },
);
