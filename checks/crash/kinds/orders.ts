import type { Kind, Stack } from '../kind.ts';

/** Orders that the storefront took, looked for there. */
export function orders(stack: Stack): Kind {
  return {
    name: 'orders',
    writesPerSecond: 5,
    async write(signal) {
      const order = { userId: 'user-1', items: [{ productId: 'product-1', quantity: 1 }] };
      const { status, data } = await stack.http.post(stack.url('storefront', '/api/orders'), order, {
        signal,
      });
      return status === 201 ? [data.id] : [];
    },
    async missing(ids) {
      const answers = await Promise.all(
        ids.map((id) => stack.http.get(stack.url('storefront', `/api/orders/${id}`))),
      );
      return ids.filter((_, index) => answers[index]?.status !== 200);
    },
  };
}
