"""Random training scripts on PyTorch and on `funcnet.compat`: all numbers agree."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.cases.programs import naming, on_both
from tests.parity.cases.training import outcome, written
from tests.parity.report import Tally, Trial

EACH = 200


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for seed in range(EACH):
        yield Trial(f"scripts {seed // 10}", f"{seed}", partial(run, seed))


def run(seed: int) -> None:
    with quiet():
        program = written(seed)
        with naming(program[1:]):
            result, wanted = map(outcome, on_both(program, compat))
            assert list(result) == list(wanted)
            for name, value in wanted.items():
                same(result[name], value, name)


def same(found: Any, wanted: Any, name: str) -> None:
    """Check what a script kept: a tensor, an array or a plain value."""
    if isinstance(wanted, torch.Tensor):
        found, wanted = found.detach().numpy(), wanted.detach().numpy()
    if isinstance(wanted, np.ndarray):
        # A little of the largest: what is nearly zero is noise in both.
        atol = 1e-3 * max(1e-2, float(np.abs(wanted).max(initial=0)))
        np.testing.assert_allclose(found, wanted, 2e-3, atol, err_msg=name)
    else:
        assert found == wanted, f"{name}: {found}, PyTorch {wanted}"
