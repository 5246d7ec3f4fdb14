import { createSessions } from '@aiops-sre/incident-responder/console/session/session-cookie.ts';
import { securityHeaders } from '@aiops-sre/incident-responder/http/security-headers.ts';
import { answerFor } from '@aiops-sre/service-kit/http/http-error.ts';
import { listen } from '@aiops-sre/service-kit/http/http-server.ts';
import express, { type ErrorRequestHandler } from 'express';
import { SchoolError } from '../fly-mission.ts';
import { createDesk, type DeskOptions } from './desk.ts';
import { type SchoolRoutesOptions, schoolRoutes } from './school-routes.ts';

export interface SchoolOptions extends DeskOptions, Omit<SchoolRoutesOptions, 'desk' | 'sessions'> {
  /** 0 takes a free one. */
  readonly port: number;
  readonly err: (line: string) => void;
}

/**
 * Serves the school on loopback until it is closed, which ends a flight and puts everything back.
 *
 * @throws SchoolError without an operator token: sessions signed with nothing could be made by anybody
 */
export async function startSchool({ port, err, ...options }: SchoolOptions) {
  const token = options.stack.operatorToken();
  if (token === '')
    throw new SchoolError(
      'OPERATOR_TOKEN: got none, expected the token of the stack; docker compose run --rm prepare show prints it',
    );
  const desk = createDesk(options);
  // Signed with the same token, a cookie of the console's is good here: browsers send it to every port of a host. Who logs
  // out there has no cookie any more.
  const sessions = createSessions(token, { add() {}, has: () => false });
  const { router, close } = schoolRoutes({ ...options, desk, sessions });
  const answerFailure: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const { status, message } = answerFor(error);
    if (status >= 500) err(String(error));
    response.status(status).json({ error: message });
  };
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders, router);
  app.use((_request, response) => {
    response.status(404).json({ error: 'no such page' });
  });
  app.use(answerFailure);
  const server = await listen({ handler: app, host: '127.0.0.1', port });
  return {
    url: server.url,
    desk,
    async close() {
      await desk.end();
      close();
      await server.close();
    },
  };
}
