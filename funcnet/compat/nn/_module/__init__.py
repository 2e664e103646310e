"""What stands behind Module: calls, hooks, state, native layers, fusion."""
