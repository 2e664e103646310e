"""One update rule a file."""
