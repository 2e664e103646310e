"""The operations, a folder for each family; importing them fills the registry."""

import importlib
import pkgutil

from funcnet.compat._ops.registry import FUNCTIONS as FUNCTIONS
from funcnet.compat._ops.registry import METHODS as METHODS

for _module in pkgutil.walk_packages(__path__, f"{__name__}."):
    importlib.import_module(_module.name)
