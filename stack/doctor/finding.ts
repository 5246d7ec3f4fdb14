/** One thing that was looked at. */
export interface Finding {
  readonly check: string;
  /** problem: the platform does not start, or loses data. warning: it may, later. */
  readonly state: 'ok' | 'warning' | 'problem';
  readonly found: string;
  /** What to do; of everything that is not ok. */
  readonly cure?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found });
export const warning = (check: string, found: string, cure: string): Finding => ({
  check,
  state: 'warning',
  found,
  cure,
});
export const problem = (check: string, found: string, cure: string): Finding => ({
  check,
  state: 'problem',
  found,
  cure,
});
