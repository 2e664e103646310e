"""PyTorch's imperative API, recorded and compiled: `import funcnet.compat as torch`."""

from funcnet.compat._core import collector as _collector  # isort: skip
import sys as _sys
from importlib import import_module as _import_module
from math import e, inf, nan, pi
from typing import Any as _Any

from funcnet.compat import _C as _C
from funcnet.compat import _ops as _ops
from funcnet.compat import _tiers as _tiers
from funcnet.compat import (
    accelerator as accelerator,
)
from funcnet.compat import (
    amp as amp,
)
from funcnet.compat import (
    autograd as autograd,
)
from funcnet.compat import (
    backends as backends,
)
from funcnet.compat import (
    compiler as compiler,
)
from funcnet.compat import (
    cpu as cpu,
)
from funcnet.compat import (
    cuda as cuda,
)
from funcnet.compat import (
    fft as fft,
)
from funcnet.compat import (
    func as func,
)
from funcnet.compat import (
    jit as jit,
)
from funcnet.compat import (
    linalg as linalg,
)
from funcnet.compat import (
    masked as masked,
)
from funcnet.compat import (
    mps as mps,
)
from funcnet.compat import (
    nn as nn,
)
from funcnet.compat import (
    optim as optim,
)
from funcnet.compat import (
    overrides as overrides,
)
from funcnet.compat import (
    random as random,
)
from funcnet.compat import (
    return_types as return_types,
)
from funcnet.compat import (
    serialization as serialization,
)
from funcnet.compat import (
    signal as signal,
)
from funcnet.compat import (
    special as special,
)
from funcnet.compat import (
    storage as storage,
)
from funcnet.compat import (
    testing as testing,
)
from funcnet.compat import (
    types as types,
)
from funcnet.compat import (
    utils as utils,
)
from funcnet.compat import (
    version as version,
)
from funcnet.compat import (
    xpu as xpu,
)
from funcnet.compat._autograd.anomaly import (
    is_anomaly_check_nan_enabled,
    is_anomaly_enabled,
    set_anomaly_enabled,
)
from funcnet.compat._C import (
    PyTorchFileReader,
    PyTorchFileWriter,
    ScriptFunction,
)
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core import symbolic_sizes as _symbols
from funcnet.compat._core.context import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
)
from funcnet.compat._core.context import (
    set_grad_enabled as set_grad_enabled,
)
from funcnet.compat._core.device import device, get_default_device, set_default_device
from funcnet.compat._core.device_errors import AcceleratorError, OutOfMemoryError
from funcnet.compat._core.dtype import (
    dtype,
    get_default_dtype,
    promote_types,
)
from funcnet.compat._core.dtype import (
    set_default_dtype as set_default_dtype,
)
from funcnet.compat._core.lazy_modules import parts_of as _parts_of
from funcnet.compat._core.memory_format import (
    channels_last as channels_last,
)
from funcnet.compat._core.memory_format import (
    channels_last_3d as channels_last_3d,
)
from funcnet.compat._core.memory_format import (
    contiguous_format as contiguous_format,
)
from funcnet.compat._core.memory_format import (
    layout,
    memory_format,
)
from funcnet.compat._core.memory_format import (
    preserve_format as preserve_format,
)
from funcnet.compat._core.memory_format import (
    sparse_bsc as sparse_bsc,
)
from funcnet.compat._core.memory_format import (
    sparse_bsr as sparse_bsr,
)
from funcnet.compat._core.memory_format import (
    sparse_coo as sparse_coo,
)
from funcnet.compat._core.memory_format import (
    sparse_csc as sparse_csc,
)
from funcnet.compat._core.memory_format import (
    sparse_csr as sparse_csr,
)
from funcnet.compat._core.memory_format import (
    strided as strided,
)
from funcnet.compat._interop.forks import watch_forks as _watch_forks
from funcnet.compat._interop.from_native import from_native
from funcnet.compat._interop.pure import pure
from funcnet.compat._profiling.streams import Event, Stream
from funcnet.compat._surface import answer_wrong_names as _answer_wrong_names
from funcnet.compat._surface import lay_over_tensor as _lay_over_tensor
from funcnet.compat._surface import publish as _publish
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._toplevel import settings as _settings
from funcnet.compat._toplevel.control_flow import cond
from funcnet.compat._toplevel.control_flow import while_loop as while_loop
from funcnet.compat._toplevel.lesser_names import LESSER as _LESSER
from funcnet.compat.amp import GradScaler, autocast
from funcnet.compat.amp.autocast_mode import (
    clear_autocast_cache,
    get_autocast_cpu_dtype,
    get_autocast_dtype,
    get_autocast_gpu_dtype,
    is_autocast_cache_enabled,
    is_autocast_cpu_enabled,
    is_autocast_enabled,
    set_autocast_cache_enabled,
    set_autocast_cpu_dtype,
    set_autocast_cpu_enabled,
    set_autocast_dtype,
    set_autocast_enabled,
    set_autocast_gpu_dtype,
)
from funcnet.compat.func import vmap
from funcnet.compat.nn.utils.weight_norm import norm_except_dim
from funcnet.compat.random import (
    Generator,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
    thread_safe_generator,
)
from funcnet.compat.serialization import load, save
from funcnet.compat.storage import TypedStorage, UntypedStorage
from funcnet.torch_alias import install

