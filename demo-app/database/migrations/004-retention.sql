-- By which old rows are found; the sample data, which stays, is in neither.
CREATE INDEX orders_created_at ON orders (created_at) WHERE id NOT LIKE 'order-%';
CREATE INDEX documents_created_at ON documents (created_at) WHERE order_id IS NULL;
-- Goes with its order.
CREATE INDEX checkouts_order_id ON checkouts (order_id);
