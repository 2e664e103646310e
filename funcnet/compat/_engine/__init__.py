"""The recorder and compiler, in the order in which a step passes through it."""
