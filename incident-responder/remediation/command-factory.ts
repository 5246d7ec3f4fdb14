import type { AlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import type { FlagDocument } from '../flags/flag-document.ts';
import type { RepositoryDispatcher } from '../github/repository-dispatcher.ts';
import type { CommandSpec } from './action-definition.ts';
import type { Command } from './command.ts';
import { dispatchEvent } from './commands/dispatch.ts';
import { type RestartableInstances, restartInstance } from './commands/restart-instance.ts';
import { setFlag } from './commands/set-flag.ts';
import { silenceAlerts } from './commands/silence-alerts.ts';
import { fill } from './placeholders.ts';

/** Everything that commands reach the world through. */
export interface CommandMeans {
  readonly flags: FlagDocument;
  readonly onFlagChange: (flag: string, variant: string) => void;
  readonly alertmanager: AlertmanagerClient;
  readonly dispatcher: Pick<RepositoryDispatcher, 'dispatch'> | undefined;
  readonly onDispatched: (eventType: string) => void;
  /** Workflows that are dispatched only say what they would do. */
  readonly dispatchDryRun: boolean;
  readonly instances: RestartableInstances;
  readonly restartToken: string | undefined;
}

/**
 * The command that an action's file asks for, filled in.
 *
 * @throws Error if a placeholder has no value, or one that is more than a plain name.
 */
export function commandFor(
  spec: CommandSpec,
  parameters: Readonly<Record<string, string>>,
  runId: number,
  means: CommandMeans,
): Command {
  const fillAll = (templates: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(templates).map(([key, template]) => [key, fill(template, parameters)]));
  switch (spec.kind) {
    case 'set-flag':
      return setFlag({
        document: means.flags,
        flag: spec.flag,
        variant: spec.variant,
        onChange: means.onFlagChange,
      });
    case 'dispatch':
      return dispatchEvent({
        dispatcher: means.dispatcher,
        onDispatched: means.onDispatched,
        eventType: spec.eventType,
        payload: { ...fillAll(spec.payload), ...(means.dispatchDryRun ? { dry_run: true } : {}) },
      });
    case 'restart-instance':
      return restartInstance({
        instances: means.instances,
        token: means.restartToken,
        instance: fill(spec.instance, parameters),
      });
    case 'silence':
      return silenceAlerts({
        alertmanager: means.alertmanager,
        matchers: fillAll(spec.matchers),
        forMs: spec.for,
        runId,
      });
  }
}
