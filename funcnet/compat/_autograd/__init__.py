"""The backward pass, forward mode, and a user's own gradients."""
