"""Padding layers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from funcnet import functional as F
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.nn._function import FunctionLayer

__all__ = [
    "CircularPad1d",
    "CircularPad2d",
    "CircularPad3d",
    "ConstantPad1d",
    "ConstantPad2d",
    "ConstantPad3d",
    "ReflectionPad1d",
    "ReflectionPad2d",
    "ReflectionPad3d",
    "ReplicationPad1d",
    "ReplicationPad2d",
    "ReplicationPad3d",
    "ZeroPad1d",
    "ZeroPad2d",
    "ZeroPad3d",
]


@dataclass(frozen=True, repr=False)
class _Pad(FunctionLayer, function=F.pad):
    """`padding` is one number for all sides, or `(left, right, top, bottom, ...)`."""

    padding: int | Sequence[int]

    dims: ClassVar[int]
    mode: ClassVar[str] = "constant"

    def __post_init__(self) -> None:
        amounts = self.padding
        if isinstance(amounts, int):
            amounts = (amounts,) * (2 * self.dims)
        if len(amounts) != 2 * self.dims:
            facts = {"padding": self.padding, "count": 2 * self.dims}
            raise InputError("pad_layer.padding", name=type(self).__name__, **facts)
        object.__setattr__(self, "padding", tuple(amounts))

    def forward(self, x: Array) -> Array:
        ranks = (self.dims + 1, self.dims + 2)
        if self.mode != "constant" and x.ndim not in ranks:
            facts = {"input": x.shape, "dims": self.dims}
            raise InputError("pad_layer.rank", name=type(self).__name__, **facts)
        return super().forward(x)

    def function_and_settings(self) -> tuple[Callable[..., Any], dict[str, Any]]:
        function, settings = super().function_and_settings()
        amounts = settings.pop("padding")
        return function, {"pad": amounts, "mode": self.mode, **settings}


@dataclass(frozen=True, repr=False)
class _ConstantPad(_Pad):
    value: float


class _ReflectionPad(_Pad):
    mode = "reflect"


class _ReplicationPad(_Pad):
    mode = "replicate"


class _CircularPad(_Pad):
    mode = "circular"


class ConstantPad1d(_ConstantPad):
    """Apply 1D constant padding; equals `torch.nn.ConstantPad1d`.

    As `ConstantPad2d` with one spatial dimension: `padding` is one number, or 2.
    """

    dims = 1


class ConstantPad2d(_ConstantPad):
    """Apply 2D constant padding; equals `torch.nn.ConstantPad2d`.

    Surround images with `value`. Input `(batch, channels, height, width)`, the
    batch optional. `padding` is one number, or `(left, right, top, bottom)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> x = jnp.array([[[1.0, 2.0], [3.0, 4.0]]])
        >>> nn.ConstantPad2d((1, 0, 0, 0), 5.0).apply({}, {}, x)[0].tolist()
        [[[5.0, 1.0, 2.0], [5.0, 3.0, 4.0]]]
    """

    dims = 2


class ConstantPad3d(_ConstantPad):
    """Apply 3D constant padding; equals `torch.nn.ConstantPad3d`.

    As `ConstantPad2d` with three spatial dimensions: `padding` is one number, or 6.
    """

    dims = 3


class ZeroPad1d(_Pad):
    """Apply 1D zero padding; equals `torch.nn.ZeroPad1d`.

    As `ZeroPad2d` with one spatial dimension: `padding` is one number, or 2.
    """

    dims = 1


class ZeroPad2d(_Pad):
    """Apply 2D zero padding; equals `torch.nn.ZeroPad2d`.

    Surround images with zeros. Input `(batch, channels, height, width)`, the batch
    optional. `padding` is one number, or `(left, right, top, bottom)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> x = jnp.array([[[1.0, 2.0], [3.0, 4.0]]])
        >>> nn.ZeroPad2d((1, 0, 0, 0)).apply({}, {}, x)[0].tolist()
        [[[0.0, 1.0, 2.0], [0.0, 3.0, 4.0]]]
    """

    dims = 2


class ZeroPad3d(_Pad):
    """Apply 3D zero padding; equals `torch.nn.ZeroPad3d`.

    As `ZeroPad2d` with three spatial dimensions: `padding` is one number, or 6.
    """

    dims = 3


class ReflectionPad1d(_ReflectionPad):
    """Apply 1D reflection padding; equals `torch.nn.ReflectionPad1d`.

    As `ReflectionPad2d` with one spatial dimension: `padding` is one number, or 2.
    """

    dims = 1


class ReflectionPad2d(_ReflectionPad):
    """Apply 2D reflection padding; equals `torch.nn.ReflectionPad2d`.

    Mirror images at their edges, without repeating the edges. Input `(batch,
    channels, height, width)`, the batch optional. `padding` is one number, or
    `(left, right, top, bottom)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> x = jnp.array([[[1.0, 2.0], [3.0, 4.0]]])
        >>> nn.ReflectionPad2d((1, 0, 0, 0)).apply({}, {}, x)[0].tolist()
        [[[2.0, 1.0, 2.0], [4.0, 3.0, 4.0]]]
    """

    dims = 2


class ReflectionPad3d(_ReflectionPad):
    """Apply 3D reflection padding; equals `torch.nn.ReflectionPad3d`.

    As `ReflectionPad2d` with three spatial dimensions: `padding` is one number, or 6.
    """

    dims = 3


class ReplicationPad1d(_ReplicationPad):
    """Apply 1D replication padding; equals `torch.nn.ReplicationPad1d`.

    As `ReplicationPad2d` with one spatial dimension: `padding` is one number, or 2.
    """

    dims = 1


class ReplicationPad2d(_ReplicationPad):
    """Apply 2D replication padding; equals `torch.nn.ReplicationPad2d`.

    Repeat the edges of images. Input `(batch, channels, height, width)`, the batch
    optional. `padding` is one number, or `(left, right, top, bottom)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> x = jnp.array([[[1.0, 2.0], [3.0, 4.0]]])
        >>> nn.ReplicationPad2d((1, 0, 0, 0)).apply({}, {}, x)[0].tolist()
        [[[1.0, 1.0, 2.0], [3.0, 3.0, 4.0]]]
    """

    dims = 2


class ReplicationPad3d(_ReplicationPad):
    """Apply 3D replication padding; equals `torch.nn.ReplicationPad3d`.

    As `ReplicationPad2d` with three spatial dimensions: `padding` is one number, or 6.
    """

    dims = 3


class CircularPad1d(_CircularPad):
    """Apply 1D circular padding; equals `torch.nn.CircularPad1d`.

    As `CircularPad2d` with one spatial dimension: `padding` is one number, or 2.
    """

    dims = 1


class CircularPad2d(_CircularPad):
    """Apply 2D circular padding; equals `torch.nn.CircularPad2d`.

    Continue images with their opposite edges. Input `(batch, channels, height,
    width)`, the batch optional. `padding` is one number, or `(left, right, top,
    bottom)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> x = jnp.array([[[1.0, 2.0], [3.0, 4.0]]])
        >>> nn.CircularPad2d((1, 0, 0, 0)).apply({}, {}, x)[0].tolist()
        [[[2.0, 1.0, 2.0], [4.0, 3.0, 4.0]]]
    """

    dims = 2


class CircularPad3d(_CircularPad):
    """Apply 3D circular padding; equals `torch.nn.CircularPad3d`.

    As `CircularPad2d` with three spatial dimensions: `padding` is one number, or 6.
    """

    dims = 3
