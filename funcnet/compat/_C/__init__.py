"""Names of PyTorch's C++ module that Python code uses."""

from typing import Any

from funcnet.compat._core.context import thread
from funcnet.compat._core.device import device
from funcnet.compat._core.dtype import dtype
from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._core.overriding import disabled_torch_function, state
from funcnet.compat._messages.refused import refused, refused_class
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.transform_levels import Logical
from funcnet.compat.random import Generator

TensorBase = _TensorBase = Tensor
_TensorMeta = type(Tensor)
__all__ = ["Generator", "Size", "TensorBase", "device", "dtype"]


class _Off:
    """Context that switches `__torch_function__` off."""

    switch = ""

    def __enter__(self) -> None:
        setattr(state, self.switch, getattr(state, self.switch) + 1)

    def __exit__(self, *error: object) -> None:
        setattr(state, self.switch, getattr(state, self.switch) - 1)


class DisableTorchFunctionSubclass(_Off):
    """Switch `__torch_function__` of classes off in a `with` block."""

    switch = "classes_off"


class DisableTorchFunction(_Off):
    """Switch `__torch_function__` of modes and classes off in a `with` block."""

    switch = "all_off"


def _is_torch_function_enabled() -> bool:
    return not (state.classes_off or state.all_off)


def _is_torch_function_all_disabled() -> bool:
    return bool(state.all_off)


def _len_torch_function_stack() -> int:
    return len(state.modes)


_disabled_torch_function_impl = disabled_torch_function


def _log_api_usage_once(name: str) -> None:
    """Do nothing."""


def _get_tracing_state() -> None:
    """Return None: nothing is traced."""
    return


def _is_tracing() -> bool:
    """Return False."""
    return False


def _are_functorch_transforms_active() -> bool:
    """Return whether a function of `torch.func` runs."""
    return bool(thread.context.levels)


def _is_wrapped(tensor: Tensor) -> bool:
    """Return whether a tensor is what a function sees that `torch.func` transforms."""
    return type(tensor._value()) is Logical


def _is_batchedtensor(tensor: Tensor) -> bool:
    """Return whether a tensor is what a function sees that `vmap` maps."""
    value = tensor._value()
    return type(value) is Logical and bool(getattr(value.level, "maps", False))


def _get_unwrapped(tensor: Tensor) -> Tensor:
    """Return what a tensor inside a function of `torch.func` is outside."""
    value: Any = tensor._value()
    if type(value) is not Logical:
        raise RuntimeError("No wrappers present!")
    result: Tensor = value.tensor
    return result


def _parse_to(*args: Any, **kwargs: object) -> tuple[Any, Any, bool, Any]:
    """Parse the arguments of `to`: device, dtype, `non_blocking`, memory format."""
    result = {"device": None, "dtype": None} | kwargs
    for one in args:
        if isinstance(one, Tensor):
            result |= {"device": one.device, "dtype": one.dtype}
        elif isinstance(one, dtype):
            result["dtype"] = one
        elif isinstance(one, bool):
            result["non_blocking"] = one
        elif one is not None:
            result["device"] = device(one)
    if isinstance(result["device"], str):
        result["device"] = device(result["device"])
    blocking = bool(result.get("non_blocking"))
    return result["device"], result["dtype"], blocking, result.get("memory_format")


_nn = show_as(f"{__name__}._nn", {"_parse_to": _parse_to})
_functorch = show_as(
    f"{__name__}._functorch",
    {
        "get_unwrapped": _get_unwrapped,
        "is_batchedtensor": _is_batchedtensor,
        "is_functorch_wrapped_tensor": _is_wrapped,
        "is_gradtrackingtensor": lambda x: _is_wrapped(x) and not _is_batchedtensor(x),
        **refused(
            "_C._functorch",
            "torch.func.vmap opens and closes its levels itself",
            "_add_batch_dim _remove_batch_dim _vmap_increment_nesting "
            "_vmap_decrement_nesting",
        ),
    },
)
_distributed_rpc = show_as(
    f"{__name__}._distributed_rpc", {"_is_current_rpc_agent_set": _is_tracing}
)
PyTorchFileReader, PyTorchFileWriter = (
    refused_class(name, "read and write files with torch.load and torch.save")
    for name in ("PyTorchFileReader", "PyTorchFileWriter")
)
ScriptFunction = refused_class("ScriptFunction", "there is no TorchScript")
globals().update(
    refused("_C", "there is no TorchScript", "Graph Node Value ScriptModule")
)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "_C")
