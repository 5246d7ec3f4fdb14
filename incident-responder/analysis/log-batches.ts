import { isError, type LogLine } from '@aiops-sre/investigation/logs/loki-lines.ts';
import { maskedTokens } from '@aiops-sre/investigation/logs/mask.ts';
import { redact } from './redact.ts';

export const LINES_A_BATCH = 50;
/** Of one incident: so many questions before the one that explains it. */
export const MAX_BATCHES = 4;
const MAX_LINE = 300;
/** Of lines that are no errors, one in so many. */
const ONE_IN = 10;

export interface ToldLine {
  readonly service: string;
  readonly level: string;
  readonly text: string;
  /** Lines that differ from it by values alone, itself among them; of those read. */
  readonly times: number;
}

/**
 * What a model is told of log lines, redacted: all errors, then a tenth of the rest, each once for all lines that differ from
 * it by values alone, in batches of fifty. What there is most of comes first, and what does not fit into the batches is left out.
 */
export function logBatches(lines: readonly LogLine[]): readonly (readonly ToldLine[])[] {
  const some = lines.filter((line) => !isError(line)).filter((_, index) => index % ONE_IN === 0);
  const told = [...alike(lines.filter(isError)), ...alike(some)].slice(0, MAX_BATCHES * LINES_A_BATCH);
  return Array.from({ length: Math.ceil(told.length / LINES_A_BATCH) }, (_, batch) =>
    told.slice(batch * LINES_A_BATCH, (batch + 1) * LINES_A_BATCH),
  );
}

function alike(lines: readonly LogLine[]): readonly ToldLine[] {
  const groups = Map.groupBy(lines, ({ service, level, text }) =>
    JSON.stringify([service, level, ...maskedTokens(text)]),
  );
  return [...groups.values()]
    .map((group) => {
      const [{ service, level, text }] = group as [LogLine];
      return {
        service: redact(service, 60),
        level: redact(level, 20),
        text: redact(text, MAX_LINE),
        times: group.length,
      };
    })
    .toSorted((one, other) => other.times - one.times);
}
