import type { ProcessSpec } from '../supervisor/process-spec.ts';
import { HOST, type ProcessContext, processSpec } from './process-context.ts';

/** The demo's PostgreSQL; none without the demo. */
export function database(context: ProcessContext): readonly ProcessSpec[] {
  const { postgres, settings } = context;
  if (!postgres) return [];
  const { command, args, environment, workingDirectory, uid, gid } = postgres;
  return [
    processSpec(context, {
      name: 'postgres',
      command,
      args: [...args],
      environment: { ...environment },
      workingDirectory,
      ...(uid !== undefined && gid !== undefined && { user: { uid, gid } }),
      readyUrl: `postgres://${HOST}:${settings.ports.postgres}`,
      // Ends its connections and writes what it holds; at SIGTERM it would wait until nobody is connected any more.
      stopSignal: 'SIGINT',
      stopTimeoutMs: 20_000,
    }),
  ];
}
