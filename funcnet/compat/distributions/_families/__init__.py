"""The families of distributions."""
