"""`funcnet.compat` at awkward points: values and derivatives, beside torch's."""

from collections.abc import Iterator

from tests.parity.cases import edge_elements, edge_points, edge_rows
from tests.parity.report import Tally, Trial


def trials(tally: Tally) -> Iterator[Trial]:
    edges = [*edge_elements.ONES, *edge_elements.TWOS, *edge_rows.COMPAT_ROWS]
    left = edge_elements.LEFT | edge_rows.LEFT
    return edge_points.trials(tally, edges, left, edge_points.of_compat)
