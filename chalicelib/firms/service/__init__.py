"""Use-cases of firms: profiles (`commands`, `reading`), files (`uploads`), who reads what is sealed (`disclosing`), who signs (`signers`)."""
