"""Scripts of `nn.utils`, `testing`, `autograd.forward_ad` and the small modules."""

from collections.abc import Iterator
from functools import partial

from tests.parity.report import Tally, Trial
from tests.parity.scripts import amp as scripts_amp
from tests.parity.scripts import forward_ad as scripts_forward_ad
from tests.parity.scripts import norms as scripts_norms
from tests.parity.scripts import parametrize as scripts_parametrize
from tests.parity.scripts import prune as scripts_prune
from tests.parity.scripts import testing as scripts_testing
from tests.parity.scripts import torch as scripts_torch
from tests.parity.scripts import utils as scripts_utils
from tests.parity.scripts.common import ROWS, compare

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
