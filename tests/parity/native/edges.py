"""The native functions at awkward points: values and derivatives, beside torch's."""

from collections.abc import Iterator

from tests.parity.cases import edge_elements, edge_points, edge_rows
from tests.parity.report import Tally, Trial


def trials(tally: Tally) -> Iterator[Trial]:
    edges = [
        *edge_elements.NATIVE_ONES,
        *edge_elements.NATIVE_TWOS,
        *edge_rows.NATIVE_ROWS,
    ]
    left = edge_elements.LEFT | edge_rows.LEFT
    return edge_points.trials(tally, edges, left, edge_points.of_native)
