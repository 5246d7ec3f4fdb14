import { durationSchema } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { z } from 'zod';
import type { CommandKind } from '../command.ts';
import { fillAll, template } from '../placeholders.ts';

export const silenceSchema = z.strictObject({
  kind: z.literal('silence'),
  matchers: z
    .record(z.string(), template)
    .refine((matchers) => Object.keys(matchers).length > 0, 'expected one matcher at least'),
  for: durationSchema(),
});

/** Keeps alerts that equal all matchers quiet for a time. The comment tells which run did it, and finds it again. */
export const silence: CommandKind<z.infer<typeof silenceSchema>> = {
  canRestore: true,
  describe(spec, fill) {
    const matchers = Object.entries(spec.matchers).map(
      ([name, value]) => `${name}=${JSON.stringify(fill(value))}`,
    );
    return `silence ${matchers.join(', ')} for ${Math.round(spec.for / 60_000)} min`;
  },
  command(spec, { fill, runId, means: { alertmanager } }) {
    const matchers = fillAll(spec.matchers, fill);
    const comment = `incident-responder: action run ${runId}`;
    return {
      async prepare(signal) {
        await alertmanager.silencesWithComment(comment, signal);
        return {};
      },
      async carryOut(signal) {
        if ((await alertmanager.silencesWithComment(comment, signal)).length > 0) {
          await alertmanager.stored(signal);
          return;
        }
        const startsAtMs = Date.now();
        await alertmanager.silence(
          { matchers, startsAtMs, endsAtMs: startsAtMs + spec.for, createdBy: 'incident-responder', comment },
          signal,
        );
      },
      async takeBack(_undo, signal) {
        for (const id of await alertmanager.silencesWithComment(comment, signal))
          await alertmanager.expireSilence(id, signal);
      },
    };
  },
};
