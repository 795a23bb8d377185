"""The tables of officers' work: kept by subscribers, made again from the journal."""
