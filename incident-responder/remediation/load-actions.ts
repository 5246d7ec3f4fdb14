import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ActionDefinition, actionDefinitionSchema } from './action-definition.ts';

/**
 * Every `*.yaml` of a folder, by name.
 *
 * @throws Error with a line for each problem: file, field, what is wrong. One bad file refuses them all: half of what was
 * meant to run is worse than a start that fails.
 */
export function loadActions(folder: string): ReadonlyMap<string, ActionDefinition> {
  const actions = new Map<string, ActionDefinition>();
  const problems: string[] = [];
  for (const file of readdirSync(folder)
    .filter((each) => each.endsWith('.yaml'))
    .sort()) {
    const path = join(folder, file);
    const name = file.replace(/\.yaml$/, '');
    try {
      const result = actionDefinitionSchema.safeParse(parse(readFileSync(path, 'utf8')));
      if (result.success) actions.set(name, { ...result.data, name });
      else
        for (const issue of result.error.issues)
          problems.push(`${path}: ${issue.path.join('.') || 'document'}: ${issue.message}`);
    } catch (error) {
      problems.push(`${path}: ${(error as Error).message}`);
    }
  }
  for (const { name, undoes } of actions.values())
    if (undoes !== undefined && !actions.has(undoes))
      problems.push(`${join(folder, name)}.yaml: undoes: expected the name of an action, got ${undoes}`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return actions;
}
