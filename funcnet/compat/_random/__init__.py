"""Keys, and how draws are repeated inside a program."""
