import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import type { SupervisedProcess } from './supervised-process.ts';

const actionSchema = z.enum(['start', 'stop', 'kill', 'restart', 'reload']);

/**
 * The supervisor's HTTP interface; it listens on a Unix socket only its user can open.
 *
 *   GET  /processes                 status of all
 *   POST /processes/NAME/start      also ends a wait for a restart
 *   POST /processes/NAME/stop       in order; stays down until started
 *   POST /processes/NAME/kill       SIGKILL; stays down until started
 *   POST /processes/NAME/restart
 *   POST /processes/NAME/reload     SIGHUP: Prometheus and Alertmanager read their configuration again
 *   POST /shutdown                  ends all, then the supervisor
 */
export function createControlServer(options: {
  readonly processes: ReadonlyMap<string, SupervisedProcess>;
  readonly onShutdown: () => void;
}): Server {
  const act = {
    start: async (target: SupervisedProcess) => target.start(),
    stop: (target: SupervisedProcess) => target.stop(),
    kill: (target: SupervisedProcess) => target.stop('SIGKILL'),
    restart: (target: SupervisedProcess) => target.restart(),
    reload: async (target: SupervisedProcess) => target.reload(),
  };
  return createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    request.resume();
    const [, resource, name, action] = (request.url ?? '/').split('/');
    if (request.method === 'GET' && resource === 'processes' && !name) {
      return answer(
        200,
        [...options.processes.values()].map((each) => each.status),
      );
    }
    if (request.method === 'POST' && resource === 'shutdown') {
      answer(202, {});
      return options.onShutdown();
    }
    const target = options.processes.get(name ?? '');
    const parsed = actionSchema.safeParse(action);
    if (request.method !== 'POST' || !target || !parsed.success) {
      return answer(404, { error: `${request.method} ${request.url}: no such process or action` });
    }
    await act[parsed.data](target);
    answer(200, target.status);
  });
}
