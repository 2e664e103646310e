"""Packages that PyTorch vendors, as `torch._vendor`."""

from types import ModuleType

from funcnet.compat._core import version_order as _version_order
from funcnet.compat._core.lazy_modules import show_as

_names = {
    name: getattr(_version_order, name)
    for name in ("InvalidVersion", "Version", "parse")
}
packaging: ModuleType = show_as(f"{__name__}.packaging", {})
packaging.__path__ = []
show_as(f"{__name__}.packaging.version", _names)
