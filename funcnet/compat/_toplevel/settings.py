"""Global settings and queries of `torch`."""

import functools
import os
from collections.abc import Callable
from typing import Any, TypeVar, overload

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._core.dtype import result_type as _result_type
from funcnet.compat._core.overriding import (
    NOT_OVERRIDDEN,
    dispatch,
    dispatch_override,
)
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tiers.compiled_calls import compiled_call

_F = TypeVar("_F", bound=Callable[..., Any])
_state: dict[str, Any] = {"threads": os.cpu_count() or 1, "deterministic": 0}


@overload
def compile(model: _F, **options: object) -> _F: ...
@overload
def compile(model: None = None, **options: object) -> Callable[[_F], _F]: ...
def compile(model: Callable[..., Any] | None = None, **options: object) -> Any:
    """Compile what calls of a function or module record at its first use.

    Every program that repeats is compiled sooner or later. One with an operation that
    the function or module recorded, or the gradient of one, is compiled when it is new;
    to wait for it can be worth its while where all steps are alike. With the tier
    "interpret" it is interpreted all the same.

    Returns:
        A module around the one given, which is its `_orig_mod`; a function that does
        the same as the one given.

    Example:
        >>> import funcnet.compat as torch
        >>> model = torch.compile(torch.nn.Linear(2, 1))
        >>> model(torch.zeros(3, 2)).shape
        torch.Size([3, 1])
    """
    if model is None:
        return lambda model: compile(model, **options)
    if isinstance(model, type):
        return model
    if hasattr(model, "_forward_hooks"):
        return model._optimized_class(model)  # type: ignore[attr-defined]

    @functools.wraps(model)
    def compiled(*args: object, **kwargs: object) -> Any:
        with compiled_call():
            return model(*args, **kwargs)

    return compiled


def set_num_threads(count: int) -> None:
    """Store the number; XLA uses as many threads as there are cores."""
    _state["threads"] = int(count)


def get_num_threads() -> int:
    """Return the number that was set, or the number of cores."""
    return int(_state["threads"])


set_num_interop_threads = set_num_threads
get_num_interop_threads = get_num_threads


@explains_keywords
def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Store the setting; programs are deterministic on CPUs in any case."""
    _state["deterministic"] = (1 if warn_only else 2) if mode else 0


def are_deterministic_algorithms_enabled() -> bool:
    """Return what was set."""
    return _state["deterministic"] > 0


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Return what was set."""
    return _state["deterministic"] == 1


def set_deterministic_debug_mode(debug_mode: int | str) -> None:
    """Set the mode: "default" (0), "warn" (1) or "error" (2)."""
    modes = ("default", "warn", "error")
    if not isinstance(debug_mode, int | str):
        raise TypeError(
            f"debug_mode must be str or int, but got {type(debug_mode).__name__}"
        )
    if debug_mode not in (*modes, 0, 1, 2):
        raise RuntimeError(
            "invalid value of debug_mode, expected `default`, `warn`, or `error`, or "
            f"0, 1 or 2, but got {debug_mode}"
        )
    result = modes.index(debug_mode) if isinstance(debug_mode, str) else debug_mode
    _state["deterministic"] = result


def get_deterministic_debug_mode() -> int:
    """Return the mode: 0, 1 or 2."""
    return int(_state["deterministic"])


def set_warn_always(b: bool, /) -> None:
    """Set whether warnings of deprecated spellings are repeated."""
    from funcnet.compat._messages import suggestions as _help

    _help.warn_always = bool(b)


def is_warn_always_enabled() -> bool:
    """Return what was set."""
    from funcnet.compat._messages import suggestions as _help

    return _help.warn_always


def set_flush_denormal(mode: bool) -> bool:
    """Return False: XLA decides how it treats denormal numbers."""
    return False


def typename(obj: object, /) -> str:
    """Return PyTorch's name for the type of an object: "torch.FloatTensor"."""
    if isinstance(obj, Tensor):
        return str(obj.type())
    cls = obj if isinstance(obj, type) else type(obj)
    if cls.__module__ == "builtins":
        return cls.__qualname__
    module = cls.__module__.replace("funcnet.compat", "torch", 1)
    return f"{module}.{cls.__qualname__}"


def get_device_module(device: DeviceLike | None = None) -> Any:
    """Return the module of a device type: `torch.cpu` or `torch.cuda`."""
    from funcnet.compat import cpu, cuda
    from funcnet.compat._core.device import device as Device
    from funcnet.compat._core.device import gpus

    device_type = (
        Device(device).type if device is not None else "cuda" if gpus() else "cpu"
    )
    result = {"cpu": cpu, "cuda": cuda}.get(device_type)
    if result is None:
        raise RuntimeError(
            f"Device '{device_type}' does not have a corresponding module registered "
            f"as 'torch.{device_type}'."
        )
    return result