_dtypes_by_name = {one.name: one for one in (*_dtypes.ALL, *_dtypes.UNCOMPUTED)}
_more: dict[str, _Any] = {
    **_dtypes_by_name,
    **_dtypes.ALIASES,
    **{name: vars(_settings)[name] for name in _settings.__all__},
    **{name: vars(_symbols)[name] for name in _symbols.__all__},
    **storage.LEGACY,
}
globals().update(_more)
_lay_over_tensor(Tensor)

newaxis = None
legacy_contiguous_format = contiguous_format
ScriptModule = jit.ScriptModule
_assert, _assert_async = _settings._assert, _settings._assert_async
__version__ = version.__version__

# Imported on first use.
_PARTS = (
    *("_VF", "_dynamo", "_jit_internal", "_library", "_subclasses", "_tensor_str"),
    *("_utils", "_vendor", "__config__", "ao", "distributed", "distributions"),
    *("export", "functional", "futures", "fx", "hub", "library", "monitor"),
    *("multiprocessing", "nested", "onnx", "ops", "package", "profiler"),
    *("quantization", "quasirandom", "sparse", "torch_version"),
)
globals()["torch"] = _sys.modules[__name__]  # some write torch.torch, as PyTorch has it
_part = _parts_of(__name__, _PARTS, globals(), {"Future": "futures"})


def __getattr__(name: str) -> _Any:
    if name in _LESSER:
        return getattr(_import_module(f"{__name__}._lesser"), name)
    return _part(name)


_watch_forks()

# Names that `from torch import *` leaves out, as in PyTorch, which lacks the last four.
_UNLISTED = (
    *("BFloat16Tensor", "HalfTensor", "broadcast_shapes", "from_dlpack"),
    *("get_printoptions", "lu", "pca_lowrank", "svd_lowrank", "unique"),
    *("expand", "expand_as", "item", "vecdot"),
)
__all__ = [
    "AcceleratorError",
    "Event",
    "Generator",
    "GradScaler",
    "OutOfMemoryError",
    "PyTorchFileReader",
    "PyTorchFileWriter",
    "ScriptFunction",
    "ScriptModule",
    "Size",
    "Stream",
    "Tensor",
    "TypedStorage",
    "UntypedStorage",
    "autocast",
    "clear_autocast_cache",
    "cond",
    "default_generator",
    "device",
    "dtype",
    "e",
    "enable_grad",
    "from_native",
    "get_autocast_cpu_dtype",
    "get_autocast_dtype",
    "get_autocast_gpu_dtype",
    "get_default_device",
    "get_default_dtype",
    "get_rng_state",
    "inf",
    "inference_mode",
    "initial_seed",
    "install",
    "is_anomaly_check_nan_enabled",
    "is_anomaly_enabled",
    "is_autocast_cache_enabled",
    "is_autocast_cpu_enabled",
    "is_autocast_enabled",
    "is_grad_enabled",
    "is_inference_mode_enabled",
    "layout",
    "load",
    "manual_seed",
    "memory_format",
    "nan",
    "newaxis",
    "no_grad",
    "norm_except_dim",
    "pi",
    "promote_types",
    "pure",
    "save",
    "seed",
    "set_anomaly_enabled",
    "set_autocast_cache_enabled",
    "set_autocast_cpu_dtype",
    "set_autocast_cpu_enabled",
    "set_autocast_dtype",
    "set_autocast_enabled",
    "set_autocast_gpu_dtype",
    "set_default_device",
    "set_rng_state",
    "thread_safe_generator",
    "vmap",
]
__all__ += [*_more, *_publish(__name__, *_UNLISTED)]

_answer_wrong_names()
_collector.end_of_import()
