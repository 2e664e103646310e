"""PyTorch's imperative API, recorded and compiled: `import funcnet.compat as torch`."""

import math
from typing import Any

from funcnet.compat import _C as _C
from funcnet.compat import (
    _ops,
    accelerator,
    amp,
    autograd,
    backends,
    compiler,
    cpu,
    cuda,
    fft,
    func,
    jit,
    linalg,
    masked,
    mps,
    nn,
    optim,
    overrides,
    random,
    return_types,
    serialization,
    signal,
    special,
    storage,
    testing,
    types,
    utils,
    version,
    xpu,
)
from funcnet.compat._autograd.anomaly import (
    is_anomaly_check_nan_enabled,
    is_anomaly_enabled,
    set_anomaly_enabled,
)
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core import memory_format as _formats
from funcnet.compat._core import symbolic_sizes as _symbols
from funcnet.compat._core.context import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from funcnet.compat._core.device import device, get_default_device, set_default_device
from funcnet.compat._core.device_errors import AcceleratorError, OutOfMemoryError
from funcnet.compat._core.dtype import (
    dtype,
    get_default_dtype,
    promote_types,
    set_default_dtype,
)
from funcnet.compat._core.lazy_modules import parts_of
from funcnet.compat._core.memory_format import (
    channels_last,
    channels_last_3d,
    contiguous_format,
    layout,
    memory_format,
    preserve_format,
    sparse_coo,
    strided,
)
from funcnet.compat._core.overriding import own_copy
from funcnet.compat._interop.forks import watch_forks
from funcnet.compat._interop.from_native import from_native
from funcnet.compat._interop.install import install
from funcnet.compat._interop.pure import pure
from funcnet.compat._messages.keyword_errors import suggest_everywhere, suggest_methods
from funcnet.compat._profiling.streams import Event, Stream
from funcnet.compat._tensor.tensor import Size, Tensor
from funcnet.compat._toplevel import settings as _settings
from funcnet.compat._toplevel.control_flow import cond, while_loop
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
)
from funcnet.compat.serialization import load, save
from funcnet.compat.storage import TypedStorage, UntypedStorage

_names = {one.name: one for one in (*_dtypes.ALL, *_dtypes.UNCOMPUTED)}
globals().update(_names | _dtypes.ALIASES)
globals().update({k: v for k, v in _ops.FUNCTIONS.items() if "." not in k})
globals().update({k: v for k, v in vars(_settings).items() if not k.startswith("__")})
globals().update({k: v for k, v in vars(_symbols).items() if k.lower()[:3] == "sym"})
globals().update(storage.LEGACY)
# In-place functions that PyTorch has outside of tensors, too.
for _name in ("addmv_", "as_strided_", "conj_physical_", "index_put_"):
    globals()[_name] = _ops.METHODS[_name]
for _name, _method in _ops.METHODS.items():
    setattr(Tensor, _name, own_copy(_method))

# Imported when they are asked for.
_PARTS = (
    *("_dynamo", "_jit_internal", "_library", "_subclasses", "_tensor_str"),
    *("_utils", "_vendor", "__config__", "ao", "distributed", "distributions"),
    *("export", "futures", "fx", "hub", "library", "multiprocessing", "onnx", "ops"),
    *("profiler", "quantization", "quasirandom", "sparse", "torch_version"),
)

sparse_csr, sparse_csc = _formats.sparse_csr, _formats.sparse_csc
sparse_bsr, sparse_bsc = _formats.sparse_bsr, _formats.sparse_bsc
inf, nan, pi, e = math.inf, math.nan, math.pi, math.e
newaxis = None
__version__ = version.__version__


_part = parts_of(__name__, _PARTS, globals())


def __getattr__(name: str) -> Any:
    return _part(name)


watch_forks()
suggest_methods(Tensor)
suggest_methods(nn.Module)
suggest_everywhere()


__all__ = [
    "AcceleratorError",
    "Event",
    "Generator",
    "GradScaler",
    "OutOfMemoryError",
    "Size",
    "Stream",
    "Tensor",
    "TypedStorage",
    "UntypedStorage",
    "accelerator",
    "amp",
    "autocast",
    "autograd",
    "backends",
    "channels_last",
    "channels_last_3d",
    "clear_autocast_cache",
    "compiler",
    "cond",
    "contiguous_format",
    "cpu",
    "cuda",
    "default_generator",
    "device",
    "dtype",
    "enable_grad",
    "fft",
    "from_native",
    "func",
    "get_autocast_cpu_dtype",
    "get_autocast_dtype",
    "get_autocast_gpu_dtype",
    "get_default_device",
    "get_default_dtype",
    "get_rng_state",
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
    "jit",
    "layout",
    "linalg",
    "load",
    "manual_seed",
    "masked",
    "memory_format",
    "mps",
    "nn",
    "no_grad",
    "norm_except_dim",
    "optim",
    "overrides",
    "preserve_format",
    "promote_types",
    "pure",
    "random",
    "return_types",
    "save",
    "seed",
    "serialization",
    "set_anomaly_enabled",
    "set_autocast_cache_enabled",
    "set_autocast_cpu_dtype",
    "set_autocast_cpu_enabled",
    "set_autocast_dtype",
    "set_autocast_enabled",
    "set_autocast_gpu_dtype",
    "set_default_device",
    "set_default_dtype",
    "set_grad_enabled",
    "set_rng_state",
    "signal",
    "sparse_coo",
    "special",
    "storage",
    "strided",
    "testing",
    "types",
    "utils",
    "version",
    "vmap",
    "while_loop",
    "xpu",
]
