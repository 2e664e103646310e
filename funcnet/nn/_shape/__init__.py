"""Padding, folding and layers that change shapes."""
