"""Wrong calls: PyTorch's exception and words, and nothing that only one refuses.

What compat says may go on after PyTorch's words: it says what to do instead.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.cases.refusals import PRELUDE, PROGRAMS
from tests.parity.report import Tally, Trial


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for family, text in PROGRAMS.items():
        calls = " | ".join(text.strip().splitlines()).split(" | ")
        for call in calls:
            yield Trial(f"{family}: {call}", "", partial(compare, call))


def compare(call: str) -> None:
    theirs, ours = (outcome(lib, call) for lib in (torch, compat))
    same = ours[0] == theirs[0] and ours[1].startswith(theirs[1].rstrip(". "))
    assert same, f"{': '.join(ours)} <> {': '.join(theirs)}"


def outcome(lib: Any, call: str) -> tuple[str, str]:
    """The exception of a call and its first line; the shape of what it gives."""
    names = {"torch": lib, "nn": lib.nn, "F": lib.nn.functional}
    exec(PRELUDE, names)
    lib.manual_seed(0)
    with quiet():
        try:
            result = eval(call, names)
            if isinstance(result, lib.Tensor):
                result.tolist()
                return "no error", str(tuple(result.shape))
        except Exception as error:
            return type(error).__name__, str(error).strip().partition("\n")[0]
    return "no error", ""
