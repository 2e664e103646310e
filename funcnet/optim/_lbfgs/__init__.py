"""L-BFGS with its line search."""
