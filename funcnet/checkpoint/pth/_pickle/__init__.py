"""Reading pickles without executing them, and writing them."""
