"""Loaders, datasets and samplers: batches, orders, errors, and what workers know."""

from collections.abc import Iterator
from functools import partial

from tests.parity.report import Tally, Trial
from tests.parity.scripts import collate as scripts_collate
from tests.parity.scripts import loading as scripts_loading
from tests.parity.scripts import workers as scripts_workers
from tests.parity.scripts.common import compare

FILES = (scripts_collate, scripts_loading, scripts_workers)


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for file in FILES:
        for entry, label, run in file.ROWS:
            yield Trial(entry, label, partial(compare, run))
