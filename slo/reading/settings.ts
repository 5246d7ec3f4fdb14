import { durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { z } from 'zod';
import { DEFAULT_OPTIONS, type SloOptions } from '../model/slo.ts';

/** Prefix of the annotations that are settings of this compiler; others belong to somebody else and are let through. */
const SETTINGS_PREFIX = 'slo/';

/** Labels by which rules tell SLOs and their alerts apart: one of the definition would hide that. */
const RESERVED = ['slo', 'service', 'severity', 'alertname', 'alertstate', 'slo_group', 'burn_in'];
/** Labels of some alerts and of histograms: as one of a group it would be another there. */
const RESERVED_OF_GROUPS = [...RESERVED, 'window', 'tier', 'period', 'le'];

const wholeNumber = (possible: string) =>
  z
    .union([z.number(), z.string()])
    .transform(String)
    .refine((value) => /^[1-9]\d{0,5}$/.test(value), possible);

/** Settings as they stand in the annotations of an SLO. */
const settingsSchema = z.strictObject({
  'slo/minimum-bad-events': wholeNumber('a whole number from 1 to 999999').optional(),
  'slo/exhaustion-warning': z
    .string()
    .refine((value) => (durationSeconds(value) ?? 0) >= 60, 'a duration of at least 1m, such as 36h or 3d')
    .optional(),
  'slo/absence-severity': z.enum(['page', 'ticket', 'none']).optional(),
  'slo/group-by': z
    .union([
      z.string().transform((text) => text.split(/[\s,]+/).filter((name) => name !== '')),
      z.array(z.string()),
    ])
    .refine(
      (names) =>
        names.length >= 1 &&
        names.length <= 4 &&
        names.every((name) => name !== '' && !name.startsWith('__')),
      'one to four labels of the telemetry, such as [cluster, namespace]',
    )
    .refine(
      (names) => reservedGroup(names) === undefined,
      `labels other than ${RESERVED_OF_GROUPS.join(', ')}`,
    )
    .optional(),
  'slo/maximum-groups': wholeNumber('a whole number of groups').optional(),
  'slo/burn-in': z
    .union([z.boolean(), z.enum(['true', 'false'])])
    .transform(String)
    .optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const annotationsSchema = z
  .record(z.string(), z.unknown())
  .transform((all) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith(SETTINGS_PREFIX))),
  )
  .pipe(settingsSchema as unknown as z.ZodType<Settings, Record<string, unknown>>);

/** Labels of the metadata, as one value each: OpenSLO allows lists. */
export const labelsSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
  .transform((labels) =>
    Object.fromEntries(
      Object.entries(labels).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(',') : String(value),
      ]),
    ),
  )
  .refine(
    (labels) => Object.keys(labels).every((name) => /^[a-zA-Z_]\w*$/.test(name) && !name.startsWith('__')),
    'names of labels of letters, digits and _, such as team: they go on rules and alerts',
  )
  .refine(
    (labels) => !Object.keys(labels).some((name) => RESERVED.includes(name)),
    `labels other than ${RESERVED.join(', ')}, which rules have already`,
  );

export function reservedGroup(names: readonly string[]): string | undefined {
  return names.find((name) => RESERVED_OF_GROUPS.includes(name));
}

export function optionsOf(settings: Settings): SloOptions {
  return {
    minimumBadEvents: Number(settings['slo/minimum-bad-events'] ?? DEFAULT_OPTIONS.minimumBadEvents),
    exhaustionWarning: settings['slo/exhaustion-warning'] ?? DEFAULT_OPTIONS.exhaustionWarning,
    absenceSeverity: settings['slo/absence-severity'] ?? DEFAULT_OPTIONS.absenceSeverity,
    maximumGroups: Number(settings['slo/maximum-groups'] ?? DEFAULT_OPTIONS.maximumGroups),
    burnIn: settings['slo/burn-in'] === 'true',
  };
}
