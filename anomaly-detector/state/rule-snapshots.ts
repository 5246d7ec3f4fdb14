import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { Rule } from '../rules/rule.ts';
import { type SavedSeries, savedState } from '../watch/saved-series.ts';
import type { Shard } from '../watch/shard.ts';
import { readSnapshot, setAside, writeSnapshot } from './snapshot-file.ts';

/** What a rule has learnt, and how far it has come. */
export type RuleState = { readonly evaluatedUntilSeconds: number; readonly series: readonly SavedSeries[] };

export type RuleSnapshots = {
  /**
   * What `use` makes of the stored state, or undefined: nothing there, of another configuration, or unusable, be it
   * that the file is damaged or that `use` throws.
   */
  load<T>(rule: Rule, use: (state: RuleState) => T): Promise<T | undefined>;
  save(rule: Rule, state: RuleState): Promise<void>;
};

const metaSchema = z.object({
  /** Fingerprint of everything that shapes the state. */
  configuration: z.string(),
  evaluatedUntilSeconds: z.number(),
  series: z.array(z.object({ labels: z.record(z.string(), z.string()), state: savedState })),
});

/**
 * One snapshot file a rule in `directory`, so that a changed rule starts anew and the others go on. A file that cannot
 * be used is moved aside and reported, never a reason not to start.
 */
export function createRuleSnapshots(options: {
  directory: string;
  timeZone: string;
  shard: Shard;
  onUnusable: (rule: Rule, reason: string) => void;
}): RuleSnapshots {
  const { directory, timeZone, shard, onUnusable } = options;
  const fileOf = (rule: Rule) => join(directory, `${rule.name}.snapshot`);
  const configurationOf = (rule: Rule) => fingerprint({ ...shapingSettings(rule), timeZone, shard });
  return {
    async load(rule, use) {
      const file = fileOf(rule);
      try {
        const snapshot = await readSnapshot(file);
        if (snapshot === undefined) return undefined;
        const meta = metaSchema.parse(snapshot.meta);
        if (meta.configuration !== configurationOf(rule)) {
          onUnusable(
            rule,
            `${file}: was written for another configuration of the rule; history is read anew`,
          );
          return undefined;
        }
        return use({
          evaluatedUntilSeconds: meta.evaluatedUntilSeconds,
          series: meta.series.map((one, index) => ({ ...one, model: snapshot.blobs[index]! })),
        });
      } catch (error) {
        const aside = await setAside(file).catch(() => 'nowhere, it could not be moved');
        const reason = (error as Error).message.slice(0, 500);
        onUnusable(rule, `${reason}; set aside as ${aside}, history is read anew`);
        return undefined;
      }
    },
    async save(rule, { evaluatedUntilSeconds, series }) {
      const meta: z.input<typeof metaSchema> = {
        configuration: configurationOf(rule),
        evaluatedUntilSeconds,
        series: series.map(({ labels, state }) => ({ labels, state })),
      };
      await writeSnapshot(fileOf(rule), { meta, blobs: series.map(({ model }) => model) });
    },
  };
}

/** Settings under which the same samples give another state. Texts, links and limits are not among them. */
function shapingSettings(rule: Rule): Partial<Rule> & { serviceLabel: string | undefined } {
  const { query, events, windowSeconds, stepSeconds, backfill, seasonality, direction, labels, forEach } =
    rule;
  const { minimumAbsoluteDeviation, minimumRelativeDeviation, vanished, vanishedAfterSeconds } = rule;
  const { expectedFalseAlarmsPerWeek, minimum, maximum } = rule;
  return {
    query,
    events,
    windowSeconds,
    stepSeconds,
    backfill,
    seasonality,
    direction,
    labels,
    // A setting that is not there leaves no trace in a fingerprint.
    serviceLabel: forEach?.serviceLabel,
    minimumAbsoluteDeviation,
    minimumRelativeDeviation,
    expectedFalseAlarmsPerWeek,
    minimum,
    maximum,
    vanished,
    vanishedAfterSeconds,
  };
}

function fingerprint(settings: unknown): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
}
