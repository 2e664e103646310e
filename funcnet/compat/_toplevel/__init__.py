"""Top-level functions that are not operations."""
