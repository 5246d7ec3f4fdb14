import type { Drill } from './drill.ts';
import { failingInstance } from './failing-instance.ts';
import { slowIdentityProvider } from './slow-identity-provider.ts';

/** Every drill there is, by the order in which they are listed. */
export const DRILLS: readonly Drill[] = [slowIdentityProvider, failingInstance];
