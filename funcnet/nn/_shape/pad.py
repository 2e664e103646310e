"""Layers that enlarge the spatial dimensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from funcnet import functional as F
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.nn._function import FunctionLayer


@dataclass(frozen=True, repr=False)
class _Pad(FunctionLayer):
    """`padding` is one number for all sides, or `(left, right, top, bottom, ...)`."""

    padding: int | Sequence[int]

    dims: ClassVar[int]
    mode: ClassVar[str]

    def __post_init__(self) -> None:
        amounts = self.padding
        if isinstance(amounts, int):
            amounts = (amounts,) * (2 * self.dims)
        if len(amounts) != 2 * self.dims:
            raise InputError(
                f"{type(self).__name__}: padding is {self.padding!r}, it must be one "
                f"number or {2 * self.dims}: two for each dimension, the last first."
            )
        object.__setattr__(self, "padding", tuple(amounts))

    def compute(self, x: Array) -> Array:
        if x.ndim not in (self.dims + 1, self.dims + 2):
            raise InputError(
                f"{type(self).__name__}: input has shape {x.shape}, it must have "
                f"{self.dims} spatial dimensions after (batch, channels)."
            )
        return F.pad(x, self.padding, self.mode)  # type: ignore[arg-type]


@dataclass(frozen=True, repr=False)
class _ConstantPad(_Pad):
    value: float

    mode = "constant"

    def compute(self, x: Array) -> Array:
        return F.pad(x, self.padding, "constant", self.value)  # type: ignore[arg-type]


class _ZeroPad(_Pad):
    mode = "constant"

    def compute(self, x: Array) -> Array:
        return F.pad(x, self.padding)  # type: ignore[arg-type]


class _ReflectionPad(_Pad):
    mode = "reflect"


class _ReplicationPad(_Pad):
    mode = "replicate"


class _CircularPad(_Pad):
    mode = "circular"


class ConstantPad1d(_ConstantPad):
    """Put `value` around a sequence; `torch.nn.ConstantPad1d`.

    `padding` is one number, or 2: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ConstantPad1d(1, 0.5).apply({}, {}, jnp.ones((1, 2, 4)))[0].shape
        (1, 2, 6)
    """

    dims = 1


class ConstantPad2d(_ConstantPad):
    """Put `value` around images; `torch.nn.ConstantPad2d`.

    `padding` is one number, or 4: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ConstantPad2d(1, 0.5).apply({}, {}, jnp.ones((1, 2, 4, 4)))[0].shape
        (1, 2, 6, 6)
    """

    dims = 2


class ConstantPad3d(_ConstantPad):
    """Put `value` around volumes; `torch.nn.ConstantPad3d`.

    `padding` is one number, or 6: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ConstantPad3d(1, 0.5).apply({}, {}, jnp.ones((1, 2, 4, 4, 4)))[0].shape
        (1, 2, 6, 6, 6)
    """

    dims = 3


class ZeroPad1d(_ZeroPad):
    """Put zeros around a sequence; `torch.nn.ZeroPad1d`.

    `padding` is one number, or 2: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ZeroPad1d(1).apply({}, {}, jnp.ones((1, 2, 4)))[0].shape
        (1, 2, 6)
    """

    dims = 1


class ZeroPad2d(_ZeroPad):
    """Put zeros around images; `torch.nn.ZeroPad2d`.

    `padding` is one number, or 4: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ZeroPad2d(1).apply({}, {}, jnp.ones((1, 2, 4, 4)))[0].shape
        (1, 2, 6, 6)
    """

    dims = 2


class ZeroPad3d(_ZeroPad):
    """Put zeros around volumes; `torch.nn.ZeroPad3d`.

    `padding` is one number, or 6: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ZeroPad3d(1).apply({}, {}, jnp.ones((1, 2, 4, 4, 4)))[0].shape
        (1, 2, 6, 6, 6)
    """

    dims = 3


class ReflectionPad1d(_ReflectionPad):
    """Mirror a sequence at the edges, not repeating them; `torch.nn.ReflectionPad1d`.

    `padding` is one number, or 2: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ReflectionPad1d(1).apply({}, {}, jnp.ones((1, 2, 4)))[0].shape
        (1, 2, 6)
    """

    dims = 1


class ReflectionPad2d(_ReflectionPad):
    """Mirror images at the edges, not repeating them; `torch.nn.ReflectionPad2d`.

    `padding` is one number, or 4: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ReflectionPad2d(1).apply({}, {}, jnp.ones((1, 2, 4, 4)))[0].shape
        (1, 2, 6, 6)
    """

    dims = 2


class ReflectionPad3d(_ReflectionPad):
    """Mirror volumes at the edges, not repeating them; `torch.nn.ReflectionPad3d`.

    `padding` is one number, or 6: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ReflectionPad3d(1).apply({}, {}, jnp.ones((1, 2, 4, 4, 4)))[0].shape
        (1, 2, 6, 6, 6)
    """

    dims = 3


class ReplicationPad1d(_ReplicationPad):
    """Repeat the edges of a sequence; `torch.nn.ReplicationPad1d`.

    `padding` is one number, or 2: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ReplicationPad1d(1).apply({}, {}, jnp.ones((1, 2, 4)))[0].shape
        (1, 2, 6)
    """

    dims = 1


class ReplicationPad2d(_ReplicationPad):
    """Repeat the edges of images; `torch.nn.ReplicationPad2d`.

    `padding` is one number, or 4: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ReplicationPad2d(1).apply({}, {}, jnp.ones((1, 2, 4, 4)))[0].shape
        (1, 2, 6, 6)
    """

    dims = 2


class ReplicationPad3d(_ReplicationPad):
    """Repeat the edges of volumes; `torch.nn.ReplicationPad3d`.

    `padding` is one number, or 6: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ReplicationPad3d(1).apply({}, {}, jnp.ones((1, 2, 4, 4, 4)))[0].shape
        (1, 2, 6, 6, 6)
    """

    dims = 3


class CircularPad1d(_CircularPad):
    """Let a sequence go round; `torch.nn.CircularPad1d`.

    `padding` is one number, or 2: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.CircularPad1d(1).apply({}, {}, jnp.ones((1, 2, 4)))[0].shape
        (1, 2, 6)
    """

    dims = 1


class CircularPad2d(_CircularPad):
    """Let images go round; `torch.nn.CircularPad2d`.

    `padding` is one number, or 4: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.CircularPad2d(1).apply({}, {}, jnp.ones((1, 2, 4, 4)))[0].shape
        (1, 2, 6, 6)
    """

    dims = 2


class CircularPad3d(_CircularPad):
    """Let volumes go round; `torch.nn.CircularPad3d`.

    `padding` is one number, or 6: two for each dimension, the last dimension first.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.CircularPad3d(1).apply({}, {}, jnp.ones((1, 2, 4, 4, 4)))[0].shape
        (1, 2, 6, 6, 6)
    """

    dims = 3
