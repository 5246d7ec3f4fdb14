import { application } from './processes/application.ts';
import { backends } from './processes/backends.ts';
import { database } from './processes/database.ts';
import { observers } from './processes/observers.ts';
import type { ProcessContext } from './processes/process-context.ts';
import type { ProcessSpec } from './supervisor/process-spec.ts';

/** Every process of the native engine. */
export function processSpecs(context: ProcessContext): readonly ProcessSpec[] {
  return [...backends(context), ...database(context), ...application(context), ...observers(context)];
}
