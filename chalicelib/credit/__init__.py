"""Export credit: products, consents, data packs, limits, applications, offers, agreements, lines; which bank lends is each bank's own decision."""
