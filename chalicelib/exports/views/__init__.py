"""What officers' feeds send of exports, and what exporters and officers see of them."""
