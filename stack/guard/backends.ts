import { z } from 'zod';
import { LOKI_ROUTES, type Route, TEMPO_ROUTES } from './routes.ts';

/** Backends that a guard stands in front of. */
export const guardedBackend = z.enum(['tempo', 'loki']);
export type GuardedBackend = z.infer<typeof guardedBackend>;

export const GUARDED_ROUTES: Readonly<Record<GuardedBackend, readonly Route[]>> = {
  tempo: TEMPO_ROUTES,
  loki: LOKI_ROUTES,
};
