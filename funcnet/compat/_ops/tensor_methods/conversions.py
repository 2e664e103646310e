"""Tensors in other dtypes, on other devices, and as numbers and arrays."""

from collections.abc import Callable
from typing import Any, Final

import jax
import numpy as np

from funcnet.compat._autograd.node import CustomNode
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DeviceLike, MemoryFormat
from funcnet.compat._core.context import is_grad_recorded, thread
from funcnet.compat._core.conversion import converted
from funcnet.compat._core.device import META, jax_device, resolve_device
from funcnet.compat._core.device import device as Device
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._engine.graph import Value
from funcnet.compat._engine.op import tensor_spec
from funcnet.compat._ops.create.constructors import TYPES, type_name
from funcnet.compat._ops.create.data import as_dtype
from funcnet.compat._ops.registry import METHODS, register, register_attribute
from funcnet.compat._tensor.grad_graph import gradient_edge
from funcnet.compat._tensor.recording import CAST, record_op
from funcnet.compat._tensor.tensor import Tensor, from_array, wrap
from funcnet.compat._tensor.transform_levels import AS_NUMBER, refuse_mapped
from funcnet.compat._tensor.views import alias

# --- dtype and device ----------------------------------------------------------------


@register("Tensor.to")
def to(
    self: Tensor,
    *args: object,
    device: DeviceLike | None = None,
    dtype: Any = None,
    other: Tensor | None = None,
    non_blocking: bool = False,
    copy: bool = False,
    memory_format: MemoryFormat | None = None,
) -> Tensor:
    """The tensor in another dtype or on another device, as `Tensor.to`.

    It is the tensor itself if nothing changes and `copy` is not set.
    """
    switches = [arg for arg in args if isinstance(arg, bool)]
    copy = copy or (len(switches) > 1 and switches[1])  # after `non_blocking`
    for arg in args:
        if isinstance(arg, Tensor):
            other = arg
        elif isinstance(arg, DType | type):
            dtype = arg
        elif isinstance(arg, str | int | Device) and not isinstance(arg, bool):
            device = arg
    if other is not None:
        device, dtype = other.device, other.dtype
    where = self.device if device is None else resolve_device(device)
    dtype = as_dtype(dtype) or self.dtype
    result = self if where == self.device else _moved(self, where)
    result = result if dtype is result.dtype else cast(result, dtype)
    return METHODS["clone"](result) if copy and result is self else result


def cast(x: Tensor, dtype: DType) -> Tensor:
    """The tensor in another dtype; at once if it is data that lie on the host."""
    shared = x._storage.host
    known = x._numpy_data() if shared is None else x._numpy_view(shared)
    if known is None or (x.requires_grad and is_grad_recorded()):
        return record_op(CAST, (x, dtype))
    with np.errstate(invalid="ignore", over="ignore"):
        return from_array(converted(known, dtype), x.device)


def _moved(x: Tensor, device: Device) -> Tensor:
    """A copy on another device; the gradient goes back to where it came from."""
    if device is META:
        result = wrap(Value(tensor_spec(x._spec.shape, x._spec.dtype, META)))
    else:
        with jax.enable_x64(True):
            array = jax.device_put(x._array(), jax_device(device))
        result = wrap(Value(tensor_spec(x._spec.shape, x._spec.dtype, device), array))
    if not (is_grad_recorded() and x.requires_grad):
        return result
    home = x.device

    def pull(grads: list[Tensor | None]) -> list[Tensor | None]:
        return [None if grad is None else _moved(grad, home) for grad in grads]

    result._set_grad_fn(CustomNode("ToCopyBackward0", pull, (gradient_edge(x),), 1))
    return result


def _cast_method(name: str, dtype: DType) -> None:
    def public(self: Tensor, memory_format: MemoryFormat | None = None) -> Tensor:
        return self if self.dtype is dtype else cast(self, dtype)

    doc = f"The tensor in {dtype}, itself if it is that."
    register(f"Tensor.{name}", doc=doc)(public)


for _name, _kind in (
    *_dtypes.ALIASES.items(),
    ("bool", _dtypes.bool_),
    ("byte", _dtypes.uint8),
    ("char", _dtypes.int8),
    ("bfloat16", _dtypes.bfloat16),
):
    _cast_method(_name, _kind)


@register("Tensor.type")
def type_(
    self: Tensor, dtype: DType | None = None, non_blocking: bool = False, **_: object
) -> Any:
    """The name of the tensor's type, or the tensor in another one."""
    if dtype is None:
        return type_name(self.dtype)
    if isinstance(dtype, str):
        word = dtype.removeprefix("torch.").removeprefix("cuda.").removesuffix("Tensor")
        if word not in TYPES:
            raise ValueError(f"invalid type: {dtype!r}")
        dtype = TYPES[word]
    return to(self, dtype=getattr(dtype, "dtype", dtype))


