"""The operations, a family in each module; importing them fills the table."""

from funcnet.compat._ops import _arithmetic, _random
from funcnet.compat._ops._table import FUNCTIONS, METHODS

__all__ = ["FUNCTIONS", "METHODS", "_arithmetic", "_random"]
