"""Layers whose attributes, hooks, states and arguments scripts reach for."""

from collections.abc import Iterator
from functools import partial

from tests.parity.cases import (
    layer_attributes,
    layer_encoder,
    layer_hooks,
    layer_states,
)
from tests.parity.report import Tally, Trial
from tests.parity.scripts.common import compare

FILES = (layer_attributes, layer_encoder, layer_hooks, layer_states)


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for file in FILES:
        for entry, label, run in file.ROWS:
            yield Trial(entry, label, partial(compare, run))
