import { readdir } from 'node:fs/promises';
import { runPromtool } from '@aiops-sre/slo/checking/promtool.ts';

/**
 * The shipped rule files in promtool's virtual time: every test file of the folders.
 * @returns names of the files, all of which passed. @throws Error with promtool's output at the first that does not
 */
export async function runPromtoolLayer(promtool: string, folders: readonly string[]): Promise<string[]> {
  const passed: string[] = [];
  for (const folder of folders) {
    for (const name of (await readdir(folder)).filter((each) => each.endsWith('.test.yml')).sort()) {
      const result = await runPromtool(promtool, ['test', 'rules', name], { folder });
      if (!result.passed) throw new Error(`${name} fails:\n${result.output}`);
      passed.push(name);
    }
  }
  return passed;
}
