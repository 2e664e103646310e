"""Jaxprs evaluated on the host with numpy, primitive by primitive.

XLA compiles a program before it runs it, which takes seconds where numpy takes
milliseconds. `plan.py` makes a list of steps of a jaxpr, once; `rules/` has a rule for
each primitive, which gives the function of numpy that computes it; a primitive without
a rule is computed by a small program of XLA (`fallback.py`). The rules know JAX's
primitives and nothing of tensors.
"""

from funcnet.compat._interpreter.computing import Computing
from funcnet.compat._interpreter.plan import make_plan
from funcnet.compat._interpreter.steps import Plan

# The rules register themselves.
from funcnet.compat._interpreter.rules import (  # isort: skip  # noqa: F401
    contraction,
    control,
    conversion,
    convolution,
    elementwise,
    indexing,
    linalg,
    random_bits,
    reduction,
    selection,
    shape,
    sorting,
    special,
)

__all__ = ["Computing", "Plan", "make_plan"]
