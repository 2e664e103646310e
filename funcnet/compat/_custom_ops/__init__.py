"""Operators that a script defines."""
