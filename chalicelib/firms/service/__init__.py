"""Use-cases of firms: what slices above ask (`reading`, `signers`)."""
