"""Random programs on PyTorch and on `funcnet.compat`: every tensor must be the same."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.cases.programs import THEMES, naming, on_both, written
from tests.parity.report import Tally, Trial

EACH = 200


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for theme in THEMES:
        for seed in range(EACH):
            yield Trial(f"{theme} {seed // 10}", f"{seed}", partial(run, theme, seed))


def run(theme: str, seed: int) -> None:
    with quiet():
        program = written(theme, seed)
        with naming(program):
            ours, theirs = on_both(program, compat)
            result, wanted = ours.tensors, theirs.tensors
            assert list(result) == list(wanted)
            for name, tensor in wanted.items():
                if not is_broken(tensor):
                    same(result[name], tensor, name)


def is_broken(view: torch.Tensor) -> bool:
    """Whether PyTorch has no gradient of a view, since its base was written to."""
    try:
        return not (view.is_leaf or view.grad_fn)
    except RuntimeError:
        return True


def same(found: Any, wanted: Any, name: str) -> None:
    """Check a tensor and, of a leaf, its gradient."""
    assert str(found.dtype) == str(wanted.dtype), f"{name} {found.dtype}"
    for attribute in ("requires_grad", "is_leaf", "shape"):
        ours, theirs = getattr(found, attribute), getattr(wanted, attribute)
        assert ours == theirs, f"{name}.{attribute} is {ours}, PyTorch {theirs}"
    np.testing.assert_allclose(
        found.detach().numpy(), wanted.detach().numpy(), 1e-4, 1e-4, err_msg=name
    )
    if wanted.is_leaf:
        ours, theirs = found.grad, wanted.grad
        assert (ours is None) == (theirs is None), f"{name}.grad is {ours}"
        if ours is not None:
            same(ours, theirs, f"{name}.grad")
