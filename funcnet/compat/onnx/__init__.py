"""`torch.onnx`: ONNX is not written, and says so when it is asked for."""

import enum
from collections.abc import Callable
from typing import Any, Final

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.refused import refused
from funcnet.compat._messages.unsupported import missing

_INSTEAD: Final = (
    "ONNX files are not written. torch.pure(module) gives a function of arrays, which "
    "jax.export writes as StableHLO and jax2tf as a SavedModel; or load the state_dict "
    "into the same module of PyTorch and export it there"
)
globals().update(
    refused("onnx", _INSTEAD, "export dynamo_export ONNXProgram ExportOptions verify")
)


class OperatorExportTypes(enum.Enum):
    """What becomes of operators that ONNX does not have."""

    ONNX = 0
    ONNX_ATEN = 1
    ONNX_ATEN_FALLBACK = 2
    ONNX_FALLTHROUGH = 3


class TrainingMode(enum.Enum):
    """In which mode a module is exported."""

    EVAL = 0
    PRESERVE = 1
    TRAINING = 2


class OnnxExporterError(RuntimeError):
    """What an export raises."""


def is_in_onnx_export() -> bool:
    """No."""
    return False


def register_custom_op_symbolic(
    name: str, fn: Callable[..., Any], opset_version: int
) -> None:
    """Accepted: nothing is exported that it could be used for."""


def unregister_custom_op_symbolic(name: str, opset_version: int) -> None:
    """Accepted, as `register_custom_op_symbolic`."""


def _parse_args(*kinds: str) -> Callable[[Any], Any]:
    return lambda function: function


_helpers = refused(
    "onnx.symbolic_helper", _INSTEAD, "_get_tensor_sizes _maybe_get_const"
)
symbolic_helper = show_as(
    f"{__name__}.symbolic_helper", {"parse_args": _parse_args, **_helpers}
)
for _version in range(7, 21):
    _name = f"symbolic_opset{_version}"
    show_as(f"{__name__}.{_name}", {})
utils = show_as(
    f"{__name__}.utils",
    {"export": globals()["export"], "is_in_onnx_export": is_in_onnx_export},
)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "onnx")
