import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { type ShippedFolders, shippedFolders } from '../home/shipped.ts';
import { type TakenIn, takeInHome } from '../home/take-in.ts';
import type { Settings } from '../settings.ts';
import type { Layout } from './layout.ts';

/** What is shipped, and what AIOPS_RULES_DIR and the like put in its place. */
export function shippedOf({ root, own }: Settings): ShippedFolders {
  const shipped = shippedFolders(root);
  return {
    ...shipped,
    rules: own.rulesDir ?? shipped.rules,
    anomalyRules: own.detectorConfig ?? shipped.anomalyRules,
    actions: own.actionsDir ?? shipped.actions,
  };
}

/** Takes the home folder in for the native engine. */
export function takeInNative(
  settings: Settings,
  layout: Layout,
  options: {
    readonly demo: boolean;
    readonly promtool: string | undefined;
    readonly amtool: string | undefined;
  },
): Promise<TakenIn> {
  return takeInHome(
    {
      ...options,
      home: settings.home,
      shipped: shippedOf(settings),
      links: {
        runbooks: `${endpoint(settings, 'incidentResponder')}/runbooks`,
        dashboard: `${endpoint(settings, 'grafana')}/d/slo-detail`,
      },
    },
    layout.takenIn,
  );
}
