"""Small programs of `torch.func`, run with PyTorch and with compat, and compared."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tests.parity.cases.func import PRELUDE, SCRIPTS
from tests.parity.cases.func_expressions import EXPRESSIONS
from tests.parity.report import Tally, Trial
from tests.parity.scripts.common import compare, refused


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for entry, expressions in EXPRESSIONS.items():
        for source in expressions:
            yield _trial(entry, source, f"out.append({source})")
    for entry, scripts in SCRIPTS.items():
        for label, source in scripts.items():
            yield _trial(entry, label, source)


def _trial(entry: str, label: str, source: str) -> Trial:
    return Trial(entry, label, partial(compare, _runner(source)))


def _runner(source: str) -> Callable[[Any], Any]:
    def run(library: Any) -> Any:
        names = {"torch": library, "nn": library.nn, "F": library.nn.functional}
        names |= {"out": [], "fails": refused}
        exec(PRELUDE, names)
        exec(source, names)
        return names["out"]

    return run
