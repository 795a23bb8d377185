"""What clients send and see of orders: what they ask, an order, its money and its timeline, cover."""
