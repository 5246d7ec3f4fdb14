/**
 * What times and shares are held against.
 * @see ../../docs/on-call.md: acknowledged within five minutes, at most two pages a shift, of which a week has five
 */
export const TARGETS = {
  medianSeconds: { detect: 120, acknowledge: 300, mitigate: 1800, resolve: 3600 },
  rootAccuracy: 0.8,
  pagesAPersonWeek: 10,
} as const;
