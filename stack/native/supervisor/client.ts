import axios, { isAxiosError } from 'axios';
import { z } from 'zod';
import { type ProcessStatus, processStatusSchema } from './process-spec.ts';

export type ProcessAction = 'start' | 'stop' | 'kill' | 'restart';

/** Talks to a running supervisor through its Unix socket. */
export class SupervisorClient {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** undefined where no supervisor answers. */
  async processes(): Promise<readonly ProcessStatus[] | undefined> {
    try {
      return z.array(processStatusSchema).parse(await this.#request('GET', '/processes', 2_000));
    } catch (error) {
      if (isAxiosError(error) && !error.response) return undefined;
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
