"""`torch.onnx`: not supported; each function says so when it is called."""

import enum
from collections.abc import Callable
from typing import Any, Final

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.refused import refused
from funcnet.compat._messages.unsupported import missing

_INSTEAD: Final = (
    "ONNX files are not written. apply, params, state = torch.pure(module.eval()) gives"
    " a function of arrays: funcnet.export(apply, params, example, path, state=state) "
    "writes it as StableHLO, and the package jax2onnx as ONNX: jax2onnx.to_onnx(lambda "
    "x: apply(params, state, x)[0], [example.shape]). Or load the state_dict into the "
    "same module of PyTorch and export it there"
)
_refused = refused(
    "onnx",
    _INSTEAD,
    "export dynamo_export verify ONNXProgram ExportableModule ExportOptions "
    "InputObserver",
)
globals().update(_refused)


class OperatorExportTypes(enum.Enum):
    """How an export treats operators that ONNX does not have."""

    ONNX = 0
    ONNX_ATEN = 1
    ONNX_ATEN_FALLBACK = 2
    ONNX_FALLTHROUGH = 3


class TrainingMode(enum.Enum):
    """The mode in which a module is exported."""

    EVAL = 0
    PRESERVE = 1
    TRAINING = 2


class OnnxExporterError(RuntimeError):
    """The error of an export that fails."""


def is_in_onnx_export() -> bool:
    """Return False: nothing is exported."""
    return False


def register_custom_op_symbolic(
    name: str, fn: Callable[..., Any], opset_version: int
) -> None:
    """Do nothing: without an export there is no use for the operator."""


def unregister_custom_op_symbolic(name: str, opset_version: int) -> None:
    """Do nothing, as `register_custom_op_symbolic`."""


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
    {"export": _refused["export"], "is_in_onnx_export": is_in_onnx_export},
)


class OnnxExporterWarning(UserWarning):
    """A warning of an export."""


class UnsupportedOperatorError(OnnxExporterError):
    """The error of an operator that ONNX does not have."""


class SymbolicValueError(OnnxExporterError):
    """The error of a value that an export cannot trace."""


errors = show_as(
    f"{__name__}.errors",
    {
        error.__name__: error
        for error in (
            OnnxExporterError,
            OnnxExporterWarning,
            SymbolicValueError,
            UnsupportedOperatorError,
        )
    },
)
ops = show_as(
    f"{__name__}.ops",
    refused(
        "onnx.ops",
        _INSTEAD,
        "aten_decompositions attention rotary_embedding symbolic symbolic_multi_out",
    ),
)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "onnx")


__all__ = [
    "ExportableModule",
    "InputObserver",
    "ONNXProgram",
    "OnnxExporterError",
    "errors",
    "export",
    "is_in_onnx_export",
    "ops",
]
