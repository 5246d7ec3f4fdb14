import { readSettings } from '@aiops-sre/stack/settings.ts';
import { z } from 'zod';
import type { Project } from './project.ts';

/** The variable by which the tests find the project that `npm run test:compose` started. */
export const PROJECT_VARIABLE = 'AIOPS_COMPOSE_PROJECT';

const schema = z.object({
  folder: z.string(),
  name: z.string(),
  portOffset: z.number(),
  profiles: z.array(z.string()),
});

export function describeProject({ folder, name, portOffset, profiles }: Project): string {
  return JSON.stringify({ folder, name, portOffset, profiles });
}

export function projectUnderTest(): Project {
  const text = process.env[PROJECT_VARIABLE];
  if (!text) throw new Error('These tests run on a project of their own: npm run test:compose');
  const described = schema.parse(JSON.parse(text));
  return { ...described, settings: readSettings(described.folder, process.env) };
}
