import { SEVERITIES, type Severity } from '@aiops-sre/conventions/alerts.ts';
import { readYamlFile } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { z } from 'zod';

const names = z.array(z.string().min(1));
const pattern = z.string().transform((text, context) => {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    context.addIssue('expected a regular expression');
    return z.NEVER;
  }
});
const severity = z.enum(SEVERITIES);
const mappingSchema = z.strictObject({
  severity: z.strictObject({
    labels: names.min(1),
    page: names,
    ticket: names,
    info: names,
    otherwise: severity,
  }),
  service: z.strictObject({ labels: names.min(1), otherwise: names }),
  rules: z
    .array(
      z
        .strictObject({
          when: z.record(z.string(), pattern),
          service: z.string().min(1).optional(),
          severity: severity.optional(),
        })
        .refine((rule) => rule.service ?? rule.severity, 'expected service, severity or both'),
    )
    .default([]),
});

type Labels = Readonly<Record<string, string>>;

export interface AlertMapping {
  /** Whom an alert concerns, and how grave it is, whoever sent it. `unknown` where no label tells the service. */
  of(labels: Labels): { readonly service: string; readonly severity: Severity };
}

/** @throws FileError with a line for each problem: file, line, field, what was found, what is possible. */
export function readAlertMapping(file: string): AlertMapping {
  return createMapping(readYamlFile(file, mappingSchema));
}

function createMapping({
  severity: severities,
  service,
  rules,
}: z.infer<typeof mappingSchema>): AlertMapping {
  const grades = new Map(
    SEVERITIES.flatMap((grade) => severities[grade].map((value) => [value.toLowerCase(), grade] as const)),
  );
  const labelOf = (labels: Labels, name: string) =>
    Object.hasOwn(labels, name) && labels[name] !== '' ? labels[name] : undefined;
  const first = (labels: Labels, wanted: readonly string[]) =>
    wanted.map((name) => labelOf(labels, name)).find((value) => value !== undefined);
  return {
    of(labels) {
      const rule = rules.find(({ when }) =>
        Object.entries(when).every(([name, expression]) => expression.test(labelOf(labels, name) ?? '')),
      );
      const together = service.otherwise
        .map((name) => labelOf(labels, name))
        .filter((value) => value !== undefined);
      return {
        service: rule?.service ?? first(labels, service.labels) ?? (together.join('/') || 'unknown'),
        severity:
          rule?.severity ??
          grades.get((first(labels, severities.labels) ?? '').trim().toLowerCase()) ??
          severities.otherwise,
      };
    },
  };
}
