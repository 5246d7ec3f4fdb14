import { USER_ATTRIBUTE } from './semantic-attributes.ts';

/**
 * What a request's span and its log line tell of who asked for what, under the same names. Free where traces and logs are kept;
 * the user is never a metric's label.
 */
export const WIDE_EVENT = {
  user: USER_ATTRIBUTE,
  region: 'shop.region',
  tier: 'shop.customer.tier',
  /** In the shop's currency. */
  orderValue: 'shop.order.value',
  /** Pieces in it. */
  cartItems: 'shop.cart.items',
} as const;

export const REGIONS = ['eu', 'us', 'apac'] as const;
export const CUSTOMER_TIERS = ['gold', 'silver', 'bronze'] as const;
/** Of a customer of whom it is not known. */
export const UNKNOWN_CUSTOMER = 'unknown';
