import { Router } from 'express';
import { onCallView } from '../on-call/on-call-view.ts';
import type { OnCall } from '../on-call/start-on-call.ts';

const instant = (ms: number) => new Date(ms).toISOString();
const span = <T extends { readonly fromMs: number; readonly untilMs: number }>({
  fromMs,
  untilMs,
  ...rest
}: T) => ({
  ...rest,
  from: instant(fromMs),
  until: instant(untilMs),
});

/** `GET /on-call`: who is on call now and next, hours nobody covers, and how it is shared; null without a roster. */
export function onCallApi({ onCall }: { readonly onCall: OnCall }): Router {
  const router = Router();
  router.get('/on-call', (_request, response) => {
    const view = onCallView(onCall, Date.now());
    response.json({
      problem: onCall.current().problem ?? null,
      onCall:
        view === undefined
          ? null
          : {
              names: view.names,
              now: view.now.map(span),
              next: view.next.map(span),
              gaps: view.check.gaps.map(span),
              overlaps: view.check.overlaps.map(span),
              load: view.check.load,
            },
    });
  });
  return router;
}
