"""The documentation of the API as a site: `infra/site` makes its files, and here they are served."""
