/** Feature flags of the demo, in flagd's format in demo-app/flags/demo.flagd.json. */
export const FLAGS = {
  /** boolean: identity answers through its experimental, slow provider. */
  experimentalIdentityProvider: 'experimental-identity-provider',
  /** boolean: the list of users asks identity about each user's account, one request after the other. */
  accountsOneByOne: 'accounts-one-by-one',
  /** number, 0..1: share of document orders that the storefront turns away with 429. */
  shedLoad: 'shed-load',
  /** number, 0..100: percent of the visitors' requests that go to the version on trial; a deployment moves it. */
  storefrontCanaryPercent: 'storefront-canary-percent',
  /** number, 0..10: factor on the traffic generator's arrival rate. */
  trafficRateFactor: 'traffic-rate-factor',
} as const;
