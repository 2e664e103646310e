"""Scripts of `nn.utils`, `testing`, `autograd.forward_ad` and the small modules."""

from collections.abc import Iterator
from functools import partial

from tests.parity import (
    scripts_amp,
    scripts_forward_ad,
    scripts_norms,
    scripts_parametrize,
    scripts_prune,
    scripts_testing,
    scripts_torch,
    scripts_utils,
)
from tests.parity.report import Tally, Trial
from tests.parity.scripts import ROWS, compare

FILES = (
    scripts_amp,
    scripts_forward_ad,
    scripts_norms,
    scripts_parametrize,
    scripts_prune,
    scripts_testing,
    scripts_torch,
    scripts_utils,
)


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for entry, label, run in ROWS:
        yield Trial(entry, label, partial(compare, run))