def compiled_with_cxx11_abi() -> bool:
    """Return True: the C++ here is XLA's."""
    return True


def set_float32_matmul_precision(precision: str) -> None:
    """Set the precision of products on GPUs: "highest", "high" or "medium"."""
    import jax

    names = {"highest": "highest", "high": "high", "medium": "default"}
    if precision not in names:
        raise RuntimeError(f"{precision} is not one of 'highest', 'high' or 'medium'")
    _state["precision"] = precision
    jax.config.update("jax_default_matmul_precision", names[precision])


def get_float32_matmul_precision() -> str:
    """Return what was set."""
    return str(_state.get("precision", "highest"))


def set_default_tensor_type(t: Any) -> None:
    """Set the default dtype by the name of a tensor type; deprecated in PyTorch."""
    from funcnet.compat._core.dtype import set_default_dtype
    from funcnet.compat._ops.create.constructors import TYPES

    if isinstance(t, str):
        t = TYPES[t.removeprefix("torch.").removesuffix("Tensor")]
    set_default_dtype(t if isinstance(t, DType) else t.dtype)


@explains_keywords
def result_type(first: TensorLike, second: TensorLike) -> DType:
    """Return the dtype of an operation on two operands, as `torch.result_type`."""
    from funcnet.compat._core.dtype import of_number

    def operand(x: TensorLike) -> tuple[DType, int, bool]:
        if isinstance(x, Tensor):
            return x.dtype, x.ndim, False
        return of_number(x), 0, True

    return _result_type(operand(first), operand(second))


@explains_keywords
def can_cast(from_: DType, to: DType) -> bool:
    """Return whether a dtype can be cast to another of the same category."""
    kinds = [_kind(from_), _kind(to)]
    return kinds[0] <= kinds[1] and not (to.name == "bool" and from_ is not to)


def _kind(dtype: DType) -> int:
    if dtype.is_complex:
        return 3
    return 2 if dtype.is_floating_point else int(dtype.name != "bool")


@explains_keywords
class finfo:  # noqa: N801 - PyTorch's name
    """Limits of a floating-point dtype, as `torch.finfo`."""

    def __init__(self, type: DType | None = None) -> None:
        import jax.numpy as jnp

        from funcnet.compat._core.dtype import get_default_dtype

        dtype = type or get_default_dtype()
        if not dtype.is_inexact:
            raise TypeError(
                "torch.finfo() requires a floating point input type. Use torch.iinfo "
                f"to handle '{dtype}'"
            )
        info = jnp.finfo(dtype.to_real().numpy)
        self.bits = info.bits
        self.eps = float(info.eps)
        self.max = float(info.max)
        self.min = float(info.min)
        self.tiny = self.smallest_normal = float(info.tiny)
        self.resolution = float(info.resolution)
        self.dtype = dtype.to_real().name

    def __repr__(self) -> str:
        return (
            f"finfo(resolution={self.resolution:g}, min={self.min:g}, "
            f"max={self.max:g}, eps={self.eps:g}, smallest_normal={self.tiny:g}, "
            f"tiny={self.tiny:g}, dtype={self.dtype})"
        )


@explains_keywords
class iinfo:  # noqa: N801
    """Limits of an integer dtype, as `torch.iinfo`."""

    def __init__(self, type: DType) -> None:
        import numpy as np

        if type.is_inexact:
            raise TypeError(
                "torch.iinfo() requires an integer input type. Use torch.finfo to "
                "handle 'torch.iinfo'"
            )
        info = np.iinfo(type.numpy)
        self.bits = info.bits
        self.max = int(info.max)
        self.min = int(info.min)
        self.dtype = type.name

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"


def _assert(condition: object, message: str) -> Any:
    """Raise AssertionError unless the condition holds."""
    if dispatch.active and type(condition) is not bool:
        result = dispatch_override(_assert, (condition, message), {})
        if result is not NOT_OVERRIDDEN:
            return result
    assert condition, message
    return None


def _assert_async(input: Any, message: str = "Expected Tensor to be nonzero") -> None:
    """Raise RuntimeError if a tensor of one element is zero, at once."""
    if not bool(input):
        raise RuntimeError(message)


__all__ = [
    "are_deterministic_algorithms_enabled",
    "can_cast",
    "compile",
    "compiled_with_cxx11_abi",
    "finfo",
    "get_deterministic_debug_mode",
    "get_device_module",
    "get_float32_matmul_precision",
    "get_num_interop_threads",
    "get_num_threads",
    "iinfo",
    "is_deterministic_algorithms_warn_only_enabled",
    "is_warn_always_enabled",
    "result_type",
    "set_default_tensor_type",
    "set_deterministic_debug_mode",
    "set_float32_matmul_precision",
    "set_flush_denormal",
    "set_num_interop_threads",
    "set_num_threads",
    "set_warn_always",
    "typename",
    "use_deterministic_algorithms",
]
