/** The shop's users and products: made up, few, and the same in every process. */
export const USERS = Array.from({ length: 20 }, (_, index) => ({
  id: `user-${index + 1}`,
  displayName: `User ${index + 1}`,
}));

export const PRODUCTS = [
  'Lamp',
  'Chair',
  'Desk',
  'Shelf',
  'Clock',
  'Mirror',
  'Vase',
  'Rug',
  'Bench',
  'Stool',
].map((name, index) => ({ id: `product-${index + 1}`, name, priceCents: 1900 + 750 * index }));
