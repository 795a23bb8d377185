"""The same things on your machine: never shipped to Lambda."""
