"""Loss layers and distances."""
