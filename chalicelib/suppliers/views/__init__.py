"""What clients send and see of suppliers, storefronts and badges."""
