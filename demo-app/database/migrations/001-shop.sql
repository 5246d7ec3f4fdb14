-- What refers to what is in 003: data comes faster before.
CREATE TABLE users (
  id text PRIMARY KEY,
  number integer NOT NULL UNIQUE,
  display_name text NOT NULL,
  region text NOT NULL CHECK (region IN ('eu', 'us', 'apac')),
  tier text NOT NULL CHECK (tier IN ('gold', 'silver', 'bronze'))
);

CREATE TABLE products (
  id text PRIMARY KEY,
  number integer NOT NULL UNIQUE,
  name text NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents > 0),
  stock integer NOT NULL CHECK (stock >= 0)
);

CREATE TABLE orders (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  -- recorded: without a checkout. The others are the steps of one.
  state text NOT NULL CHECK (state IN ('recorded', 'placed', 'reserved', 'paid', 'fulfilled', 'failed')),
  -- Why it failed.
  reason text CHECK (reason IN ('out-of-stock', 'payment-declined')),
  value_cents integer NOT NULL,
  charge_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_items (
  order_id text NOT NULL,
  position integer NOT NULL,
  product_id text NOT NULL,
  quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 100),
  price_cents integer NOT NULL
);

CREATE TABLE documents (
  id text PRIMARY KEY,
  kind text NOT NULL,
  pages integer NOT NULL,
  -- Whose invoice it is; an order has one.
  order_id text UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- What each idempotency key was used for.
CREATE TABLE checkouts (
  idempotency_key text PRIMARY KEY,
  request_digest text NOT NULL,
  order_id text NOT NULL
);
