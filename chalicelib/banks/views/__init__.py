"""What banks send, and what people see of banks: `inbox` of their events, `outbox` of our instructions."""
