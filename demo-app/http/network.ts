import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { NetworkFault } from '../faults/faults-schema.ts';

/** RFC 6298: what is lost is sent again after a second, then after two, four. */
const FIRST_RETRANSMISSION_MS = 1000;

interface NetworkAgentOptions {
  /** Connections that do not stand after this have failed. */
  readonly timeoutMs: number;
  readonly maxSockets: number;
  readonly random: () => number;
}

/** Connections to one service: kept and used again, until a drill makes the network worse. */
class NetworkAgent extends Agent {
  readonly #options: NetworkAgentOptions;
  #fault: NetworkFault | undefined;

  constructor(options: NetworkAgentOptions) {
    super({ keepAlive: true, maxSockets: options.maxSockets });
    this.#options = options;
  }

  /** What is idle is closed: each call has to cross the network as it is now. */
  suffer(fault: NetworkFault | undefined): void {
    this.#fault = fault;
    if (fault) for (const idle of Object.values(this.freeSockets).flat()) idle?.destroy();
  }

  override createConnection(
    ...[options, connected]: Parameters<Agent['createConnection']>
  ): ReturnType<Agent['createConnection']> {
    const fault = this.#fault;
    if (!fault) return super.createConnection(options, connected);
    const settle = connected as (error: Error | null, socket?: Duplex) => void;
    const fail = (message: string, code: string) => settle(Object.assign(new Error(message), { code }));
    if (!fault.resolves) {
      setImmediate(fail, `getaddrinfo ENOTFOUND ${fault.to}`, 'ENOTFOUND');
      return undefined;
    }
    const { timeoutMs, random } = this.#options;
    const waitMs = fault.latencyMs + retransmissionsMs(fault.lossRatio, timeoutMs, random);
    setTimeout(
      () => {
        if (waitMs > timeoutMs) fail(`connect ETIMEDOUT ${fault.to}`, 'ETIMEDOUT');
        else settle(null, super.createConnection(options) ?? undefined);
      },
      Math.min(waitMs, timeoutMs),
    );
    return undefined;
  }

  override keepSocketAlive(socket: Duplex): boolean {
    // Declared void; it says whether the socket is kept.
    return this.#fault === undefined && (super.keepSocketAlive(socket) as unknown as boolean);
  }
}

/** The network between this process and the services it calls. */
export function createNetwork(random: () => number = Math.random) {
  const agents: { readonly to: string; readonly agent: NetworkAgent }[] = [];
  let current: NetworkFault | undefined;
  const faultTo = (service: string) => (service === current?.to ? current : undefined);
  return {
    agent(to: string, options: Omit<NetworkAgentOptions, 'random'>): Agent {
      const agent = new NetworkAgent({ ...options, random });
      agent.suffer(faultTo(to));
      agents.push({ to, agent });
      return agent;
    },
    /** @param fault of the connections to one service; undefined ends whatever there was */
    suffer(fault: NetworkFault | undefined): void {
      current = fault;
      for (const { to, agent } of agents) agent.suffer(faultTo(to));
    },
  };
}

export type Network = ReturnType<typeof createNetwork>;

function retransmissionsMs(lossRatio: number, limitMs: number, random: () => number): number {
  let waitMs = 0;
  for (let next = FIRST_RETRANSMISSION_MS; waitMs <= limitMs && random() < lossRatio; next *= 2)
    waitMs += next;
  return waitMs;
}
