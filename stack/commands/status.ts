import { setTimeout as sleep } from 'node:timers/promises';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { clearScreen } from '@aiops-sre/service-kit/terminal/print.ts';
import { renderStatus } from '../status/render-status.ts';
import { readStatus } from '../status/status-report.ts';
import type { CommandContext } from './context.ts';

const WATCH_MS = 2000;

export interface StatusOptions {
  /** One JSON object; with `watch` one a line. */
  readonly json: boolean;
  /** Again every two seconds, until Ctrl-C. */
  readonly watch: boolean;
}

/**
 * What runs, how the SLOs stand, which incidents are open, what fires and what is unusual. Exit code 1 where something is
 * not ready or nothing runs.
 */
export async function status(context: CommandContext, options: StatusOptions): Promise<void> {
  if (!options.watch) return once(context, options);
  while (!context.signal.aborted) {
    await once(context, options);
    await sleep(WATCH_MS, undefined, { signal: context.signal }).catch(() => undefined);
  }
  process.exitCode = 0;
}

async function once({ settings, write }: CommandContext, { json, watch }: StatusOptions): Promise<void> {
  const report = await readStatus(settings);
  process.exitCode = report?.ready ? 0 : 1;
  if (json) return write(JSON.stringify(report ?? { engine: null }));
  const nowMs = Date.now();
  const text = report
    ? renderStatus(report, nowMs, endpoint(settings, 'incidentResponder'))
    : 'Nothing is running. npm start starts everything.';
  if (watch) clearScreen();
  write(
    watch ? `${text}\n\n${new Date(nowMs).toISOString().slice(11, 19)} UTC, every 2 s. Ctrl-C ends.` : text,
  );
}
