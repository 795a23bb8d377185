"""What a lender must know of a firm, and who may act for it: as values. Pure."""
