"""Use-cases of monitoring: what is found becomes alerts (`raising`), people see to them (`alerts`)."""
