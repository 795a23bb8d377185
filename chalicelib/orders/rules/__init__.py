"""Protected orders: terms, the state machine, payments, delivery, deadlines. Pure."""
