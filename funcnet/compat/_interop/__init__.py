"""Between compat, the native half, JAX and the name `torch`."""
