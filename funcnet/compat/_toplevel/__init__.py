"""Functions of the top level that are no operations."""
