/**
 * `event_type` of the GitHub repository_dispatch events, each with a workflow of the same name in `.github/workflows`.
 * @see https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event
 */
export const DISASTER_RECOVERY_EVENTS = {
  /** The standby site is started; users stay where they are. */
  start: 'dr-start',
  /** Users are led to the standby site. */
  switchDns: 'dr-switch-dns',
  /** Users are led back and the standby site is stopped. */
  revert: 'dr-revert',
} as const;
