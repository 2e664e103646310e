"""The entries of `op_db` that ordinary training scripts rarely meet."""

from collections.abc import Iterator

from tests.parity.compat import ops as compat_ops
from tests.parity.report import Tally, Trial


def trials(tally: Tally) -> Iterator[Trial]:
    return compat_ops.trials(tally, common=False)
