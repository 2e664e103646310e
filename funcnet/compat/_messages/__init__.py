"""What errors say: suggestions, what is not supported, where it happened."""
