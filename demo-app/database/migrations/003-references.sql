CREATE INDEX order_items_order_id ON order_items (order_id);
CREATE INDEX orders_user_id ON orders (user_id);

ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users;
ALTER TABLE order_items
  ADD FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE,
  ADD FOREIGN KEY (product_id) REFERENCES products;
ALTER TABLE documents ADD FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE;
-- The key comes first, so that of two with the same one waits for the other.
ALTER TABLE checkouts ADD FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ANALYZE;
