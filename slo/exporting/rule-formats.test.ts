import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { runPromtool } from '../checking/promtool.ts';
import { readDefinitions } from '../reading/read-definitions.ts';
import { DEFAULT_LINK_BASES } from '../rules/links.ts';
import { promtool } from '../testing/promtool-rig.ts';
import { shopDefinition } from '../testing/shop-definition.ts';
import { exportedRules, RULE_FORMATS } from './rule-formats.ts';

const slo = readDefinitions([{ file: 'shop.yaml', text: shopDefinition() }]).slos[0]!;
const options = {
  links: DEFAULT_LINK_BASES,
  pageInterval: '15s',
  labels: { release: 'kps' },
  namespace: 'monitoring',
};
const groupsOf = (content: { groups?: unknown; spec?: { groups: unknown } }) =>
  content.spec?.groups ?? content.groups;

describe('exported rules', () => {
  it('are an object that an operator selects by its labels', () => {
    expect(parse(exportedRules(slo, 'prometheus-operator', options))).toMatchObject({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: `slo-${slo.name}`, namespace: 'monitoring', labels: { release: 'kps' } },
    });
  });

  it('are the same rules in every format, each group with its interval', () => {
    const all = RULE_FORMATS.map(
      (format) =>
        groupsOf(parse(exportedRules(slo, format, options))) as { rules: unknown; interval: string }[],
    );
    for (const groups of all) {
      expect(groups.map(({ rules }) => rules)).toEqual(all[0]!.map(({ rules }) => rules));
      expect(groups.map(({ interval }) => interval)).toEqual(['15s', '1m', '2m']);
    }
  });

  it('let no Thanos answer from half of its stores', () => {
    for (const group of parse(exportedRules(slo, 'thanos', options)).groups)
      expect(group.partial_response_strategy).toBe('abort');
  });

  it.skipIf(promtool === undefined)('hold rules that promtool takes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'exported-'));
    try {
      const groups = groupsOf(parse(exportedRules(slo, 'prometheus-operator', options)));
      await writeFile(join(folder, 'rules.yml'), stringify({ groups }));
      const result = await runPromtool(promtool!, ['check', 'rules', 'rules.yml'], { folder });
      expect(result.output).toContain('SUCCESS');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
