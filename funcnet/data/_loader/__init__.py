"""Samplers, collation and the loader."""
