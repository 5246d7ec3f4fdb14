import { readYaml } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { z } from 'zod';

const correctionSchema = z
  .strictObject({
    slo: z.string().min(1).optional(),
    service: z.string().min(1).optional(),
    from: z.iso.datetime({ offset: true, error: 'an instant with its zone, such as 2026-10-04T02:00:00Z' }),
    until: z.iso.datetime({ offset: true, error: 'an instant with its zone, such as 2026-10-04T03:00:00Z' }),
    reason: z.string().min(1, 'why these events do not count'),
    approvedBy: z.string().min(1, 'who approved it'),
    reference: z.string().min(1).optional(),
  })
  .refine(({ slo, service }) => (slo === undefined) !== (service === undefined), 'either slo or service')
  .refine(({ from, until }) => Date.parse(from) < Date.parse(until), 'an end after its beginning');
const correctionsSchema = z.strictObject({ corrections: z.array(correctionSchema) });

/** A stretch whose events do not count, such as maintenance that was agreed on. A report shows both numbers. */
export interface Correction {
  readonly slo: string | undefined;
  readonly service: string | undefined;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  readonly reason: string;
  readonly approvedBy: string;
  readonly reference: string | undefined;
}

/** @throws FileError that says what is wrong where */
export function readCorrections(file: string, text: string): Correction[] {
  const read = readYaml(file, text, correctionsSchema);
  return read.corrections.map(({ slo, service, from, until, reason, approvedBy, reference }) => ({
    slo,
    service,
    fromSeconds: Date.parse(from) / 1000,
    untilSeconds: Date.parse(until) / 1000,
    reason,
    approvedBy,
    reference,
  }));
}

export function correctionsOf(
  corrections: readonly Correction[],
  slo: { readonly name: string; readonly service: string },
  span: { readonly fromSeconds: number; readonly untilSeconds: number },
): Correction[] {
  return corrections.filter(
    (each) =>
      (each.slo === slo.name || each.service === slo.service) &&
      each.fromSeconds < span.untilSeconds &&
      each.untilSeconds > span.fromSeconds,
  );
}
