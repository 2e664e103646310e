"""`torch.Size`: the shape of a tensor."""

from typing import Any, SupportsIndex, overload


class Size(tuple[int, ...]):
    """A shape: a tuple of the sizes of the dimensions, as `torch.Size`.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.zeros(2, 3).shape
        torch.Size([2, 3])
        >>> torch.Size([2, 3]).numel()
        6
    """

    __slots__ = ()

    def numel(self) -> int:
        """How many elements a tensor of this shape has."""
        count = 1
        for size in self:
            count *= size
        return count

    def __repr__(self) -> str:
        """As PyTorch shows it: `torch.Size([2, 3])`."""
        return f"torch.Size({list(self)})"

    @overload
    def __getitem__(self, index: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> "Size": ...
    def __getitem__(self, index: SupportsIndex | slice) -> "int | Size":
        """One size, or a part of the shape, which is a shape."""
        if isinstance(index, slice):
            return Size(tuple.__getitem__(self, index))
        return tuple.__getitem__(self, index)

    def __add__(self, other: tuple[int, ...]) -> "Size":
        """The sizes of this shape, then those of another, as a shape."""
        return Size(tuple(self) + tuple(other))

    def __reduce__(self) -> Any:
        return Size, (tuple(self),)
