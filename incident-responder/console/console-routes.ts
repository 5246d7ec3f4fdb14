import { Router } from 'express';
import type { Logger } from 'pino';
import type { EventFeed } from '../event-feed.ts';
import type { OnCall } from '../on-call/start-on-call.ts';
import type { ClosedSessions } from '../store/closed-sessions.ts';
import { type AssetRoutesOptions, assetRoutes } from './asset-routes.ts';
import { type BoardRoutesOptions, boardRoutes } from './board-routes.ts';
import { type CommandRoutesOptions, commandRoutes } from './command-routes.ts';
import { type DecisionRoutesOptions, decisionRoutes } from './decision-routes.ts';
import { createEventStream, type EventStream } from './event-stream.ts';
import { type OnCallRoutesOptions, onCallRoutes } from './on-call-routes.ts';
import { type PageRoutesOptions, pageRoutes } from './page-routes.ts';
import { createSessions } from './session/session-cookie.ts';
import { sessionRoutes } from './session/session-routes.ts';

export interface ConsoleOptions
  extends Omit<PageRoutesOptions, 'sessions'>,
    Omit<BoardRoutesOptions, 'sessions'>,
    Omit<OnCallRoutesOptions, 'sessions'>,
    Omit<CommandRoutesOptions, 'sessions'>,
    Omit<DecisionRoutesOptions, 'sessions'>,
    AssetRoutesOptions {
  readonly events: EventFeed;
  readonly closedSessions: ClosedSessions;
  readonly log: Logger;
  readonly onCall: OnCall;
  /** Undefined: everybody may read, nobody may decide. */
  readonly operatorToken: string | undefined;
}

export interface Console {
  readonly router: Router;
  /** Ends the pages' live updates, which would keep a server from closing. */
  close(): void;
}

/** The console: pages for people, their sign-in, their decisions, and live updates. */
export function createConsole(options: ConsoleOptions): Console {
  const { operatorToken, events, closedSessions, log } = options;
  const sessions = operatorToken === undefined ? undefined : createSessions(operatorToken, closedSessions);
  const stream: EventStream = createEventStream({ events });
  const router = Router();
  router.use('/assets', assetRoutes(options));
  router.get('/events', stream.handler);
  router.use(sessionRoutes({ sessions, operatorToken, log }));
  router.use(decisionRoutes({ ...options, sessions }));
  router.use(commandRoutes({ ...options, sessions }));
  router.use(boardRoutes({ ...options, sessions }));
  router.use(onCallRoutes({ ...options, sessions }));
  router.use(pageRoutes({ ...options, sessions }));
  return { router, close: stream.close };
}
