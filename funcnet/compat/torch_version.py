"""Version string that is compared by its numbers, as `torch.torch_version`."""

from collections.abc import Iterable
from typing import Any

from funcnet.compat._core.version_order import InvalidVersion, Version


class TorchVersion(str):
    """Version string that is compared with strings and tuples by its numbers.

    Equals `torch.torch_version.TorchVersion`; what is not a version is compared as
    text.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.__version__ >= (2, 0), torch.__version__ < "10.1"
        (True, True)
    """

    __slots__ = ()

    def _pair(self, other: object) -> tuple[Any, Any]:
        """Return this and another, both as versions if the other is one."""
        try:
            return Version(str(self)), _version(other)
        except InvalidVersion:
            return str(self), other

    def __eq__(self, other: object) -> bool:
        mine, others = self._pair(other)
        return bool(mine == others)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: object) -> bool:
        mine, others = self._pair(other)
        return bool(mine < others)

    def __le__(self, other: object) -> bool:
        mine, others = self._pair(other)
        return bool(mine <= others)

    def __gt__(self, other: object) -> bool:
        mine, others = self._pair(other)
        return bool(mine > others)

    def __ge__(self, other: object) -> bool:
        mine, others = self._pair(other)
        return bool(mine >= others)

    __hash__ = str.__hash__


def _version(other: object) -> Version:
    if isinstance(other, Version):
        return other
    if isinstance(other, str):
        return Version(other)
    if isinstance(other, Iterable):
        return Version(".".join(str(part) for part in other))
    raise ValueError(f"can't compare a version with {other!r}")


__all__ = ["TorchVersion"]
