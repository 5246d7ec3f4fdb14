import axios, { isAxiosError } from 'axios';
import { z } from 'zod';
import { type ProcessStatus, processStatusSchema } from './process-spec.ts';

/** No socket, nobody behind it, or one that went away in the middle of the answer. */
const NOBODY_LISTENS = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

export type ProcessAction = 'start' | 'stop' | 'kill' | 'restart' | 'reload';

/** Talks to a running supervisor through its Unix socket. */
export class SupervisorClient {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** undefined where no supervisor listens; on a busy host one may be slow to answer, which is something else. */
  async processes(): Promise<readonly ProcessStatus[] | undefined> {
    try {
      return z.array(processStatusSchema).parse(await this.#request('GET', '/processes', 15_000));
    } catch (error) {
      if (isAxiosError(error) && NOBODY_LISTENS.has(error.code ?? '')) return undefined;
      throw error;
    }
  }

  async act(name: string, action: ProcessAction): Promise<ProcessStatus> {
    return processStatusSchema.parse(await this.#request('POST', `/processes/${name}/${action}`, 60_000));
  }

  async shutDown(): Promise<void> {
    await this.#request('POST', '/shutdown', 5_000);
  }

  async #request(method: string, url: string, timeout: number): Promise<unknown> {
    const response = await axios.request({
      socketPath: this.#socketPath,
      baseURL: 'http://supervisor',
      method,
      url,
      timeout,
      proxy: false,
    });
    return response.data;
  }
}
