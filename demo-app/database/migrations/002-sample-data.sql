-- The same in every database: each value follows from its row's number, by a few bits of a digest.
CREATE FUNCTION pg_temp.digits(salt text, number integer) RETURNS integer LANGUAGE sql IMMUTABLE
  RETURN ('x' || substr(md5(salt || number), 1, 7))::bit(28)::integer;

INSERT INTO users (id, number, display_name, region, tier)
  SELECT
    'user-' || n, n, 'User ' || n,
    (ARRAY['eu', 'eu', 'us', 'us', 'apac'])[1 + pg_temp.digits('region', n) % 5],
    (ARRAY['gold', 'silver', 'silver', 'bronze', 'bronze', 'bronze'])[1 + pg_temp.digits('tier', n) % 6]
  FROM generate_series(1, 10000) AS n;

INSERT INTO products (id, number, name, price_cents, stock)
  SELECT
    'product-' || n, n,
    (ARRAY['Lamp', 'Chair', 'Desk', 'Shelf', 'Clock', 'Mirror', 'Vase', 'Rug', 'Bench', 'Stool'])[1 + (n - 1) % 10],
    500 + pg_temp.digits('price', n) % 19501,
    1000 + pg_temp.digits('stock', n) % 9001
  FROM generate_series(1, 100000) AS n;

-- One to three different products.
INSERT INTO order_items (order_id, position, product_id, quantity, price_cents)
  SELECT 'order-' || n, position, products.id, 1 + pg_temp.digits('quantity', n + position) % 3, products.price_cents
  FROM generate_series(1, 100000) AS n
  CROSS JOIN LATERAL generate_series(1, 1 + pg_temp.digits('items', n) % 3) AS position
  JOIN products ON products.number = 1 + (n - 1 + (position - 1) * 33333) % 100000;

INSERT INTO orders (id, user_id, state, value_cents, created_at, updated_at)
  SELECT 'order-' || n, 'user-' || 1 + (n - 1) % 10000, 'fulfilled', total, at, at
  FROM generate_series(1, 100000) AS n
  CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01 00:00Z' + n * interval '1 minute' AS at) AS times
  JOIN (SELECT order_id, sum(quantity * price_cents)::integer AS total FROM order_items GROUP BY order_id) AS totals
    ON order_id = 'order-' || n;

INSERT INTO documents (id, kind, pages, order_id, created_at)
  SELECT 'document-' || n, 'invoice', 1 + n % 3, 'order-' || n, timestamptz '2026-01-01 00:00Z' + n * interval '1 minute'
  FROM generate_series(1, 1000) AS n;
