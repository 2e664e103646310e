"""Methods and attributes of tensors that few scripts use."""

from funcnet.compat._ops.registry import FUNCTIONS, register, register_attribute
from funcnet.compat._tensor.tensor import Tensor

for _kind in ("ipu", "maia", "mtia", "vulkan"):
    register_attribute(f"is_{_kind}", lambda self: False)
register_attribute("volatile", lambda self: False)


register_attribute("grad_dtype", lambda self: self.dtype)


@register("Tensor.is_distributed")
def is_distributed(self: Tensor) -> bool:
    """Return False: a tensor is whole."""
    return False


@register("Tensor.const_data_ptr")
def const_data_ptr(self: Tensor) -> int:
    """The address of the first element, which is not to be written to."""
    return self.data_ptr()  # type: ignore[no-any-return, attr-defined]


@register("Tensor.dim_order")
def dim_order(self: Tensor, ambiguity_check: object = False) -> tuple[int, ...]:
    """The dimensions from the outermost in memory to the innermost.

    Equals `Tensor.dim_order`.
    """
    strides = self.stride()  # type: ignore[attr-defined]
    return tuple(sorted(range(self.ndim), key=lambda dim: -strides[dim]))


@register("Tensor.module_load")
def module_load(self: Tensor, other: Tensor, assign: bool = False) -> Tensor:
    """What `load_state_dict` puts in place of this tensor: the other one's numbers.

    Equals `Tensor.module_load`.
    """
    if assign:
        return other.detach()
    return FUNCTIONS["clone"](self.detach()).copy_(other)  # type: ignore[no-any-return]


@register("Tensor.resize_as")
def resize_as(self: Tensor, tensor: Tensor) -> Tensor:
    """The numbers in the shape of another tensor of as many elements.

    Raises:
        RuntimeError: it has another number of elements.
    """
    if self.numel() != tensor.numel():
        raise RuntimeError(
            f"requested resize to {'x'.join(map(str, tensor.shape))} "
            f"({tensor.numel()} elements in total), but the given tensor has a size of "
            f"{'x'.join(map(str, self.shape))} ({self.numel()} elements). autograd's "
            "resize can only change the shape of a given tensor, while preserving the "
            "number of elements."
        )
    return self.reshape(tensor.shape)  # type: ignore[no-any-return, attr-defined]


@register("Tensor.record_stream")
def record_stream(self: Tensor, stream: object) -> None:
    """Do nothing: XLA keeps memory as long as programs use it.

    Raises:
        RuntimeError: it is given no stream.
    """
    if not hasattr(stream, "wait_event"):
        raise RuntimeError("unknown parameter type")
