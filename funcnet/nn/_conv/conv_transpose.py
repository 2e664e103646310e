"""Transposed convolution layers."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet._check import check_choice
from funcnet._errors import InputError
from funcnet._types import Array, Key, Params, State
from funcnet.nn._conv.conv import ConvolutionLayer, check_channels, conv_params
from funcnet.nn._spatial import IntOrTuple, normalize, per_dimension

__all__ = ["ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"]


@dataclass(frozen=True, repr=False)
class _TransposedConvolution(ConvolutionLayer):
    """What transposed convolutions of all dimensions have in common."""

    padding: IntOrTuple = 0
    output_padding: IntOrTuple = 0
    groups: int = 1
    bias: bool = True
    dilation: IntOrTuple = 1
    padding_mode: str = "zeros"

    def __post_init__(self) -> None:
        name = type(self).__name__
        check_channels(name, self.in_channels, self.out_channels, self.groups)
        check_choice(name, "padding_mode", self.padding_mode, ("zeros",))
        normalize(self, self.dims, "kernel_size", "stride", "dilation")
        normalize(self, self.dims, "padding", "output_padding", least=0)

    def init(self, key: Key) -> tuple[Params, State]:
        group_channels = self.out_channels // self.groups
        kernel = per_dimension(self.kernel_size, self.dims)
        shape = (self.in_channels, group_channels, *kernel)
        return conv_params(self, key, shape, self.out_channels), {}

    def compute(
        self, params: Params, x: Array, output_size: tuple[int, ...] | None = None
    ) -> Array:
        output_padding = self.output_padding
        if output_size is not None:
            output_padding = self._output_padding(x, tuple(output_size))
        return self._convolve(
            x,
            params["weight"],
            params.get("bias"),
            self.stride,
            self.padding,
            output_padding,
            self.groups,
            self.dilation,
        )

    def _output_padding(self, x: Array, size: tuple[int, ...]) -> tuple[int, ...]:
        """The output padding with which the output has `size`."""
        name = type(self).__name__
        if len(size) not in (self.dims, self.dims + 2, x.ndim):
            facts = {"output_size": size, "dims": self.dims, "ndim": x.ndim}
            raise InputError("conv_layer.output_rank", name=name, **facts)
        settings = (
            per_dimension(getattr(self, name), self.dims)
            for name in ("kernel_size", "stride", "padding", "dilation")
        )
        spatial = zip(x.shape[-self.dims :], *settings, strict=True)
        least = [(n - 1) * s - 2 * p + d * (k - 1) + 1 for n, k, s, p, d in spatial]
        missing = tuple(
            want - have for want, have in zip(size[-self.dims :], least, strict=True)
        )
        strides = per_dimension(self.stride, self.dims)
        if any(not 0 <= m < s for m, s in zip(missing, strides, strict=True)):
            largest = [n + s - 1 for n, s in zip(least, strides, strict=True)]
            facts = {
                "input": x.shape,
                "output_size": size[-self.dims :],
                "least": tuple(least),
                "largest": tuple(largest),
            }
            raise InputError("conv_layer.output_size", name=name, **facts)
        return missing


class ConvTranspose1d(_TransposedConvolution):
    """Apply a 1D transposed convolution; equals `torch.nn.ConvTranspose1d`.

    As `ConvTranspose2d` with one spatial dimension.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.ConvTranspose1d(2, 3, 4, stride=2)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((4, 2, 9)))[0].shape
        (4, 3, 20)
    """

    dims = 1
    _convolve = staticmethod(F.conv_transpose1d)


class ConvTranspose2d(_TransposedConvolution):
    """Apply a 2D transposed convolution; equals `torch.nn.ConvTranspose2d`.

    Params: `weight` `(in_channels, out_channels / groups, height, width)` and `bias`
    `(out_channels,)`, both drawn from U(-b, b) with `b = 1 / sqrt(out_channels /
    groups * height * width)`, as PyTorch draws them.

    Input `(batch, in_channels, height, width)`, the batch optional; output `(batch,
    out_channels, ...)` as `funcnet.functional.conv_transpose2d` describes it, or of
    the spatial size `output_size`, a further argument of `apply`.

    Raises:
        InputError: a setting is out of range, the groups divide no channels, or the
            output cannot have that size.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.ConvTranspose2d(2, 3, 4, stride=2, padding=1)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((4, 2, 8, 8)))[0].shape
        (4, 3, 16, 16)
    """

    dims = 2
    _convolve = staticmethod(F.conv_transpose2d)


class ConvTranspose3d(_TransposedConvolution):
    """Apply a 3D transposed convolution; equals `torch.nn.ConvTranspose3d`.

    As `ConvTranspose2d` with three spatial dimensions.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.ConvTranspose3d(1, 2, 2, stride=2)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((1, 1, 2, 2, 2)))[0].shape
        (1, 2, 4, 4, 4)
    """

    dims = 3
    _convolve = staticmethod(F.conv_transpose3d)
