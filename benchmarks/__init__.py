"""One training step of the same networks in funcnet and its peers, side by side."""
