"""Small programs about memory: what is shared, written in place, kept for a gradient.

Each is run with PyTorch and with compat; what it puts into `out`, texts of errors among
it, must be equal.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.parity.cases import memory as memory_programs
from tests.parity.report import Tally, Trial
from tests.parity.scripts.common import compare


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for entry, programs in memory_programs.all_programs().items():
        for label, source in programs.items():
            yield Trial(entry, label, partial(compare, partial(outcome, source)))


def outcome(source: str, library: Any) -> list[Any]:
    """What a program puts into `out`; `fails` gives the error of a call as a text."""

    def fails(call: Any) -> str:
        try:
            call()
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return "nothing"

    out: list[Any] = []
    names = {"torch": library, "nn": library.nn, "out": out, "fails": fails}
    names["F"] = library.nn.functional
    names["keep"] = lambda *tensors: out.extend(x.detach().clone() for x in tensors)
    exec(source, names)
    return out