@register("Tensor.type_as")
def type_as(self: Tensor, other: Tensor) -> Tensor:
    """The tensor in the dtype and on the device of another, as `Tensor.type_as`."""
    return to(self, other)


@register("Tensor.cpu")
def cpu(self: Tensor, memory_format: MemoryFormat | None = None) -> Tensor:
    """The tensor on the CPU, as `Tensor.cpu`."""
    return to(self, "cpu")


@register("Tensor.cuda")
def cuda(
    self: Tensor,
    device: DeviceLike | None = None,
    non_blocking: bool = False,
    memory_format: MemoryFormat | None = None,
) -> Tensor:
    """The tensor on a GPU, as `Tensor.cuda`."""
    return to(self, "cuda" if device is None else resolve_device(device))


@register("get_device")
def get_device(input: Tensor) -> int:
    """The index of the tensor's GPU, -1 on the CPU."""
    device = input.device
    return -1 if device.type in ("cpu", "meta") else device.index or 0


# --- what kind of tensor it is -------------------------------------------------------


@register("is_tensor", method=False, overridable=False)
def is_tensor(obj: object) -> bool:
    """Return whether something is a tensor."""
    return isinstance(obj, Tensor)


def _is_nonzero(x: Tensor) -> bool:
    return bool(item(x) != 0)


def _register_test(name: str, asks: Callable[[Tensor], Any], says: str) -> None:
    def public(input: Tensor) -> bool:
        return bool(asks(input))

    register(name, doc=says)(public)


_register_test(
    "is_floating_point", lambda x: x.dtype.is_floating_point, "Tell reals apart."
)
_register_test(
    "is_complex", lambda x: x.dtype.is_complex, "Tell complex numbers apart."
)
_register_test(
    "is_signed", lambda x: x.dtype.is_signed, "Return whether it can be negative."
)
_register_test("is_nonzero", _is_nonzero, "Return whether the only element is not 0.")
_register_test(
    "is_inference", lambda x: x._storage.is_inference, "Made in `inference_mode`."
)
_register_test("is_conj", lambda x: False, "No: conjugation is not put off here.")
_register_test("is_neg", lambda x: False, "No: negation is not put off here.")

register_attribute("is_cuda", lambda self: self.device.type == "cuda")
register_attribute("is_cpu", lambda self: self.device.type == "cpu")
register_attribute("is_meta", lambda self: self._spec.device is META)
for _name in ("mps", "xpu", "xla", "sparse", "quantized", "nested", "mkldnn"):
    register_attribute(f"is_{_name}", lambda self: False)


@register("resolve_conj", "resolve_neg")
def resolve(input: Tensor) -> Tensor:
    """The tensor itself: nothing is put off here."""
    return input


# --- numbers and arrays --------------------------------------------------------------


@register("item")
def item(input: Tensor) -> Any:
    """The one element as a Python number, as `Tensor.item`."""
    if thread.context.levels:
        refuse_mapped(input, AS_NUMBER)
    if input._spec.device is META:
        raise RuntimeError("Tensor.item() cannot be called on meta tensors")
    array = np.asarray(input._array())
    if array.size != 1:
        raise RuntimeError(
            f"a Tensor with {array.size} elements cannot be converted to Scalar"
        )
    return array.reshape(()).tolist()


@register("Tensor.tolist")
def tolist(self: Tensor) -> Any:
    """The elements as nested lists of Python numbers, as `Tensor.tolist`."""
    return np.asarray(self._array()).tolist()


NOT_IN_NUMPY: Final = {
    kind: kind.type_name
    for kind in _dtypes.ALL
    if kind in (_dtypes.bfloat16, _dtypes.complex32) or kind.is_float8
}


@register("Tensor.numpy")
def numpy(self: Tensor, *, force: bool = False) -> np.ndarray:
    """The numbers as an array of numpy that shares this tensor's memory.

    Raises:
        RuntimeError: the tensor requires grad, and gradients are recorded.
        TypeError: the tensor lies on a GPU.
    """
    if force:
        return numpy(cpu(alias(self)))
    if self.requires_grad and is_grad_recorded():
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use "
            "tensor.detach().numpy() instead."
        )
    if self.device.type != "cpu":
        raise TypeError(
            f"can't convert {self.device} device type tensor to numpy. Use "
            "Tensor.cpu() to copy the tensor to host memory first."
        )
    if self.dtype in NOT_IN_NUMPY:
        raise TypeError(f"Got unsupported ScalarType {NOT_IN_NUMPY[self.dtype]}")
    return self._numpy_view(self._storage.share())
