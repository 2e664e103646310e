"""Names that packages use from `torch._library`."""

from typing import Any

from funcnet.compat._core.lazy_modules import show_as


def _is_opaque_type(cls: Any) -> bool:
    """Return False: there are no opaque types."""
    return False


opaque_object = show_as(
    f"{__name__}.opaque_object", {"is_opaque_type": _is_opaque_type}
)
