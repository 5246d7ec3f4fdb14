import type { Definitions } from '../reading/read-definitions.ts';
import { ruleTestFiles } from '../rule-tests/rule-test-files.ts';
import type { LinkBases } from '../rules/links.ts';
import { generatedYaml } from '../rules/rule-yaml.ts';
import { sloRules } from '../rules/slo-rules.ts';
import { sloIndex } from './slo-index.ts';

const INDEX_FILE = 'slo-index.generated.json';

/** Content of every generated file by its name: the same definitions give the same bytes. */
export function generateFiles(definitions: Definitions, links: LinkBases): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const slo of definitions.slos) {
    files.set(`${slo.name}.rules.yml`, generatedYaml(slo.name, sloRules(slo, links)));
    for (const [name, tests] of ruleTestFiles(slo)) files.set(name, generatedYaml(slo.name, tests));
  }
  files.set(INDEX_FILE, `${JSON.stringify(sloIndex(definitions, links), null, 2)}\n`);
  return files;
}
