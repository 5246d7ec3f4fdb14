import type { Kind } from '../crash/kind.ts';
import type { NativeServices } from './native-services.ts';

/** An engine of docker-compose.scale.yml, and what is written to it while one of its replicas is killed. */
export interface Engine {
  readonly name: string;
  /** Its services, those that have to be ready first in the first list. */
  readonly services: readonly (readonly string[])[];
  /** The replica that is killed. */
  readonly killed: string;
  /** What is written; `write` hands in one record, and everything that was acknowledged is looked for by `missing`. */
  kind(services: NativeServices, requestsPerSecond: number): Kind;
  /** How much of what was written this tenant sees. */
  seenBy(services: NativeServices, tenant: string): Promise<number>;
  /** Asks what a dashboard would. @throws where there is no whole answer */
  ask(services: NativeServices, signal: AbortSignal): Promise<void>;
}
