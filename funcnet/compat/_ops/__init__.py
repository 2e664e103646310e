"""The operations, a family in each module; importing them fills the table."""

import importlib
import pkgutil

from funcnet.compat._ops._table import FUNCTIONS, METHODS

for _family in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_family.name}")

__all__ = ["FUNCTIONS", "METHODS"]
