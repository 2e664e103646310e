"""What a plan gives, compared with what XLA's program gives."""

from typing import Any

import jax
import numpy as np

from funcnet.compat._interpreter import make_plan

RNG = np.random.default_rng(0)


def reals(*shape: int) -> np.ndarray:
    return RNG.standard_normal(shape).astype(np.float32)


def check(function: Any, *inputs: Any, rtol: float = 2e-6, atol: float = 1e-6) -> None:
    """Compare the outputs of a plan with those of the program that XLA makes."""
    with jax.enable_x64(True):
        jaxpr = jax.make_jaxpr(function)(*inputs)
        wanted = jax.tree.leaves(jax.jit(function)(*inputs))
        with np.errstate(all="ignore"):
            got = make_plan(jaxpr).run([np.asarray(x) for x in inputs])
    assert len(got) == len(wanted)
    for mine, theirs in zip(got, wanted, strict=True):
        mine, theirs = np.asarray(mine), np.asarray(theirs)
        assert mine.dtype == theirs.dtype
        assert mine.shape == theirs.shape
        if mine.dtype.kind in "fcV":
            kind = np.complex128 if mine.dtype.kind == "c" else np.float64
            np.testing.assert_allclose(
                mine.astype(kind), theirs.astype(kind), rtol, atol
            )
        else:
            np.testing.assert_array_equal(mine, theirs)
