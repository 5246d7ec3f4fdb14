import { z } from 'zod';

/** Labels of an alert that say which part of a cluster it is about. */
export const CLUSTER_LABELS = [
  'namespace',
  'workload',
  'workload_kind',
  'container',
  'revision',
  'node',
] as const;

/** What an action may be filled in with, out of the most probable root and the alert that matched. */
const PLACEHOLDERS = [
  'service',
  'instance',
  'alertname',
  'incident',
  'run',
  'started',
  ...CLUSTER_LABELS,
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/**
 * Names of services and instances look so. Everything else is not filled in anywhere: what is left has no meaning in
 * PromQL's strings and regular expressions (but the dot), in URLs, shells, HTML or Markdown.
 */
const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

function placeholderProblem(template: string): string | undefined {
  for (const [, name] of template.matchAll(PLACEHOLDER))
    if (!(PLACEHOLDERS as readonly (string | undefined)[]).includes(name))
      return `{{${name}}}: expected one of ${PLACEHOLDERS.join(', ')}`;
  return undefined;
}

/** A text of an action's file with placeholders that are known. */
export const template = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const problem = placeholderProblem(text);
    if (problem !== undefined) context.addIssue(problem);
  });

export function filled(template: string, fillIn: (name: Placeholder) => string): string {
  return template.replace(PLACEHOLDER, (_, name: Placeholder) => fillIn(name));
}

/** @throws Error if a value is missing or is more than a plain name. */
export function fill(template: string, parameters: Readonly<Record<string, string>>): string {
  return filled(template, (name) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined) throw new Error(`{{${name}}}: nothing is known to fill in`);
    if (!HARMLESS.test(value))
      throw new Error(`{{${name}}}: expected a plain name, got ${JSON.stringify(value.slice(0, 60))}`);
    return value;
  });
}

export function fillAll(
  templates: Readonly<Record<string, string>>,
  fillIn: (template: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(templates).map(([key, template]) => [key, fillIn(template)]));
}
