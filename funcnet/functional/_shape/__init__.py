"""Padding, folding and changes of shape."""
