"""Conversions between compat, the native half and JAX; the name `torch`."""
