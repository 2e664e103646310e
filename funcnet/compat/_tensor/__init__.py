"""Memory, views as chains of steps, and the tensor that holds them."""
