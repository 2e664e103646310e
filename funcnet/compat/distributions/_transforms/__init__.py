"""Invertible transforms of random variables."""
