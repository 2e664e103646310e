"""Transforms of random variables, by family."""
