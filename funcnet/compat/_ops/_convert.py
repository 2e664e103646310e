"""Attributes of tensors, and tensors as other things: dtypes, devices, numbers, arrays."""

import warnings
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet.compat import _dtypes
from funcnet.compat._devices import placed
from funcnet.compat._dtypes import dtype as DType
from funcnet.compat._formats import strided
from funcnet.compat._graph import Op, constant
from funcnet.compat._layout import is_contiguous
from funcnet.compat._ops._creation import function
from funcnet.compat._ops._table import (
    FUNCTIONS,
    METHODS,
    check_writable,
    op,
)
from funcnet.compat._ops._typed import TYPES, type_name
from funcnet.compat._tensor import (
    CAST,
    Number,
    Size,
    Tensor,
    alias,
    apply_op,
    edge,
    from_array,
    is_grad_recorded,
)


def method(*names: str) -> Any:
    """Enter a function of a tensor under these names of its class."""

    def enter(public: Any) -> Any:
        for name in names:
            METHODS[name] = public
        return public

    return enter


def attribute(name: str, get: Any, set: Any = None) -> None:  # noqa: A002
    """Enter a property of the class."""
    METHODS[name] = property(get, set)  # type: ignore[assignment]


# --- dtype and device --------------------------------------------------------------------


@method("to")
def to(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """The tensor in another dtype or on another device, as `Tensor.to`.

    It is the tensor itself if nothing changes and `copy` is not set.
    """
    where, kind = kwargs.pop("device", None), kwargs.pop("dtype", None)
    copy = kwargs.pop("copy", False)
    for arg in args:
        if isinstance(arg, DType):
            kind = arg
        elif isinstance(arg, Tensor):
            where, kind = arg.device, arg.dtype
        elif arg is not None and not isinstance(arg, bool):
            where = arg
    known = {"non_blocking", "memory_format", "other"}
    other = kwargs.get("other")
    if other is not None:
        where, kind = other.device, other.dtype
    for name in kwargs:
        if name not in known:
            raise TypeError(f"to() received an invalid keyword argument {name!r}")
    moved = self
    if where is not None:
        where = placed(where)
        if where != self.device:
            moved = _moved(self, where)
    if kind is not None and kind is not moved.dtype:
        return apply_op(CAST, (moved, kind))
    return METHODS["clone"](moved) if copy and moved is self else moved


def _moved(x: Tensor, where: Any) -> Tensor:
    """A copy on another device; the gradient goes back to where it came from."""
    from funcnet.compat._autograd import CustomFunction

    made = from_array(jax.device_put(x._array()), where)
    if not (is_grad_recorded() and x.requires_grad):
        return made
    home = x.device

    def pull(grads: list[Any]) -> list[Any]:
        return [grads[0] if grads[0] is None else _moved(grads[0], home)]

    made._fn = CustomFunction("ToCopyBackward0", pull, (edge(x),), 1)
    return made


def _cast(name: str, kind: DType) -> None:
    def public(self: Tensor, memory_format: Any = None) -> Tensor:
        return self if self.dtype is kind else apply_op(CAST, (self, kind))

    public.__name__ = public.__qualname__ = name
    public.__doc__ = f"The tensor in {kind}; itself if it is in it already."
    METHODS[name] = public


for _name, _kind in _dtypes.ALIASES.items():
    _cast(_name, _kind)
for _name, _kind in (
    ("bool", _dtypes.bool_),
    ("byte", _dtypes.uint8),
    ("char", _dtypes.int8),
    ("bfloat16", _dtypes.bfloat16),
):
    _cast(_name, _kind)


@method("type")
def type_(self: Tensor, dtype: Any = None, non_blocking: bool = False, **_: Any) -> Any:
    """The name of the tensor's type, or the tensor in another one."""
    if dtype is None:
        return type_name(self.dtype)
    if isinstance(dtype, str):
        word = dtype.removeprefix("torch.").removeprefix("cuda.").removesuffix("Tensor")
        if word not in TYPES:
            raise ValueError(f"invalid type: {dtype!r}")
        dtype = TYPES[word]
    kind = dtype if isinstance(dtype, DType) else dtype.dtype
    return METHODS["to"](self, kind)


@method("type_as")
def type_as(self: Tensor, other: Tensor) -> Tensor:
    """The tensor in the dtype and on the device of another."""
    return METHODS["to"](self, other)


@method("cpu")
def cpu(self: Tensor, memory_format: Any = None) -> Tensor:
    """The tensor on the CPU."""
    return METHODS["to"](self, "cpu")


@method("cuda")
def cuda(self: Tensor, device: Any = None, non_blocking: bool = False) -> Tensor:
    """The tensor on a GPU."""
    return METHODS["to"](self, "cuda" if device is None else placed(device))


attribute("is_cuda", lambda self: self._aval.device.type == "cuda")
attribute("is_cpu", lambda self: self._aval.device.type == "cpu")
for _name in ("is_mps", "is_xpu", "is_meta", "is_sparse", "is_quantized", "is_nested", "is_mkldnn"):
    attribute(_name, lambda self: False)


@method("get_device")
def get_device(self: Tensor) -> int:
    """The index of the tensor's GPU, -1 on the CPU."""
    where = self._aval.device
    return -1 if where.type == "cpu" else where.index or 0


@method("pin_memory", "share_memory_", "resolve_neg")
def itself(self: Tensor, *args: Any) -> Tensor:
    """Return the tensor: there is nothing to be done here."""
    return self


METHODS["is_pinned"] = METHODS["is_shared"] = lambda self: False
FUNCTIONS["resolve_neg"] = itself


@function("is_tensor")
def is_tensor(obj: Any) -> bool:
    """Tell whether something is a tensor."""
    return isinstance(obj, Tensor)


@function("is_storage")
def is_storage(obj: Any) -> bool:
    """No: storages are not shown."""
    return False


def _tells(name: str, asks: Any, doc: str) -> None:
    def public(input: Tensor) -> bool:
        return asks(input)

    public.__name__ = public.__qualname__ = name
    public.__doc__ = doc
    METHODS[name] = FUNCTIONS[name] = public


_tells("is_floating_point", lambda x: x.dtype.is_floating_point, "Tell whether it is real.")
_tells("is_complex", lambda x: x.dtype.is_complex, "Tell whether it is complex.")
_tells("is_signed", lambda x: x.dtype.is_signed, "Tell whether it has a sign.")
_tells("is_conj", lambda x: False, "No: conjugation is not put off here.")
_tells("is_neg", lambda x: False, "No: negation is not put off here.")
_tells("is_inference", lambda x: False, "No: inference tensors are ordinary ones here.")
_tells("numel", lambda x: x.shape.numel(), "The number of elements.")
_tells("is_nonzero", lambda x: bool(x), "Tell whether the one element is not zero.")
METHODS["nelement"] = METHODS["numel"]


@method("size")
def size(self: Tensor, dim: int | None = None) -> Any:
    """The sizes of all dimensions, or of one."""
    shape = self._aval.shape
    if dim is None:
        return Size(shape)
    if not -len(shape) <= dim < max(len(shape), 1):
        raise IndexError(
            "Dimension out of range (expected to be in range of "
            f"[{-max(len(shape), 1)}, {max(len(shape), 1) - 1}], but got {dim})"
        )
    return shape[dim]


@method("dim", "ndimension")
def dim(self: Tensor) -> int:
    """The number of dimensions."""
    return len(self._aval.shape)


@method("element_size")
def element_size(self: Tensor) -> int:
    """The bytes of one element."""
    return self.dtype.itemsize


attribute("itemsize", lambda self: self.dtype.itemsize)
attribute("nbytes", lambda self: self.dtype.itemsize * self.shape.numel())
attribute("layout", lambda self: strided)


@method("stride")
def stride(self: Tensor, dim: int | None = None) -> Any:
    """How far apart in memory the elements along each dimension are."""
    steps = self._layout().stride
    return steps if dim is None else steps[dim]


@method("storage_offset")
def storage_offset(self: Tensor) -> int:
    """Where in memory the first element is."""
    return self._layout().offset


@method("is_contiguous")
def contiguous_(self: Tensor, memory_format: Any = None) -> bool:
    """Tell whether the elements lie one behind the other."""
    plain = not self._steps and self._storage.host is None
    return plain or is_contiguous(self._layout())


@method("data_ptr")
def data_ptr(self: Tensor) -> int:
    """A number that tensors have in common if they begin in the same memory."""
    return id(self._storage) + self._layout().offset * self.dtype.itemsize


# --- the gradient graph ------------------------------------------------------------------


@method("requires_grad_")
def requires_grad_(self: Tensor, requires_grad: bool = True) -> Tensor:
    """Say whether gradients reach this tensor, in place."""
    kind = self.dtype
    if requires_grad and not (kind.is_floating_point or kind.is_complex):
        raise RuntimeError(
            "only Tensors of floating point and complex dtype can require gradients"
        )
    if not requires_grad and self._fn is not None:
        raise RuntimeError(
            "you can only change requires_grad flags of leaf variables. If you want to "
            "use a computed variable in a subgraph that doesn't require differentiation "
            "use var_no_grad = var.detach()."
        )
    self._requires_grad = bool(requires_grad) and self._fn is None
    return self


attribute("requires_grad", Tensor.requires_grad.fget, requires_grad_)  # type: ignore[attr-defined]


@method("detach")
def detach(self: Tensor) -> Tensor:
    """The same memory, outside the gradient graph."""
    return alias(self)


FUNCTIONS["detach"] = detach


@method("detach_")
def detach_(self: Tensor) -> Tensor:
    """Take this tensor out of the gradient graph."""
    if self._base is not None:
        raise RuntimeError(
            "Can't detach views in-place. Use detach() instead."
        )
    self._fn, self._output, self._requires_grad = None, 0, False
    return self


FUNCTIONS["detach_"] = detach_


def _set_data(self: Tensor, new: Tensor) -> None:
    self._storage = new._storage
    self._steps, self._base, self._taken = new._steps, None, new._taken
    self._taken_at = new._taken_at


attribute("data", alias, _set_data)


def _set_grad(self: Tensor, grad: Any) -> None:
    if grad is not None:
        if not isinstance(grad, Tensor):
            raise TypeError(
                f"assigned grad expected to be a Tensor or None but got grad of type {type(grad).__name__}"
            )
        if grad._aval.shape != self._aval.shape:
            raise RuntimeError(
                "assigned grad has data of a different size"
            )
        if grad.dtype is not self.dtype:
            raise RuntimeError("assigned grad has data of a different type")
    self._grad = grad


def _get_grad(self: Tensor) -> Any:
    if self._grad is None and self._fn is not None and not self._retains_grad:
        warnings.warn(
            "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. "
            "Its .grad attribute won't be populated during autograd.backward(). If you "
            "indeed want the .grad field to be populated for a non-leaf Tensor, use "
            ".retain_grad() on the non-leaf Tensor. If you access the non-leaf Tensor by "
            "mistake, make sure you access the leaf Tensor instead.",
            UserWarning,
            stacklevel=2,
        )
    return self._grad


attribute("grad", _get_grad, _set_grad)
METHODS["_is_view"] = lambda self: bool(self._steps)


@op("clone", grad_name="CloneBackward0")
def clone(input: Any, *, memory_format: Any = None) -> Any:
    """A copy with its own memory, as `torch.clone`."""
    return input


@method("contiguous")
def contiguous(self: Tensor, memory_format: Any = None) -> Tensor:
    """The tensor, or a copy whose elements lie one behind the other."""
    return self if METHODS["is_contiguous"](self) else METHODS["clone"](self)


# --- writing -----------------------------------------------------------------------------

_COPY = Op(
    "copy_",
    lambda x, y: jnp.broadcast_to(y.astype(x.dtype), x.shape),
    "CopyBackwards",
)
_FILL = Op("fill_", lambda x, value: jnp.full_like(x, value), "FillBackward0")


@method("copy_")
def copy_(self: Tensor, src: Any, non_blocking: bool = False) -> Tensor:
    """Copy the numbers of another tensor, broadcast and cast, into this one."""
    check_writable(self)
    src = METHODS["to"](src, self.device) if isinstance(src, Tensor) else src
    try:
        new = apply_op(_COPY, (alias(self), src))
    except ValueError:
        raise RuntimeError(
            f"The size of tensor a {list(self.shape)} must match the size of tensor b "
            f"{list(src.shape)}: output with shape {list(self.shape)} doesn't match the "
            "broadcast shape"
        ) from None
    self._write(new._value(), new._fn, new._output)
    return self


@method("fill_")
def fill_(self: Tensor, value: Any) -> Tensor:
    """Set all elements to a number."""
    check_writable(self)
    if isinstance(value, Tensor):
        if value.ndim:
            raise RuntimeError(
                "fill_ only supports 0-dimension value tensor but got tensor with "
                f"{value.ndim} dimensions."
            )
        return METHODS["copy_"](self, value)
    if isinstance(value, int | float | bool) and self._storage.host is None:
        whole = np.full(self._aval.shape, value).astype(self.dtype.numpy)
        self._write(constant(whole, self.device))
        return self
    new = apply_op(_FILL, (alias(self), Number(value)))
    self._write(new._value())
    return self


@op("fill", method=False, numbers=True)
def fill(input: Any, value: Any) -> Any:
    """A tensor of one number in the shape of another, as `torch.fill`."""
    return jnp.broadcast_to(jnp.asarray(value).astype(input.dtype), input.shape)


@method("zero_")
def zero_(self: Tensor) -> Tensor:
    """Set all elements to zero."""
    return METHODS["fill_"](self, 0)


FUNCTIONS["zero_"], FUNCTIONS["fill_"] = zero_, fill_


@method("set_")
def set_(self: Tensor, source: Tensor, *_: Any) -> Tensor:
    """Let this tensor have the memory of another."""
    _set_data(self, source)
    return self


@method("resize_", "resize_as_")
def resize_(self: Tensor, *size: Any, memory_format: Any = None) -> Tensor:
    """Change the shape, keeping what elements there are, in place."""
    if len(size) == 1 and isinstance(size[0], Tensor):
        size = tuple(size[0].shape)
    shape = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
    flat = np.asarray(self._array()).reshape(-1)
    count = int(np.prod(shape, dtype=np.int64))
    grown = np.zeros(count, flat.dtype)
    grown[: min(count, flat.size)] = flat[:count]
    self._storage.write(constant(grown.reshape(shape), self.device))
    self._steps, self._base, self._taken = (), None, None
    return self


# --- numbers and arrays ------------------------------------------------------------------


@method("item")
def item(self: Tensor) -> Any:
    """The one element as a Python number."""
    if self.shape.numel() != 1:
        raise RuntimeError(
            f"a Tensor with {self.shape.numel()} elements cannot be converted to Scalar"
        )
    return np.asarray(self._array()).reshape(()).item()


FUNCTIONS["item"] = item


@method("tolist")
def tolist(self: Tensor) -> Any:
    """The elements as nested lists of Python numbers."""
    return np.asarray(self._array()).tolist()


NOT_IN_NUMPY = {
    _dtypes.bfloat16: "BFloat16",
    _dtypes.float8_e4m3fn: "Float8_e4m3fn",
    _dtypes.float8_e5m2: "Float8_e5m2",
}


@method("numpy")
def numpy(self: Tensor, *, force: bool = False) -> np.ndarray:
    """The numbers as an array of numpy that shares this tensor's memory.

    Raises:
        RuntimeError: the tensor requires grad.
        TypeError: the tensor lies on a GPU.
    """
    if force:
        return METHODS["numpy"](METHODS["cpu"](alias(self)))
    if self.requires_grad:
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use "
            "tensor.detach().numpy() instead."
        )
    if self.device.type != "cpu":
        raise TypeError(
            f"can't convert {self.device} device type tensor to numpy. Use Tensor.cpu() "
            "to copy the tensor to host memory first."
        )
    if self.dtype in NOT_IN_NUMPY:
        raise TypeError(f"Got unsupported ScalarType {NOT_IN_NUMPY[self.dtype]}")
    return self._look(self._storage.share()).view()


METHODS["resolve_conj"] = FUNCTIONS["resolve_conj"] = itself
