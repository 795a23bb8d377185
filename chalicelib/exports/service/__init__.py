"""Use-cases of exports: how the days of an exporter are read (`reading`)."""
