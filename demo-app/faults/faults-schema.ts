import { z } from 'zod';

/** Between this process and one that it calls, as `to` names it; for all calls that begin from now on. */
const networkSchema = z.strictObject({
  to: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'the name of a service'),
  /** Longer until a connection stands. */
  latencyMs: z.number().min(0).max(10_000).default(0),
  /** Share of packets that open a connection and are lost; TCP sends each again after a second, then after two, four. */
  lossRatio: z.number().min(0).max(1).default(0),
  /** Whether its name is found. */
  resolves: z.boolean().default(true),
});
export type NetworkFault = Readonly<z.infer<typeof networkSchema>>;

/** Body of PUT /admin/faults; what is left out is off. Bounds keep a drill from becoming an accident. */
export const faultsSchema = z.strictObject({
  /** Share of API requests answered with 500. */
  errorRatio: z.number().min(0).max(1).default(0),
  /** Share of API requests answered with 429. */
  rateLimitRatio: z.number().min(0).max(1).default(0),
  /** Added to every API request. */
  latencyMs: z.number().min(0).max(10_000).default(0),
  memoryLeakMbPerMinute: z.number().min(0).max(600).default(0),
  /** Inside of V8's heap, whose limit ends the process. */
  heapLeakMbPerMinute: z.number().min(0).max(600).default(0),
  /** Share of one core that is kept busy. */
  cpuLoad: z.number().min(0).max(1).default(0),
  network: networkSchema.optional(),
  /** Nothing more is written to the disk; of payments, which keeps a file. */
  diskFull: z.boolean().default(false),
  /** The process' clock is so far ahead of the system's; behind, where negative. */
  clockSkewSeconds: z.number().min(-86_400).max(86_400).default(0),
  /** `/metrics` answers 503. */
  scrapeFails: z.boolean().default(false),
  /** Whether telemetry says that they are injected. Not where their cause is to be found: they look like what they stand for. */
  announced: z.boolean().default(true),
  /** The faults end by themselves after this. */
  durationSeconds: z.number().positive().max(3600).default(600),
});

export type FaultSpec = Readonly<z.infer<typeof faultsSchema>>;
