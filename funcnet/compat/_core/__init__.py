"""Dtypes, devices, memory formats and modes: what knows nothing of tensors."""
