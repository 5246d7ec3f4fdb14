/** What let it hurt so much, or for so long, beside the root. */
export const CONTRIBUTING = {
  'one-of-a-kind': 'There is one of it, and nothing takes its place',
  'no-fallback': 'Who calls it has nothing to fall back on',
  'no-time-limit': 'Who calls it waits longer than users do',
  'still-in-rotation': 'What is ill is sent requests all the same',
  'no-limit': 'It may use memory or processor time until nothing is left',
  'all-at-once': 'A change reached everybody at once, and nobody compared',
  'no-room': 'What is left is too few for the load',
  'one-way': 'All telemetry goes one way',
  'blind-retries': 'What fails is tried again, which is more load',
  'out-of-sight': 'What waits or is tried again looks like what works',
  outsider: 'It depends on somebody outside',
} as const;
export type Contributing = keyof typeof CONTRIBUTING;

/** Which alert or objective should tell of it the next time. */
export const IMPROVEMENTS = {
  'leave-it': 'The one that told: it came in time and meant what it said',
  'page-less': 'A ticket in place of a page: nobody was hurt',
  'slo-of-its-own': 'An objective for the service that was ill, beside that of its caller',
  'look-at-the-tail': 'An objective for the slowest, where the middle looks well',
  'compare-instances': 'An alert that holds an instance against its sisters',
  'tell-of-absence': 'An alert for what is missing',
  'tell-of-age': 'An objective for how long things wait',
  'tell-of-saturation': 'A ticket for what is nearly full',
  'tell-of-changes': 'Each change held against before, on a few first',
} as const;
export type Improvement = keyof typeof IMPROVEMENTS;

export const keysOf = <Key extends string>(words: Readonly<Record<Key, string>>) =>
  Object.keys(words) as [Key, ...Key[]];
