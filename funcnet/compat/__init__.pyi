# Made by `make stubs` from the registry of operations; see tools/stubs.
# Do not edit: a test compares this file with what would be made anew.
# mypy: disable-error-code="override"

"""PyTorch's imperative API, recorded and compiled: `import funcnet.compat as torch`."""

from builtins import bool as _bool, float as _float, int as _int
from collections.abc import Sequence
import numpy as np
from typing import Any, Literal, overload
from funcnet.compat import (
    accelerator as accelerator,
    amp as amp,
    ao as ao,
    autograd as autograd,
    backends as backends,
    compiler as compiler,
    cpu as cpu,
    cuda as cuda,
    distributed as distributed,
    distributions as distributions,
    export as export,
    fft as fft,
    func as func,
    functional as functional,
    futures as futures,
    fx as fx,
    hub as hub,
    jit as jit,
    library as library,
    linalg as linalg,
    masked as masked,
    monitor as monitor,
    mps as mps,
    multiprocessing as multiprocessing,
    nested as nested,
    nn as nn,
    onnx as onnx,
    ops as ops,
    optim as optim,
    overrides as overrides,
    package as package,
    profiler as profiler,
    quantization as quantization,
    quasirandom as quasirandom,
    random as random,
    return_types as return_types,
    serialization as serialization,
    signal as signal,
    sparse as sparse,
    special as special,
    storage as storage,
    testing as testing,
    torch_version as torch_version,
    torchvision as torchvision,
    types as types,
    utils as utils,
    version as version,
    xpu as xpu,
)
from funcnet.compat._C import (
    PyTorchFileReader as PyTorchFileReader,
    PyTorchFileWriter as PyTorchFileWriter,
    ScriptFunction as ScriptFunction,
)
from funcnet.compat._autograd.anomaly import (
    is_anomaly_check_nan_enabled as is_anomaly_check_nan_enabled,
    is_anomaly_enabled as is_anomaly_enabled,
    set_anomaly_enabled as set_anomaly_enabled,
)
from funcnet.compat._core.annotations import DeviceLike, Scalar
from funcnet.compat._core.context import (
    enable_grad as enable_grad,
    inference_mode as inference_mode,
    is_grad_enabled as is_grad_enabled,
    is_inference_mode_enabled as is_inference_mode_enabled,
    no_grad as no_grad,
    set_grad_enabled as set_grad_enabled,
)
from funcnet.compat._core.device import (
    device as device,
    get_default_device as get_default_device,
    set_default_device as set_default_device,
)
from funcnet.compat._core.device_errors import (
    AcceleratorError as AcceleratorError,
    OutOfMemoryError as OutOfMemoryError,
)
from funcnet.compat._core.dtype import (
    dtype as dtype,
    get_default_dtype as get_default_dtype,
    promote_types as promote_types,
    set_default_dtype as set_default_dtype,
)
from funcnet.compat._core.memory_format import (
    channels_last as channels_last,
    channels_last_3d as channels_last_3d,
    contiguous_format as contiguous_format,
    layout as layout,
    memory_format as memory_format,
    preserve_format as preserve_format,
    sparse_bsc as sparse_bsc,
    sparse_bsr as sparse_bsr,
    sparse_coo as sparse_coo,
    sparse_csc as sparse_csc,
    sparse_csr as sparse_csr,
    strided as strided,
)
from funcnet.compat._core.symbolic_sizes import (
    SymBool as SymBool,
    SymFloat as SymFloat,
    SymInt as SymInt,
    sym_float as sym_float,
    sym_int as sym_int,
    sym_ite as sym_ite,
    sym_max as sym_max,
    sym_min as sym_min,
    sym_not as sym_not,
    sym_sqrt as sym_sqrt,
    sym_sum as sym_sum,
)
from funcnet.compat._interop.from_native import from_native as from_native
from funcnet.compat._interop.pure import pure as pure
from funcnet.compat._profiling.streams import Event as Event, Stream as Stream
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.size import Size as Size
from funcnet.compat._tensor.tensor import Tensor as Tensor
from funcnet.compat._toplevel.control_flow import cond as cond, while_loop as while_loop
from funcnet.compat._toplevel.settings import (
    are_deterministic_algorithms_enabled as are_deterministic_algorithms_enabled,
    can_cast as can_cast,
    compile as compile,
    compiled_with_cxx11_abi as compiled_with_cxx11_abi,
    finfo as finfo,
    get_deterministic_debug_mode as get_deterministic_debug_mode,
    get_device_module as get_device_module,
    get_float32_matmul_precision as get_float32_matmul_precision,
    get_num_interop_threads as get_num_interop_threads,
    get_num_threads as get_num_threads,
    iinfo as iinfo,
    is_deterministic_algorithms_warn_only_enabled as is_deterministic_algorithms_warn_only_enabled,
    is_warn_always_enabled as is_warn_always_enabled,
    result_type as result_type,
    set_default_tensor_type as set_default_tensor_type,
    set_deterministic_debug_mode as set_deterministic_debug_mode,
    set_float32_matmul_precision as set_float32_matmul_precision,
    set_flush_denormal as set_flush_denormal,
    set_num_interop_threads as set_num_interop_threads,
    set_num_threads as set_num_threads,
    set_warn_always as set_warn_always,
    typename as typename,
    use_deterministic_algorithms as use_deterministic_algorithms,
)
from funcnet.compat.amp import GradScaler as GradScaler, autocast as autocast
from funcnet.compat.amp.autocast_mode import (
    clear_autocast_cache as clear_autocast_cache,
    get_autocast_cpu_dtype as get_autocast_cpu_dtype,
    get_autocast_dtype as get_autocast_dtype,
    get_autocast_gpu_dtype as get_autocast_gpu_dtype,
    is_autocast_cache_enabled as is_autocast_cache_enabled,
    is_autocast_cpu_enabled as is_autocast_cpu_enabled,
    is_autocast_enabled as is_autocast_enabled,
    set_autocast_cache_enabled as set_autocast_cache_enabled,
    set_autocast_cpu_dtype as set_autocast_cpu_dtype,
    set_autocast_cpu_enabled as set_autocast_cpu_enabled,
    set_autocast_dtype as set_autocast_dtype,
    set_autocast_enabled as set_autocast_enabled,
    set_autocast_gpu_dtype as set_autocast_gpu_dtype,
)
from funcnet.compat.func import vmap as vmap
from funcnet.compat.jit import ScriptModule as ScriptModule
from funcnet.compat.nn.utils.weight_norm import norm_except_dim as norm_except_dim
from funcnet.compat.random import (
    Generator as Generator,
    default_generator as default_generator,
    get_rng_state as get_rng_state,
    initial_seed as initial_seed,
    manual_seed as manual_seed,
    seed as seed,
    set_rng_state as set_rng_state,
    thread_safe_generator as thread_safe_generator,
)
from funcnet.compat.serialization import load as load, save as save
from funcnet.compat.storage import (
    TypedStorage as TypedStorage,
    UntypedStorage as UntypedStorage,
)
from funcnet.compat.types import Number
from funcnet.torch_alias import install as install

class BFloat16Storage(TypedStorage): ...
class BFloat16Tensor(Tensor): ...
class BoolStorage(TypedStorage): ...
class BoolTensor(Tensor): ...
class ByteStorage(TypedStorage): ...
class ByteTensor(Tensor): ...
class CharStorage(TypedStorage): ...
class CharTensor(Tensor): ...
class ComplexDoubleStorage(TypedStorage): ...
class ComplexFloatStorage(TypedStorage): ...
class DoubleStorage(TypedStorage): ...
class DoubleTensor(Tensor): ...
class FloatStorage(TypedStorage): ...
class FloatTensor(Tensor): ...
class HalfStorage(TypedStorage): ...
class HalfTensor(Tensor): ...
class IntStorage(TypedStorage): ...
class IntTensor(Tensor): ...
class LongStorage(TypedStorage): ...
class LongTensor(Tensor): ...
class ShortStorage(TypedStorage): ...
class ShortTensor(Tensor): ...

def _chunk_cat(
    tensors: Sequence[Tensor], dim: _int, num_chunks: _int, *, out: Tensor | None = None
) -> Tensor:
    """Cut each tensor along `dim` into equal chunks and join them, flattened."""

def _convert_indices_from_coo_to_csr(
    input: Tensor, size: _int, *, out_int32: _bool = False
) -> Tensor:
    """Where each row starts, of sorted rows."""

def _convert_indices_from_csr_to_coo(
    crow_indices: Tensor,
    col_indices: Tensor,
    *,
    out_int32: _bool = False,
    transpose: _bool = False,
) -> Tensor:
    """The coordinates of compressed indices."""

def _dirichlet_grad(x: Tensor, alpha: Tensor, total: Tensor) -> Tensor:
    """The slopes of shares over `1 - x`, as `torch._dirichlet_grad`."""

def _foreach_abs(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `abs` to each tensor of a list, as `torch._foreach_abs`."""

def _foreach_abs_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `abs` to each tensor of a list, as `torch._foreach_abs`."""

def _foreach_acos(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `acos` to each tensor of a list, as `torch._foreach_acos`."""

def _foreach_acos_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `acos` to each tensor of a list, as `torch._foreach_acos`."""

def _foreach_add(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `add` to each tensor of a list, as `torch._foreach_add`."""

def _foreach_add_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `add` to each tensor of a list, as `torch._foreach_add`."""

def _foreach_addcdiv(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `addcdiv` to each tensor of a list, as `torch._foreach_addcdiv`."""

def _foreach_addcdiv_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `addcdiv` to each tensor of a list, as `torch._foreach_addcdiv`."""

def _foreach_addcmul(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `addcmul` to each tensor of a list, as `torch._foreach_addcmul`."""

def _foreach_addcmul_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `addcmul` to each tensor of a list, as `torch._foreach_addcmul`."""

def _foreach_asin(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `asin` to each tensor of a list, as `torch._foreach_asin`."""

def _foreach_asin_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `asin` to each tensor of a list, as `torch._foreach_asin`."""

def _foreach_atan(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `atan` to each tensor of a list, as `torch._foreach_atan`."""

def _foreach_atan_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `atan` to each tensor of a list, as `torch._foreach_atan`."""

def _foreach_ceil(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `ceil` to each tensor of a list, as `torch._foreach_ceil`."""

def _foreach_ceil_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `ceil` to each tensor of a list, as `torch._foreach_ceil`."""

def _foreach_clamp_max(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `clamp_max` to each tensor of a list, as `torch._foreach_clamp_max`."""

def _foreach_clamp_max_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `clamp_max` to each tensor of a list, as `torch._foreach_clamp_max`."""

def _foreach_clamp_min(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `clamp_min` to each tensor of a list, as `torch._foreach_clamp_min`."""

def _foreach_clamp_min_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `clamp_min` to each tensor of a list, as `torch._foreach_clamp_min`."""

def _foreach_clone(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `clone` to each tensor of a list, as `torch._foreach_clone`."""

def _foreach_copy_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Copy each tensor, as `torch._foreach_copy_`."""

def _foreach_cos(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `cos` to each tensor of a list, as `torch._foreach_cos`."""

def _foreach_cos_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `cos` to each tensor of a list, as `torch._foreach_cos`."""

def _foreach_cosh(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `cosh` to each tensor of a list, as `torch._foreach_cosh`."""

def _foreach_cosh_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `cosh` to each tensor of a list, as `torch._foreach_cosh`."""

def _foreach_div(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `div` to each tensor of a list, as `torch._foreach_div`."""

def _foreach_div_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `div` to each tensor of a list, as `torch._foreach_div`."""

def _foreach_erf(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `erf` to each tensor of a list, as `torch._foreach_erf`."""

def _foreach_erf_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `erf` to each tensor of a list, as `torch._foreach_erf`."""

def _foreach_erfc(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `erfc` to each tensor of a list, as `torch._foreach_erfc`."""

def _foreach_erfc_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `erfc` to each tensor of a list, as `torch._foreach_erfc`."""

def _foreach_exp(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `exp` to each tensor of a list, as `torch._foreach_exp`."""

def _foreach_exp_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `exp` to each tensor of a list, as `torch._foreach_exp`."""

def _foreach_expm1(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `expm1` to each tensor of a list, as `torch._foreach_expm1`."""

def _foreach_expm1_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `expm1` to each tensor of a list, as `torch._foreach_expm1`."""

def _foreach_floor(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `floor` to each tensor of a list, as `torch._foreach_floor`."""

def _foreach_floor_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `floor` to each tensor of a list, as `torch._foreach_floor`."""

def _foreach_frac(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `frac` to each tensor of a list, as `torch._foreach_frac`."""

def _foreach_frac_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `frac` to each tensor of a list, as `torch._foreach_frac`."""

def _foreach_lerp(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `lerp` to each tensor of a list, as `torch._foreach_lerp`."""

def _foreach_lerp_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `lerp` to each tensor of a list, as `torch._foreach_lerp`."""

def _foreach_lgamma(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `lgamma` to each tensor of a list, as `torch._foreach_lgamma`."""

def _foreach_lgamma_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `lgamma` to each tensor of a list, as `torch._foreach_lgamma`."""

def _foreach_log(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `log` to each tensor of a list, as `torch._foreach_log`."""

def _foreach_log10(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `log10` to each tensor of a list, as `torch._foreach_log10`."""

def _foreach_log10_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `log10` to each tensor of a list, as `torch._foreach_log10`."""

def _foreach_log1p(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `log1p` to each tensor of a list, as `torch._foreach_log1p`."""

def _foreach_log1p_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `log1p` to each tensor of a list, as `torch._foreach_log1p`."""

def _foreach_log2(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `log2` to each tensor of a list, as `torch._foreach_log2`."""

def _foreach_log2_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `log2` to each tensor of a list, as `torch._foreach_log2`."""

def _foreach_log_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `log` to each tensor of a list, as `torch._foreach_log`."""

def _foreach_max(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `max` to each tensor of a list, as `torch._foreach_max`."""

def _foreach_maximum(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `maximum` to each tensor of a list, as `torch._foreach_maximum`."""

def _foreach_maximum_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `maximum` to each tensor of a list, as `torch._foreach_maximum`."""

def _foreach_minimum(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `minimum` to each tensor of a list, as `torch._foreach_minimum`."""

def _foreach_minimum_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `minimum` to each tensor of a list, as `torch._foreach_minimum`."""

def _foreach_mm(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `mm` to each tensor of a list, as `torch._foreach_mm`."""

def _foreach_mul(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `mul` to each tensor of a list, as `torch._foreach_mul`."""

def _foreach_mul_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `mul` to each tensor of a list, as `torch._foreach_mul`."""

def _foreach_neg(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `neg` to each tensor of a list, as `torch._foreach_neg`."""

def _foreach_neg_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `neg` to each tensor of a list, as `torch._foreach_neg`."""

def _foreach_norm(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `norm` to each tensor of a list, as `torch._foreach_norm`."""

def _foreach_pow(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `pow` to each tensor of a list, as `torch._foreach_pow`."""

def _foreach_pow_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `pow` to each tensor of a list, as `torch._foreach_pow`."""

def _foreach_powsum(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `powsum` to each tensor of a list, as `torch._foreach_powsum`."""

def _foreach_reciprocal(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `reciprocal` to each tensor of a list, as `torch._foreach_reciprocal`."""

def _foreach_reciprocal_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `reciprocal` to each tensor of a list, as `torch._foreach_reciprocal`."""

def _foreach_round(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `round` to each tensor of a list, as `torch._foreach_round`."""

def _foreach_round_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `round` to each tensor of a list, as `torch._foreach_round`."""

def _foreach_rsqrt(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `rsqrt` to each tensor of a list, as `torch._foreach_rsqrt`."""

def _foreach_rsqrt_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `rsqrt` to each tensor of a list, as `torch._foreach_rsqrt`."""

def _foreach_sigmoid(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `sigmoid` to each tensor of a list, as `torch._foreach_sigmoid`."""

def _foreach_sigmoid_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `sigmoid` to each tensor of a list, as `torch._foreach_sigmoid`."""

def _foreach_sign(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `sign` to each tensor of a list, as `torch._foreach_sign`."""

def _foreach_sign_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `sign` to each tensor of a list, as `torch._foreach_sign`."""

def _foreach_sin(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `sin` to each tensor of a list, as `torch._foreach_sin`."""

def _foreach_sin_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `sin` to each tensor of a list, as `torch._foreach_sin`."""

def _foreach_sinh(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `sinh` to each tensor of a list, as `torch._foreach_sinh`."""

def _foreach_sinh_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `sinh` to each tensor of a list, as `torch._foreach_sinh`."""

def _foreach_sqrt(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `sqrt` to each tensor of a list, as `torch._foreach_sqrt`."""

def _foreach_sqrt_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `sqrt` to each tensor of a list, as `torch._foreach_sqrt`."""

def _foreach_sub(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `sub` to each tensor of a list, as `torch._foreach_sub`."""

def _foreach_sub_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `sub` to each tensor of a list, as `torch._foreach_sub`."""

def _foreach_tan(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `tan` to each tensor of a list, as `torch._foreach_tan`."""

def _foreach_tan_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `tan` to each tensor of a list, as `torch._foreach_tan`."""

def _foreach_tanh(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `tanh` to each tensor of a list, as `torch._foreach_tanh`."""

def _foreach_tanh_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `tanh` to each tensor of a list, as `torch._foreach_tanh`."""

def _foreach_trunc(
    self: Sequence[Tensor], *args: Any, **kwargs: Any
) -> tuple[Tensor, ...]:
    """Apply `trunc` to each tensor of a list, as `torch._foreach_trunc`."""

def _foreach_trunc_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Apply `trunc` to each tensor of a list, as `torch._foreach_trunc`."""

def _foreach_zero_(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> None:
    """Fill each tensor with zeros, as `torch._foreach_zero_`."""

def _grouped_mm(
    mat_a: Tensor,
    mat_b: Tensor,
    *,
    offs: Tensor | None = None,
    bias: Tensor | None = None,
    out_dtype: dtype | None = None,
) -> Tensor:
    """Multiply groups of rows, or of columns, each by a matrix of its own."""

def _is_all_true(input: Tensor) -> Tensor:
    """Whether all elements are true, as a tensor."""

def _log_softmax(input: Tensor, dim: _int, half_to_float: _bool) -> Tensor:
    """`torch.log_softmax`, in float32 if asked, as `torch._log_softmax`."""

def _log_softmax_backward_data(
    grad_output: Tensor,
    output: Tensor,
    dim: _int,
    input_dtype: dtype,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """That of `log_softmax`, as `torch._log_softmax_backward_data`."""

def _native_batch_norm_legit(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | _bool | None = None,
    running_var: Tensor | _float | None = None,
    training: _bool | _float = False,
    momentum: _float = 0.1,
    eps: _float = 1e-05,
) -> tuple[Tensor, Tensor, Tensor]:
    """As `native_batch_norm`, also without the two running statistics."""

def _safe_softmax(
    input: Tensor, dim: _int, dtype: dtype | None = None, *, out: Tensor | None = None
) -> Tensor:
    """Apply softmax; where all of a row is -inf, 0. As `torch._safe_softmax`."""

def _sample_dirichlet(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Draw shares, as `torch._sample_dirichlet`: gamma numbers over their sums."""

def _segment_reduce(
    data: Tensor,
    reduce: str,
    *,
    lengths: Tensor | None = None,
    indices: Tensor | None = None,
    offsets: Tensor | None = None,
    axis: _int = 0,
    unsafe: _bool = False,
    initial: Scalar | None = None,
) -> Tensor:
    """Reduce each of the segments of a dimension, as `torch.segment_reduce`."""

def _shape_as_tensor(input: Tensor) -> Tensor:
    """The shape as a tensor of integers."""

def _softmax(input: Tensor, dim: _int, half_to_float: _bool) -> Tensor:
    """`torch.softmax`, in float32 if asked, as `torch._softmax`."""

def _softmax_backward_data(
    grad_output: Tensor,
    output: Tensor,
    dim: _int,
    input_dtype: dtype,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The gradient of softmax by its output, as `torch._softmax_backward_data`."""

def _standard_gamma(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Draw gamma numbers of scale one, as `torch._standard_gamma`."""

def _standard_gamma_grad(self: Tensor, output: Tensor) -> Tensor:
    """The slopes of gamma samples, as `torch._standard_gamma_grad`."""

def _unsafe_masked_index(
    input: Tensor, mask: Tensor, indices: Sequence[Tensor], fill: Scalar
) -> Tensor:
    """The elements at indices where the mask holds, else `fill`."""

def _unsafe_masked_index_put_accumulate(
    input: Tensor,
    mask: Tensor,
    indices: Sequence[Tensor],
    values: Tensor,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`input` with values added at indices where the mask holds."""

def abs(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the magnitude, as `torch.abs`."""

def abs_(input: Tensor) -> Tensor:
    """`abs`, written into this tensor, which is returned."""

def absolute(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the magnitude, as `torch.abs`."""

def acos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse cosine, as `torch.acos`."""

def acos_(input: Tensor) -> Tensor:
    """`acos`, written into this tensor, which is returned."""

def acosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse hyperbolic cosine, as `torch.acosh`."""

def acosh_(input: Tensor) -> Tensor:
    """`acosh`, written into this tensor, which is returned."""

def adaptive_avg_pool1d(
    input: Tensor,
    output_size: _int | Sequence[_int | None] | None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply 1D adaptive average pooling."""

def adaptive_max_pool1d(
    input: Tensor, output_size: _int | None | Sequence[_int | None]
) -> tuple[Tensor, Tensor]:
    """Take maxima to a given size, as `torch.nn.functional.adaptive_max_pool1d`."""

def add(
    input: Tensor | Scalar,
    other: TensorLike,
    *,
    alpha: Scalar = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `input + alpha * other`, as `torch.add`."""

def addbmm(
    input: Tensor,
    batch1: Tensor,
    batch2: Tensor,
    *,
    beta: Scalar = 1,
    alpha: Scalar = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Add the sum of the products of a batch, as `torch.addbmm`."""

def addcdiv(
    input: Tensor,
    tensor1: Tensor,
    tensor2: Tensor,
    *,
    value: TensorLike = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `input + value * tensor1 / tensor2`, as `torch.addcdiv`."""

def addcmul(
    input: Tensor,
    tensor1: Tensor,
    tensor2: Tensor,
    *,
    value: TensorLike = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `input + value * tensor1 * tensor2`, as `torch.addcmul`."""

def addmm(
    input: Tensor,
    mat1: Tensor,
    mat2: Tensor,
    *,
    beta: Scalar = 1,
    alpha: Scalar = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `beta * input + alpha * mat1 @ mat2`, as `torch.addmm`."""

def addmv(
    input: Tensor,
    mat: Tensor,
    vec: Tensor,
    *,
    beta: Scalar = 1,
    alpha: Scalar = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `beta * input + alpha * mat @ vec`, as `torch.addmv`."""

def addmv_(
    input: Tensor, mat: Tensor, vec: Tensor, *, beta: Scalar = 1, alpha: Scalar = 1
) -> Tensor:
    """`addmv`, written into this tensor, which is returned."""

def addr(
    input: Tensor,
    vec1: Tensor,
    vec2: Tensor,
    *,
    beta: Scalar = 1,
    alpha: Scalar = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `beta * input + alpha * outer(vec1, vec2)`, as `torch.addr`."""

def adjoint(input: Tensor) -> Tensor:
    """The conjugate transpose of matrices, as `torch.adjoint`."""

def affine_grid_generator(
    theta: Tensor, size: Sequence[_int], align_corners: _bool
) -> Tensor:
    """The grid of an affine map, as `torch.nn.functional.affine_grid`."""

def alias_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`alias` with memory of its own."""

def all(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Test whether all elements are not 0, as `torch.all`."""

def allclose(
    input: Tensor,
    other: Tensor,
    rtol: _float = 1e-05,
    atol: _float = 1e-08,
    equal_nan: _bool = False,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> _bool:
    """Return whether all elements are close, as `torch.allclose`."""

def alpha_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """As `torch.nn.functional.alpha_dropout`, with the arguments of a kernel."""

def alpha_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`alpha_dropout`, written into this tensor, which is returned."""

def amax(
    input: Tensor,
    dim: _int | Sequence[_int] = (),
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Take the greatest elements along `dim`, as `torch.amax`."""

def amin(
    input: Tensor,
    dim: _int | Sequence[_int] = (),
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Take the least elements along `dim`, as `torch.amin`."""

def aminmax(
    input: Tensor,
    *,
    dim: _int | None = None,
    keepdim: _bool = False,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.aminmax:
    """Take the least and the greatest elements, as `torch.aminmax`."""

def angle(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the angle of a complex number, as `torch.angle`."""

def any(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Test whether some elements are not 0, as `torch.any`."""

@overload
def arange(
    end: Scalar,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """Numbers from `start` up to, not including, `end`, as `torch.arange`."""

@overload
def arange(
    start: Scalar,
    end: Scalar,
    step: Scalar = 1,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor: ...
def arccos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse cosine, as `torch.acos`."""

def arccos_(input: Tensor) -> Tensor:
    """`arccos`, written into this tensor, which is returned."""

def arccosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse hyperbolic cosine, as `torch.acosh`."""

def arccosh_(input: Tensor) -> Tensor:
    """`arccosh`, written into this tensor, which is returned."""

def arcsin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse sine, as `torch.asin`."""

def arcsin_(input: Tensor) -> Tensor:
    """`arcsin`, written into this tensor, which is returned."""

def arcsinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse hyperbolic sine, as `torch.asinh`."""

def arcsinh_(input: Tensor) -> Tensor:
    """`arcsinh`, written into this tensor, which is returned."""

def arctan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse tangent, as `torch.atan`."""

def arctan2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the angle of the point `(other, input)`, as `torch.atan2`."""

def arctan_(input: Tensor) -> Tensor:
    """`arctan`, written into this tensor, which is returned."""

def arctanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse hyperbolic tangent, as `torch.atanh`."""

def arctanh_(input: Tensor) -> Tensor:
    """`arctanh`, written into this tensor, which is returned."""

def argmax(
    input: Tensor,
    dim: _int | None = None,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Find the first of the greatest elements, as `torch.argmax`."""

def argmin(
    input: Tensor,
    dim: _int | None = None,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Find the first of the least elements, as `torch.argmin`."""

def argsort(
    input: Tensor,
    dim: _int = -1,
    descending: _bool = False,
    stable: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Find the indices of the elements in order along `dim`, as `torch.argsort`."""

def argwhere(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The indices of what is not zero, a row for each, as `torch.argwhere`."""

def as_strided(
    input: Tensor,
    size: Sequence[_int],
    stride: Sequence[_int],
    storage_offset: _int | None = None,
) -> Tensor:
    """Elements of the memory at given strides, as `torch.as_strided`."""

def as_strided_(
    input: Tensor,
    size: Sequence[_int],
    stride: Sequence[_int],
    storage_offset: _int | None = None,
) -> Tensor:
    """`as_strided`, of this tensor itself."""

def as_strided_copy(
    input: Tensor,
    size: Sequence[_int],
    stride: Sequence[_int],
    storage_offset: _int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`as_strided` with memory of its own."""

def as_strided_scatter(
    input: Tensor,
    src: Tensor,
    size: Sequence[_int],
    stride: Sequence[_int],
    storage_offset: _int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`input` with `src` at given strides, as `torch.as_strided_scatter`."""

def as_tensor(
    data: object,
    dtype: dtype | None = None,
    device: DeviceLike | None = None,
    *,
    copy: _bool | None = None,
    requires_grad: _bool = False,
) -> Tensor:
    """The data as a tensor, sharing memory where possible, as `torch.as_tensor`."""

def asarray(
    data: object,
    dtype: dtype | None = None,
    device: DeviceLike | None = None,
    *,
    copy: _bool | None = None,
    requires_grad: _bool = False,
) -> Tensor:
    """The data as a tensor, sharing memory where possible, as `torch.as_tensor`."""

def asin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse sine, as `torch.asin`."""

def asin_(input: Tensor) -> Tensor:
    """`asin`, written into this tensor, which is returned."""

def asinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse hyperbolic sine, as `torch.asinh`."""

def asinh_(input: Tensor) -> Tensor:
    """`asinh`, written into this tensor, which is returned."""

def atan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse tangent, as `torch.atan`."""

def atan2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the angle of the point `(other, input)`, as `torch.atan2`."""

def atan_(input: Tensor) -> Tensor:
    """`atan`, written into this tensor, which is returned."""

def atanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse hyperbolic tangent, as `torch.atanh`."""

def atanh_(input: Tensor) -> Tensor:
    """`atanh`, written into this tensor, which is returned."""

@overload
def atleast_1d(tensor: Tensor, /) -> Tensor:
    """Views with 1 dimensions or more, as `torch.atleast_1d`."""

@overload
def atleast_1d(tensors: Sequence[Tensor], /) -> tuple[Tensor, ...]: ...
@overload
def atleast_1d(*tensors: Tensor) -> tuple[Tensor, ...]: ...
@overload
def atleast_2d(tensor: Tensor, /) -> Tensor:
    """Views with 2 dimensions or more, as `torch.atleast_2d`."""

@overload
def atleast_2d(tensors: Sequence[Tensor], /) -> tuple[Tensor, ...]: ...
@overload
def atleast_2d(*tensors: Tensor) -> tuple[Tensor, ...]: ...
@overload
def atleast_3d(tensor: Tensor, /) -> Tensor:
    """Views with 3 dimensions or more, as `torch.atleast_3d`."""

@overload
def atleast_3d(tensors: Sequence[Tensor], /) -> tuple[Tensor, ...]: ...
@overload
def atleast_3d(*tensors: Tensor) -> tuple[Tensor, ...]: ...
def avg_pool1d(
    input: Tensor,
    kernel_size: _int | Sequence[_int],
    stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0,
    ceil_mode: _bool = False,
    count_include_pad: _bool = True,
    divisor_override: _int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Average over windows, as `torch.nn.functional.avg_pool1d`."""

def baddbmm(
    input: Tensor,
    batch1: Tensor,
    batch2: Tensor,
    *,
    beta: Scalar = 1,
    alpha: Scalar = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `beta * input + alpha * batch1 @ batch2`, as `torch.baddbmm`."""

def bartlett_window(
    window_length: _int,
    periodic: _bool = True,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """The Bartlett window, as `torch.bartlett_window`."""

def batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: _bool,
    momentum: _float,
    eps: _float,
    cudnn_enabled: _bool,
) -> Tensor:
    """As `torch.batch_norm`; `cudnn_enabled` says nothing here."""

def batch_norm_update_stats(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    momentum: _float,
) -> tuple[Tensor, Tensor]:
    """Mean and variance by channel; running statistics move towards them."""

def bernoulli(
    input: Tensor,
    p: _float | None = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Draw ones with the probabilities that `input` holds, as `torch.bernoulli`."""

bfloat16: dtype

def bilinear(
    input1: Tensor,
    input2: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    pos_weight: Tensor | None = None,
    reduction: _int = 0,
) -> Tensor:
    """Binary cross-entropy of logits; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""

def bincount(
    input: Tensor,
    weights: Tensor | None = None,
    minlength: _int = 0,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Count how often 0, 1, 2, ... occur, as `torch.bincount`; or sum their weights."""

def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """Draw the numbers of successes in `count` trials, as `torch.binomial`."""

bits16: dtype
bits1x8: dtype
bits2x4: dtype
bits4x2: dtype
bits8: dtype

def bitwise_and(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Keep the bits that both have, as `torch.bitwise_and`."""

def bitwise_left_shift(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Shift the bits up by `other` places, as `torch.bitwise_left_shift`."""

def bitwise_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Turn each bit over, or each truth value, as `torch.bitwise_not`."""

def bitwise_or(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Join the bits of both, as `torch.bitwise_or`."""

def bitwise_right_shift(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Shift the bits down by `other` places, as `torch.bitwise_right_shift`."""

def bitwise_xor(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Keep the bits that exactly one has, as `torch.bitwise_xor`."""

def blackman_window(
    window_length: _int,
    periodic: _bool = True,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """The Blackman window, as `torch.blackman_window`."""

def block_diag(*tensors: Tensor) -> Tensor:
    """Matrices along the diagonal of one that is zero elsewhere."""

def bmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Multiply `(batch, n, k)` by `(batch, k, m)`, as `torch.bmm`."""

bool: dtype

def broadcast_shapes(*shapes: _int | Sequence[_int]) -> Size:
    """The shape that tensors of these shapes are broadcast to."""

def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Views of tensors in the shape they broadcast to, as `torch.broadcast_tensors`."""

def broadcast_to(input: Tensor, size: Sequence[_int]) -> Tensor:
    """The tensor expanded to a shape, as `torch.broadcast_to`."""

def bucketize(
    input: TensorLike,
    boundaries: Tensor,
    *,
    out_int32: _bool = False,
    right: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Find between which boundaries elements lie, as `torch.bucketize`."""

def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All combinations of one element of each, as `torch.cartesian_prod`."""

def cat(
    tensors: Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None
) -> Tensor:
    """Tensors one behind the other along a dimension, as `torch.cat`."""

def ccol_indices_copy(input: Tensor) -> Tensor:
    """A copy of the tensor's `ccol_indices()`, as `torch.ccol_indices_copy`."""

def cdist(
    x1: Tensor,
    x2: Tensor,
    p: _float = 2.0,
    compute_mode: str = "use_mm_for_euclid_dist_if_necessary",
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the distances of all pairs of rows, as `torch.cdist`."""

cdouble: dtype

def ceil(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Round up, as `torch.ceil`."""

def ceil_(input: Tensor) -> Tensor:
    """`ceil`, written into this tensor, which is returned."""

def celu(
    input: Tensor, alpha: _float = 1.0, *, out: Tensor | None = None
) -> Tensor: ...
def celu_(input: Tensor, alpha: _float = 1.0) -> Tensor:
    """`celu`, written into this tensor, which is returned."""

cfloat: dtype

def chain_matmul(*matrices: Tensor) -> Tensor:
    """Multiply a chain of matrices in the cheapest order, as `torch.chain_matmul`."""

chalf: dtype

def channel_shuffle(
    input: Tensor, groups: _int, *, out: Tensor | None = None
) -> Tensor:
    """Shuffle channels: deal those of `groups` groups out in turn."""

def cholesky(
    input: Tensor, upper: _bool = False, *, out: Tensor | None = None
) -> Tensor:
    """Factor a positive-definite matrix, as `torch.cholesky`."""

def cholesky_inverse(
    L: Tensor, upper: _bool = False, *, out: Tensor | None = None
) -> Tensor:
    """Invert `A`, given its Cholesky factor, as `torch.cholesky_inverse`."""

def cholesky_solve(
    B: Tensor, L: Tensor, upper: _bool = False, *, out: Tensor | None = None
) -> Tensor:
    """Solve `A X = B`, given the Cholesky factor of `A`, as `torch.cholesky_solve`."""

def chunk(input: Tensor, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """At most `chunks` parts, as equal as can be, as `torch.chunk`."""

def clamp(
    input: Tensor,
    min: TensorLike | None = None,
    max: TensorLike | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Keep the elements between two bounds, as `torch.clamp`."""

def clamp_(
    input: Tensor, min: TensorLike | None = None, max: TensorLike | None = None
) -> Tensor:
    """`clamp`, written into this tensor, which is returned."""

def clamp_max(input: Tensor, max: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Keep the elements up to a bound, as `torch.clamp_max`."""

def clamp_max_(input: Tensor, max: TensorLike) -> Tensor:
    """`clamp_max`, written into this tensor, which is returned."""

def clamp_min(input: Tensor, min: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Keep the elements from a bound on, as `torch.clamp_min`."""

def clamp_min_(input: Tensor, min: TensorLike) -> Tensor:
    """`clamp_min`, written into this tensor, which is returned."""

def clip(
    input: Tensor,
    min: TensorLike | None = None,
    max: TensorLike | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Keep the elements between two bounds, as `torch.clamp`."""

def clip_(
    input: Tensor, min: TensorLike | None = None, max: TensorLike | None = None
) -> Tensor:
    """`clip`, written into this tensor, which is returned."""

def clone(input: Tensor, *, memory_format: memory_format | None = None) -> Tensor:
    """A copy with its own memory, as `torch.clone`."""

def col_indices_copy(input: Tensor) -> Tensor:
    """A copy of the tensor's `col_indices()`, as `torch.col_indices_copy`."""

def column_stack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Vectors as columns beside each other, as `torch.column_stack`."""

def combinations(
    input: Tensor,
    r: _int = 2,
    with_replacement: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """All choices of `r` elements, a row for each, as `torch.combinations`."""

def complex(real: Tensor, imag: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Complex numbers of their parts, as `torch.complex`."""

complex128: dtype
complex32: dtype
complex64: dtype

def concat(
    tensors: Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None
) -> Tensor:
    """Tensors one behind the other along a dimension, as `torch.cat`."""

def concatenate(
    tensors: Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None
) -> Tensor:
    """Tensors one behind the other along a dimension, as `torch.cat`."""

def conj(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex conjugate, as `torch.conj`; here it is computed at once."""

def conj_physical(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex conjugate, as `torch.conj`; here it is computed at once."""

def conj_physical_(input: Tensor) -> Tensor:
    """`conj_physical`, written into this tensor, which is returned."""

def constant_pad_nd(
    input: Tensor, pad: Sequence[_int], value: Scalar = 0, *, out: Tensor | None = None
) -> Tensor:
    """`torch.nn.functional.pad` with a number, as `torch.constant_pad_nd`."""

def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] | str = 0,
    dilation: _int | Sequence[_int] = 1,
    groups: _int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Correlate over one dimension, as `torch.nn.functional.conv1d`."""

def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] | str = 0,
    dilation: _int | Sequence[_int] = 1,
    groups: _int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Correlate over two dimensions, as `torch.nn.functional.conv2d`."""

def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] | str = 0,
    dilation: _int | Sequence[_int] = 1,
    groups: _int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Correlate over three dimensions, as `torch.nn.functional.conv3d`."""

def conv_tbc(
    input: Tensor,
    weight: Tensor,
    bias: Tensor,
    pad: _int = 0,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Correlate `(time, batch, channels)`, as `torch.nn.functional.conv_tbc`."""

def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] = 0,
    output_padding: _int | Sequence[_int] = 0,
    groups: _int = 1,
    dilation: _int | Sequence[_int] = 1,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] = 0,
    output_padding: _int | Sequence[_int] = 0,
    groups: _int = 1,
    dilation: _int | Sequence[_int] = 1,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] = 0,
    output_padding: _int | Sequence[_int] = 0,
    groups: _int = 1,
    dilation: _int | Sequence[_int] = 1,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def convolution(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[_int],
    padding: Sequence[_int],
    dilation: Sequence[_int],
    transposed: _bool,
    output_padding: Sequence[_int],
    groups: _int,
) -> Tensor:
    """Convolution of one, two or three dimensions, or its transpose."""

def copysign(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Give `input` the sign of `other`, as `torch.copysign`."""

def corrcoef(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the correlations of the rows, as `torch.corrcoef`: `(rows, rows)`."""

def cos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the cosine, as `torch.cos`."""

def cos_(input: Tensor) -> Tensor:
    """`cos`, written into this tensor, which is returned."""

def cosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the hyperbolic cosine, as `torch.cosh`."""

def cosh_(input: Tensor) -> Tensor:
    """`cosh`, written into this tensor, which is returned."""

def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: _float = 0.0,
    reduction: _int = 0,
) -> Tensor:
    """Cosine embedding loss; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""

def cosine_similarity(
    x1: Tensor,
    x2: Tensor,
    dim: _int = 1,
    eps: _float = 1e-08,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the cosine of the angle, as `torch.nn.functional.cosine_similarity`."""

def count_nonzero(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Count elements that are not 0, as `torch.count_nonzero`."""

def cov(
    input: Tensor,
    *,
    correction: _int = 1,
    fweights: Tensor | None = None,
    aweights: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the covariances of the rows, as `torch.cov`: `(rows, rows)`."""

def cross(
    input: Tensor, other: Tensor, dim: _int | None = None, *, out: Tensor | None = None
) -> Tensor:
    """Compute the cross product, as `torch.cross`: `dim` is the first of length 3."""

def crow_indices_copy(input: Tensor) -> Tensor:
    """A copy of the tensor's `crow_indices()`, as `torch.crow_indices_copy`."""

def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | Sequence[_int],
    target_lengths: Tensor | Sequence[_int],
    blank: _int = 0,
    reduction: str = "mean",
    zero_infinity: _bool = False,
) -> Tensor:
    """Compute the loss of unaligned labels, as `torch.nn.functional.ctc_loss`."""

def cummax(
    input: Tensor, dim: _int, *, out: tuple[Tensor, ...] | None = None
) -> return_types.cummax:
    """Compute running greatest elements and their indices, as `torch.cummax`."""

def cummin(
    input: Tensor, dim: _int, *, out: tuple[Tensor, ...] | None = None
) -> return_types.cummin:
    """Compute running least elements and their indices, as `torch.cummin`."""

def cumprod(
    input: Tensor, dim: _int, *, dtype: dtype | None = None, out: Tensor | None = None
) -> Tensor:
    """Compute running products, as `torch.cumprod`."""

def cumsum(
    input: Tensor, dim: _int, *, dtype: dtype | None = None, out: Tensor | None = None
) -> Tensor:
    """Compute running sums, as `torch.cumsum`."""

def cumulative_trapezoid(
    y: Tensor,
    x: Tensor | None = None,
    *,
    dx: Scalar = 1,
    dim: _int = -1,
    out: Tensor | None = None,
) -> Tensor:
    """Integrate along `dim` up to each point, as `torch.cumulative_trapezoid`."""

def deg2rad(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the angle in radians of one in degrees, as `torch.deg2rad`."""

def deg2rad_(input: Tensor) -> Tensor:
    """`deg2rad`, written into this tensor, which is returned."""

def det(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the determinant, as `torch.linalg.det`."""

def detach(input: Tensor) -> Tensor:
    """The same memory, outside the gradient graph, as `Tensor.detach`."""

def detach_(input: Tensor) -> Tensor:
    """Take this tensor out of the gradient graph, as `Tensor.detach_`."""

def detach_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`detach` with memory of its own."""

def diag(input: Tensor, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The matrix of a diagonal, or the diagonal of a matrix, as `torch.diag`."""

def diag_embed(
    input: Tensor,
    offset: _int = 0,
    dim1: _int = -2,
    dim2: _int = -1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Matrices of the diagonals in the last dimension, as `torch.diag_embed`."""

def diagflat(input: Tensor, offset: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The matrix with all elements on a diagonal, as `torch.diagflat`."""

def diagonal(input: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
    """The diagonals of matrices, as `torch.diagonal`."""

def diagonal_copy(
    input: Tensor,
    offset: _int = 0,
    dim1: _int = 0,
    dim2: _int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`diagonal` with memory of its own."""

def diagonal_scatter(
    input: Tensor,
    src: Tensor,
    offset: _int = 0,
    dim1: _int = 0,
    dim2: _int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`input` with `src` on a diagonal, as `torch.diagonal_scatter`."""

def diff(
    input: Tensor,
    n: _int = 1,
    dim: _int = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Compute differences of neighbours, `n` times, as `torch.diff`."""

def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
def dist(
    input: Tensor, other: Tensor, p: _float = 2, *, out: Tensor | None = None
) -> Tensor:
    """Compute the p-norm of `input - other`, as `torch.dist`."""

def div(
    input: Tensor | Scalar,
    other: TensorLike,
    *,
    rounding_mode: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `input / other`, as `torch.div`: rounded if `rounding_mode` says so."""

def divide(
    input: Tensor | Scalar,
    other: TensorLike,
    *,
    rounding_mode: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `input / other`, as `torch.div`: rounded if `rounding_mode` says so."""

def dot(input: Tensor, tensor: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inner product of two vectors, as `torch.dot`."""

double: dtype

def dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """As `torch.nn.functional.dropout`, with the arguments of a kernel."""

def dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`dropout`, written into this tensor, which is returned."""

def dsmm(mat1: Tensor, mat2: Tensor) -> Tensor:
    """The product of a sparse and a dense matrix, which is dense."""

@overload
def dsplit(
    input: Tensor, indices_or_sections: _int | Sequence[_int] | Tensor
) -> tuple[Tensor, ...]:
    """Parts along dimension 2, as `torch.dsplit`."""

@overload
def dsplit(input: Tensor, *, sections: _int) -> tuple[Tensor, ...]: ...
@overload
def dsplit(input: Tensor, *, indices: Sequence[_int]) -> tuple[Tensor, ...]: ...
def dstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors along the third dimension, as `torch.dstack`."""

e: _float

@overload
def einsum(equation: str, *operands: Tensor) -> Tensor: ...
@overload
def einsum(equation: str, operands: Sequence[Tensor], /) -> Tensor: ...
def embedding(
    weight: Tensor,
    indices: Tensor,
    padding_idx: _int = -1,
    scale_grad_by_freq: _bool = False,
    sparse: _bool = False,
) -> Tensor:
    """As `torch.embedding`, where the table comes first and -1 means no padding."""

def embedding_bag(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    scale_grad_by_freq: _bool = False,
    mode: _int = 0,
    sparse: _bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: _bool = False,
    padding_idx: _int | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Bags of rows of a table, reduced; with the bag of each index and the sizes."""

def embedding_renorm_(
    input: Tensor, indices: Tensor, max_norm: _float, norm_type: _float
) -> Tensor:
    """Shrink the rows of a table that are looked up, as `torch.embedding_renorm_`."""

@overload
def empty(
    size: Sequence[_int],
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """A tensor of empty, as `torch.empty`: of sizes, or a tuple of them."""

@overload
def empty(
    *size: _int,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
    memory_format: memory_format | None = None,
) -> Tensor: ...
def empty_like(
    input: Tensor,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """`torch.empty` in the shape, dtype and on the device of another tensor."""

def empty_permuted(
    size: Sequence[_int],
    physical_layout: Sequence[_int],
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """A tensor whose dimensions lie in an order, as `torch.empty_permuted`."""

def empty_strided(
    size: Sequence[_int],
    stride: Sequence[_int],
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """A tensor whose elements lie at given strides, as `torch.empty_strided`."""

def eq(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Test where `input == other`, as `torch.eq`."""

def equal(
    input: Tensor, other: Tensor, *, out: tuple[Tensor, ...] | None = None
) -> _bool:
    """Return whether shapes and all elements are equal, as `torch.equal`."""

def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the error function, as `torch.erf`."""

def erf_(input: Tensor) -> Tensor:
    """`erf`, written into this tensor, which is returned."""

def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute one minus the error function, as `torch.erfc`."""

def erfc_(input: Tensor) -> Tensor:
    """`erfc`, written into this tensor, which is returned."""

def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse of the error function, as `torch.erfinv`."""

def exp(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `e ** input`, as `torch.exp`."""

def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `2 ** input`, as `torch.exp2`."""

def exp2_(input: Tensor) -> Tensor:
    """`exp2`, written into this tensor, which is returned."""

def exp_(input: Tensor) -> Tensor:
    """`exp`, written into this tensor, which is returned."""

@overload
def expand(input: Tensor, size: Sequence[_int], *, implicit: _bool = False) -> Tensor:
    """Dimensions of size 1 repeated without copying, as `Tensor.expand`."""

@overload
def expand(input: Tensor, *size: _int, implicit: _bool = False) -> Tensor: ...
def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """The tensor expanded to the shape of another, as `Tensor.expand_as`."""

@overload
def expand_copy(
    input: Tensor,
    size: Sequence[_int],
    *,
    implicit: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """`expand` with memory of its own."""

@overload
def expand_copy(
    input: Tensor, *size: _int, implicit: _bool = False, out: Tensor | None = None
) -> Tensor: ...
def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `exp(input) - 1`, also where `input` is small, as `torch.expm1`."""

def expm1_(input: Tensor) -> Tensor:
    """`expm1`, written into this tensor, which is returned."""

def eye(
    n: _int,
    m: _int | None = None,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """Ones on the diagonal, as `torch.eye`."""

def fake_quantize_per_channel_affine(
    input: Tensor,
    scale: Tensor,
    zero_point: Tensor,
    axis: _int,
    quant_min: _int,
    quant_max: _int,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Round to the levels of each channel; gradients pass between the limits."""

def fake_quantize_per_tensor_affine(
    input: Tensor,
    scale: _float | Tensor,
    zero_point: _int | Tensor,
    quant_min: _int,
    quant_max: _int,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Round to the levels of a quantized tensor; gradients pass between the limits."""

def feature_alpha_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """As `torch.nn.functional.feature_alpha_dropout`, with the arguments of a kernel."""

def feature_alpha_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`feature_alpha_dropout`, written into this tensor, which is returned."""

def feature_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """As `torch.nn.functional.feature_dropout`, with the arguments of a kernel."""

def feature_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`feature_dropout`, written into this tensor, which is returned."""

def fill(input: Tensor, value: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """A tensor of one number in the shape of another, as `torch.fill`."""

def fill_(input: Tensor, value: TensorLike) -> Tensor:
    """Set all elements to a number, as `Tensor.fill_`."""

def fix(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Round towards 0, as `torch.trunc`."""

def fix_(input: Tensor) -> Tensor:
    """`fix`, written into this tensor, which is returned."""

def flatten(input: Tensor, start_dim: _int = 0, end_dim: _int = -1) -> Tensor:
    """Make one dimension of several, as `torch.flatten`."""

@overload
def flip(input: Tensor, dims: Sequence[_int]) -> Tensor:
    """The elements in reverse order along dimensions, as `torch.flip`."""

@overload
def flip(input: Tensor, *dims: _int) -> Tensor: ...
def fliplr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The columns in reverse order, as `torch.fliplr`."""

def flipud(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The rows in reverse order, as `torch.flipud`."""

float: dtype
float16: dtype
float32: dtype
float4_e2m1fn_x2: dtype
float64: dtype
float8_e4m3fn: dtype
float8_e4m3fnuz: dtype
float8_e5m2: dtype
float8_e5m2fnuz: dtype
float8_e8m0fnu: dtype

def float_power(
    input: Tensor | Scalar, exponent: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Compute `input ** exponent` in double precision, as `torch.float_power`."""

def floor(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Round down, as `torch.floor`."""

def floor_(input: Tensor) -> Tensor:
    """`floor`, written into this tensor, which is returned."""

def floor_divide(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Compute the greatest integer below `input / other`, as `torch.floor_divide`."""

def fmax(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Take the greater of two elements, rather than a NaN, as `torch.fmax`."""

def fmin(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Take the lesser of two elements, rather than a NaN, as `torch.fmin`."""

def fmod(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Compute `input % other` with the sign of `input`, as `torch.fmod`."""

def frac(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `input - trunc(input)`, as `torch.frac`."""

def frac_(input: Tensor) -> Tensor:
    """`frac`, written into this tensor, which is returned."""

def frexp(
    input: Tensor, *, out: tuple[Tensor, ...] | None = None
) -> return_types.frexp:
    """Split into mantissa and power of 2, as `torch.frexp`."""

def frobenius_norm(
    input: Tensor, dim: _int | Sequence[_int] = (), keepdim: _bool = False
) -> Tensor:
    """The root of the sum of squares over dimensions; over all if none is given."""

def from_dlpack(
    ext_tensor: object, *, device: DeviceLike | None = None, copy: _bool | None = None
) -> Tensor:
    """A tensor of another library's, as `torch.from_dlpack`; shared on the CPU."""

def from_numpy(ndarray: np.ndarray[Any, Any]) -> Tensor:
    """A tensor that shares the memory of an array, as `torch.from_numpy`."""

def frombuffer(
    buffer: object,
    *,
    dtype: dtype,
    count: _int = -1,
    offset: _int = 0,
    requires_grad: _bool = False,
) -> Tensor:
    """A tensor of a buffer's bytes, which are copied, as `torch.frombuffer`."""

def full(
    size: Sequence[_int],
    fill_value: Scalar,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """A tensor of one number, as `torch.full`."""

def full_like(
    input: Tensor,
    fill_value: Scalar,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """`torch.full` in the shape, dtype and on the device of another tensor."""

def gather(
    input: Tensor,
    dim: _int,
    index: Tensor,
    *,
    sparse_grad: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """The elements of `input` at `index` along a dimension, as `torch.gather`."""

def gcd(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the greatest common divisor, as `torch.gcd`."""

def gcd_(input: Tensor, other: Tensor) -> Tensor:
    """`gcd`, written into this tensor, which is returned."""

def ge(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Test where `input >= other`, as `torch.ge`."""

def geqrf(
    input: Tensor, *, out: tuple[Tensor, ...] | None = None
) -> return_types.geqrf:
    """Factor as LAPACK does, into reflectors and their factors, as `torch.geqrf`."""

def ger(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Multiply `(n,)` by `(m,)` to `(n, m)`, as `torch.outer`."""

def get_device(input: Tensor) -> _int:
    """The index of the tensor's GPU, -1 on the CPU."""

def get_printoptions() -> dict[str, Any]:
    """How tensors are printed now."""

def gradient(
    input: Tensor,
    *,
    spacing: Scalar | Sequence[Scalar] | Sequence[Tensor] = 1,
    dim: _int | Sequence[_int] | None = None,
    edge_order: _int = 1,
    out: tuple[Tensor, ...] | None = None,
) -> tuple[Tensor, ...]:
    """Estimate the derivative along dimensions by differences, as `torch.gradient`."""

def greater(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Test where `input > other`, as `torch.gt`."""

def greater_equal(
    input: Tensor, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Test where `input >= other`, as `torch.ge`."""

def grid_sampler(
    input: Tensor,
    grid: Tensor,
    interpolation_mode: _int,
    padding_mode: _int,
    align_corners: _bool,
) -> Tensor:
    """`torch.nn.functional.grid_sample` as `torch.grid_sampler`."""

def grid_sampler_2d(
    input: Tensor,
    grid: Tensor,
    interpolation_mode: _int,
    padding_mode: _int,
    align_corners: _bool,
) -> Tensor:
    """`torch.nn.functional.grid_sample` as `torch.grid_sampler_2d`."""

def grid_sampler_3d(
    input: Tensor,
    grid: Tensor,
    interpolation_mode: _int,
    padding_mode: _int,
    align_corners: _bool,
) -> Tensor:
    """`torch.nn.functional.grid_sample` as `torch.grid_sampler_3d`."""

def group_norm(
    input: Tensor,
    num_groups: _int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: _float = 1e-05,
    cudnn_enabled: _bool = True,
) -> Tensor:
    """As `torch.group_norm`; `cudnn_enabled` says nothing here."""

def gru_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a GRU: the new hidden state."""

def gt(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Test where `input > other`, as `torch.gt`."""

half: dtype

def hamming_window(
    window_length: _int,
    periodic: _bool = True,
    alpha: _float = 0.54,
    beta: _float = 0.46,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """The Hamming window, as `torch.hamming_window`."""

def hann_window(
    window_length: _int,
    periodic: _bool = True,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """The Hann window, as `torch.hann_window`."""

def hardshrink(
    input: Tensor, lambd: _float = 0.5, *, out: Tensor | None = None
) -> Tensor:
    """Apply hard shrinkage: 0 for what lies in `-lambd..lambd`."""

def hash_tensor(
    input: Tensor,
    dim: _int | Sequence[_int] = (),
    *,
    keepdim: _bool = False,
    mode: _int = 0,
    out: Tensor | None = None,
) -> Tensor:
    """Join the bits of elements by exclusive or, as `torch.hash_tensor`."""

def heaviside(input: Tensor, values: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute 0 below 0, 1 above and `values` at 0, as `torch.heaviside`."""

def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: _float = 1.0, reduction: _int = 0
) -> Tensor:
    """Hinge embedding loss; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""

def histc(
    input: Tensor,
    bins: _int = 100,
    min: _float = 0,
    max: _float = 0,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Count the elements in `bins` equal parts of a range, as `torch.histc`."""

def histogram(
    input: Tensor,
    bins: _int | Tensor,
    *,
    range: tuple[_float, _float] | None = None,
    weight: Tensor | None = None,
    density: _bool = False,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.histogram:
    """Count the elements between edges: `(hist, bin_edges)`, as `torch.histogram`."""

def histogramdd(
    input: Tensor,
    bins: _int | Sequence[_int] | Sequence[Tensor],
    *,
    range: Sequence[_float] | None = None,
    weight: Tensor | None = None,
    density: _bool = False,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.histogramdd:
    """Count rows in a grid of bins: `(hist, bin_edges)`, as `torch.histogramdd`."""

def hsmm(mat1: Tensor, mat2: Tensor) -> Tensor:
    """The product of a sparse and a dense matrix, as a list of rows."""

@overload
def hsplit(
    input: Tensor, indices_or_sections: _int | Sequence[_int] | Tensor
) -> tuple[Tensor, ...]:
    """Parts along dimension 1, as `torch.hsplit`."""

@overload
def hsplit(input: Tensor, *, sections: _int) -> tuple[Tensor, ...]: ...
@overload
def hsplit(input: Tensor, *, indices: Sequence[_int]) -> tuple[Tensor, ...]: ...
def hspmm(mat1: Tensor, mat2: Tensor) -> Tensor:
    """The product of a sparse and a dense matrix, as a list of rows."""

def hstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors side by side, as `torch.hstack`."""

def hypot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `sqrt(input ** 2 + other ** 2)`, as `torch.hypot`."""

def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the modified Bessel function of order 0, as `torch.i0`."""

def i0_(input: Tensor) -> Tensor:
    """`i0`, written into this tensor, which is returned."""

def igamma(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the regularised lower incomplete gamma function, as `torch.igamma`."""

def igammac(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the regularised upper incomplete gamma function, as `torch.igammac`."""

def imag(input: Tensor) -> Tensor:
    """The imag parts of complex numbers, sharing memory, as `torch.imag`."""

def index_add(
    input: Tensor,
    dim: _int,
    index: Tensor,
    source: Tensor,
    *,
    alpha: Scalar = 1,
    out: Tensor | None = None,
) -> Tensor:
    """`input` with slices of `source` added at `index`, as `torch.index_add`."""

def index_copy(
    input: Tensor,
    dim: _int,
    index: Tensor,
    source: Tensor,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`input` with slices of `source` written at `index`, as `torch.index_copy`."""

def index_fill(
    input: Tensor,
    dim: _int,
    index: Tensor,
    value: TensorLike,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`input` with a number written in the slices at `index`, as `torch.index_fill`."""

def index_put(
    input: Tensor,
    indices: Sequence[Tensor | None],
    values: Tensor,
    accumulate: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`input` with `values` at `input[indices]`, as `torch.index_put`."""

def index_put_(
    input: Tensor,
    indices: Sequence[Tensor | None],
    values: Tensor,
    accumulate: _bool = False,
) -> Tensor:
    """`index_put`, written into this tensor, which is returned."""

def index_reduce(
    input: Tensor,
    dim: _int,
    index: Tensor,
    source: Tensor,
    reduce: str,
    *,
    include_self: _bool = True,
    out: Tensor | None = None,
) -> Tensor:
    """Slices sent to the same index reduced to one, as `torch.index_reduce`."""

def index_select(
    input: Tensor, dim: _int, index: Tensor, *, out: Tensor | None = None
) -> Tensor:
    """The slices at `index` along a dimension, as `torch.index_select`."""

def indices_copy(input: Tensor) -> Tensor:
    """A copy of the tensor's `indices()`, as `torch.indices_copy`."""

inf: _float

def inner(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Sum products over the last dimensions, as `torch.inner`."""

def instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: _bool,
    momentum: _float,
    eps: _float,
    cudnn_enabled: _bool,
) -> Tensor:
    """As `torch.instance_norm`; `cudnn_enabled` says nothing here."""

int: dtype
int1: dtype
int16: dtype
int2: dtype
int3: dtype
int32: dtype
int4: dtype
int5: dtype
int6: dtype
int64: dtype
int7: dtype
int8: dtype

def inverse(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Invert a square matrix or a batch of them, as `torch.linalg.inv`."""

def is_complex(input: Tensor) -> _bool:
    """Tell complex numbers apart."""

def is_conj(input: Tensor) -> _bool:
    """No: conjugation is not put off here."""

def is_floating_point(input: Tensor) -> _bool:
    """Tell reals apart."""

def is_inference(input: Tensor) -> _bool:
    """Made in `inference_mode`."""

def is_neg(input: Tensor) -> _bool:
    """No: negation is not put off here."""

def is_nonzero(input: Tensor) -> _bool:
    """Return whether the only element is not 0."""

def is_same_size(input: Tensor, other: Tensor) -> _bool:
    """Return whether two tensors have the same shape."""

def is_signed(input: Tensor) -> _bool:
    """Return whether it can be negative."""

def is_storage(obj: object) -> _bool:
    """Return whether an object is a storage, as `torch.is_storage`."""

def is_tensor(obj: object) -> _bool:
    """Return whether something is a tensor."""

def isclose(
    input: Tensor,
    other: Tensor,
    rtol: _float = 1e-05,
    atol: _float = 1e-08,
    equal_nan: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Test where `|input - other| <= atol + rtol * |other|`, as `torch.isclose`."""

def isfinite(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Test where a number is neither NaN nor infinite, as `torch.isfinite`."""

def isin(
    elements: Tensor,
    test_elements: Tensor,
    *,
    assume_unique: _bool = False,
    invert: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Tell which elements are among `test_elements`, as `torch.isin`."""

def isinf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Test where a number is infinite, as `torch.isinf`."""

def isnan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Test where a number is NaN, as `torch.isnan`."""

def isneginf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Test where a number is minus infinity, as `torch.isneginf`."""

def isposinf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Test where a number is plus infinity, as `torch.isposinf`."""

def isreal(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Test where a number has no imaginary part, as `torch.isreal`."""

def istft(
    input: Tensor,
    n_fft: _int,
    hop_length: _int | None = None,
    win_length: _int | None = None,
    window: Tensor | None = None,
    center: _bool = True,
    normalized: _bool = False,
    onesided: _bool | None = None,
    length: _int | None = None,
    return_complex: _bool = False,
) -> Tensor:
    """Make the signal of the transforms of its frames, as `torch.istft`."""

def item(input: Tensor) -> Number:
    """The one element as a Python number, as `Tensor.item`."""

def kaiser_window(
    window_length: _int,
    periodic: _bool = True,
    beta: _float = 12.0,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """The Kaiser window, as `torch.kaiser_window`."""

def kl_div(
    input: Tensor, target: Tensor, reduction: _int = 0, *, log_target: _bool = False
) -> Tensor:
    """Kullback-Leibler divergence; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""

def kron(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the Kronecker product, as `torch.kron`."""

def kthvalue(
    input: Tensor,
    k: _int,
    dim: _int = -1,
    keepdim: _bool = False,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.kthvalue:
    """Find the `k`th least element of each row, as `torch.kthvalue`."""

def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[_int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: _float = 1e-05,
    cudnn_enable: _bool = True,
) -> Tensor:
    """As `torch.layer_norm`; `cudnn_enable` says nothing here."""

def lcm(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the least common multiple, as `torch.lcm`."""

def lcm_(input: Tensor, other: Tensor) -> Tensor:
    """`lcm`, written into this tensor, which is returned."""

def ldexp(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Compute `input * 2 ** other`, as `torch.ldexp`."""

def ldexp_(input: Tensor, other: TensorLike) -> Tensor:
    """`ldexp`, written into this tensor, which is returned."""

def le(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Test where `input <= other`, as `torch.le`."""

legacy_contiguous_format: layout

def lerp(
    input: Tensor, end: Tensor, weight: Tensor | _float, *, out: Tensor | None = None
) -> Tensor:
    """Compute `input + weight * (end - input)`, as `torch.lerp`."""

def less(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Test where `input < other`, as `torch.lt`."""

def less_equal(
    input: Tensor, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Test where `input <= other`, as `torch.le`."""

def lgamma(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
def linspace(
    start: TensorLike,
    end: TensorLike,
    steps: _int,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """`steps` numbers from `start` to `end`, as `torch.linspace`."""

def log(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the natural logarithm, as `torch.log`."""

def log10(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the logarithm to base 10, as `torch.log10`."""

def log10_(input: Tensor) -> Tensor:
    """`log10`, written into this tensor, which is returned."""

def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `log(1 + input)`, also where `input` is small, as `torch.log1p`."""

def log1p_(input: Tensor) -> Tensor:
    """`log1p`, written into this tensor, which is returned."""

def log2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the logarithm to base 2, as `torch.log2`."""

def log2_(input: Tensor) -> Tensor:
    """`log2`, written into this tensor, which is returned."""

def log_(input: Tensor) -> Tensor:
    """`log`, written into this tensor, which is returned."""

def log_softmax(
    input: Tensor,
    dim: _int | None = None,
    _stacklevel: _int = 3,
    dtype: dtype | None = None,
) -> Tensor:
    """Compute the logarithm of `softmax`, as `torch.nn.functional.log_softmax`."""

def logaddexp(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `log(exp(input) + exp(other))`, as `torch.logaddexp`."""

def logaddexp2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `log2(2 ** input + 2 ** other)`, as `torch.logaddexp2`."""

def logcumsumexp(input: Tensor, dim: _int, *, out: Tensor | None = None) -> Tensor:
    """Compute logarithms of running sums of exponentials, as `torch.logcumsumexp`."""

def logdet(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the logarithm of the determinant, NaN below 0, as `torch.logdet`."""

def logical_and(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Test where each of the two elements is not 0, as `torch.logical_and`."""

def logical_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Test where an element is 0 or false, as `torch.logical_not`."""

def logical_or(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Test where one of the two elements is not 0, as `torch.logical_or`."""

def logical_xor(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Test where exactly one of the two elements is not 0, as `torch.logical_xor`."""

def logit(
    input: Tensor, eps: _float | None = None, *, out: Tensor | None = None
) -> Tensor:
    """Compute `log(x / (1 - x))`, as `torch.logit`; of `x` in `[eps, 1 - eps]`."""

def logit_(input: Tensor, eps: _float | None = None) -> Tensor:
    """`logit`, written into this tensor, which is returned."""

def logspace(
    start: TensorLike,
    end: TensorLike,
    steps: _int,
    base: _float = 10.0,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """`steps` numbers from `base**start` to `base**end`, as `torch.logspace`."""

def logsumexp(
    input: Tensor,
    dim: _int | Sequence[_int],
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the logarithm of the sum of exponentials, as `torch.logsumexp`."""

long: dtype

def lstm_cell(
    input: Tensor,
    hx: Sequence[Tensor],
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM: the new hidden and cell states."""

def lt(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Test where `input < other`, as `torch.lt`."""

def lu(
    input: Tensor,
    pivot: _bool = True,
    get_infos: _bool = False,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> tuple[Tensor, ...]:
    """Factor into one matrix of both factors and pivots, as `torch.lu`."""

def lu_solve(
    b: Tensor, LU_data: Tensor, LU_pivots: Tensor, *, out: Tensor | None = None
) -> Tensor:
    """Solve with what `torch.lu` gives, as `torch.lu_solve`."""

def lu_unpack(
    LU_data: Tensor,
    LU_pivots: Tensor,
    unpack_data: _bool = True,
    unpack_pivots: _bool = True,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.lu_unpack:
    """Take the parts of what `lu_factor` gives, as `torch.lu_unpack`."""

def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: _float = 0.0,
    reduction: _int = 0,
) -> Tensor:
    """Margin ranking loss; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""

def masked_fill(
    input: Tensor, mask: Tensor, value: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """`input` with a number where the mask holds, as `torch.masked_fill`."""

def masked_scatter(
    input: Tensor, mask: Tensor, source: Tensor, *, out: Tensor | None = None
) -> Tensor:
    """The elements of `source`, in order, where the mask holds."""

def masked_select(input: Tensor, mask: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements where the mask holds, in one dimension, as `torch.masked_select`."""

def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Multiply matrices, vectors or batches of matrices, as `torch.matmul`."""

def matrix_exp(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the exponential of a square matrix, as `torch.linalg.matrix_exp`."""

def matrix_power(input: Tensor, n: _int, *, out: Tensor | None = None) -> Tensor:
    """Multiply a square matrix by itself `n` times, as `torch.matrix_power`."""

@overload
def max(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Take the greatest element, as `torch.max`."""

@overload
def max(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor: ...
@overload
def max(
    input: Tensor,
    dim: _int,
    keepdim: _bool = False,
    *,
    out: tuple[Tensor, Tensor] | None = None,
) -> return_types.max: ...
@overload
def max_pool1d(
    input: Tensor,
    kernel_size: _int | Sequence[_int],
    stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0,
    dilation: _int | Sequence[_int] = 1,
    ceil_mode: _bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """Take the maxima of windows, as `torch.nn.functional.max_pool1d`."""

@overload
def max_pool1d(
    input: Tensor,
    kernel_size: _int | Sequence[_int],
    stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0,
    dilation: _int | Sequence[_int] = 1,
    ceil_mode: _bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: object,
    stride: object = (),
    padding: object = 0,
    dilation: object = 1,
    ceil_mode: _bool = False,
) -> tuple[Tensor, Tensor]:
    """Largest elements of windows, and where they stand."""

@overload
def max_pool2d(
    input: Tensor,
    kernel_size: _int | Sequence[_int],
    stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0,
    dilation: _int | Sequence[_int] = 1,
    ceil_mode: _bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """Take the maxima of windows, as `torch.nn.functional.max_pool2d`."""

@overload
def max_pool2d(
    input: Tensor,
    kernel_size: _int | Sequence[_int],
    stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0,
    dilation: _int | Sequence[_int] = 1,
    ceil_mode: _bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def max_pool3d(
    input: Tensor,
    kernel_size: _int | Sequence[_int],
    stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0,
    dilation: _int | Sequence[_int] = 1,
    ceil_mode: _bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """Take the maxima of windows, as `torch.nn.functional.max_pool3d`."""

@overload
def max_pool3d(
    input: Tensor,
    kernel_size: _int | Sequence[_int],
    stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0,
    dilation: _int | Sequence[_int] = 1,
    ceil_mode: _bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def maximum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Take the greater of two elements, NaN if one is, as `torch.maximum`."""

def mean(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    keepdim: _bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Average elements, as `torch.mean`."""

@overload
def median(input: Tensor) -> Tensor:
    """Find the lower median of all, or along `dim`, as `torch.median`."""

@overload
def median(input: Tensor, dim: _int, keepdim: _bool = False) -> return_types.median: ...
@overload
def meshgrid(*tensors: Tensor, indexing: str | None = None) -> tuple[Tensor, ...]:
    """The coordinates of all points of a grid, as `torch.meshgrid`."""

@overload
def meshgrid(
    tensors: Sequence[Tensor], /, *, indexing: str | None = None
) -> tuple[Tensor, ...]: ...
@overload
def min(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Take the least element, as `torch.min`; see `max`."""

@overload
def min(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor: ...
@overload
def min(
    input: Tensor,
    dim: _int,
    keepdim: _bool = False,
    *,
    out: tuple[Tensor, Tensor] | None = None,
) -> return_types.min: ...
def minimum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Take the lesser of two elements, NaN if one is, as `torch.minimum`."""

def mm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Multiply `(n, k)` by `(k, m)`, as `torch.mm`."""

def mode(
    input: Tensor,
    dim: _int = -1,
    keepdim: _bool = False,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.mode:
    """Find the most frequent element, the least of several, as `torch.mode`."""

def moveaxis(
    input: Tensor, source: _int | Sequence[_int], destination: _int | Sequence[_int]
) -> Tensor:
    """Dimensions moved to other positions, as `torch.movedim`."""

def movedim(
    input: Tensor, source: _int | Sequence[_int], destination: _int | Sequence[_int]
) -> Tensor:
    """Dimensions moved to other positions, as `torch.movedim`."""

def msort(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Sort along the first dimension, as `torch.msort`."""

def mul(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Compute `input * other`, as `torch.mul`."""

def multinomial(
    input: Tensor,
    num_samples: _int,
    replacement: _bool = False,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Draw indices by weight: `(rows, num_samples)`, as `torch.multinomial`."""

def multiply(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Compute `input * other`, as `torch.mul`."""

def mv(input: Tensor, vec: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Multiply `(n, k)` by `(k,)`, as `torch.mv`."""

def mvlgamma(input: Tensor, p: _int, *, out: Tensor | None = None) -> Tensor:
    """Compute the logarithm of the multivariate gamma function, as `torch.mvlgamma`."""

nan: _float

def nan_to_num(
    input: Tensor,
    nan: _float | None = None,
    posinf: _float | None = None,
    neginf: _float | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Replace what is NaN or infinite by finite numbers, as `torch.nan_to_num`."""

def nan_to_num_(
    input: Tensor,
    nan: _float | None = None,
    posinf: _float | None = None,
    neginf: _float | None = None,
) -> Tensor:
    """`nan_to_num`, written into this tensor, which is returned."""

def nanmean(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    keepdim: _bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Average elements that are not NaN, as `torch.nanmean`."""

@overload
def nanmedian(input: Tensor) -> Tensor:
    """Find the lower median of what is not NaN, as `torch.nanmedian`."""

@overload
def nanmedian(
    input: Tensor, dim: _int, keepdim: _bool = False
) -> return_types.nanmedian: ...
def nanquantile(
    input: Tensor,
    q: _float | Tensor,
    dim: _int | None = None,
    keepdim: _bool = False,
    *,
    interpolation: str = "linear",
    out: Tensor | None = None,
) -> Tensor:
    """Find the quantiles `q` of what is not NaN, as `torch.nanquantile`."""

def nansum(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    keepdim: _bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Add up elements that are not NaN, as `torch.nansum`."""

def narrow(input: Tensor, dim: _int, start: _int | Tensor, length: _int) -> Tensor:
    """Some neighbours along a dimension, as `torch.narrow`."""

def narrow_copy(
    input: Tensor,
    dim: _int,
    start: _int | Tensor,
    length: _int,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`narrow` with memory of its own."""

def native_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: _bool,
    momentum: _float,
    eps: _float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise channels; also give the batch's mean and `1 / sqrt(var + eps)`."""

def native_channel_shuffle(
    input: Tensor, groups: _int, *, out: Tensor | None = None
) -> Tensor:
    """Shuffle channels: deal those of `groups` groups out in turn."""

def native_dropout(
    input: Tensor, p: _float, train: _bool | None
) -> tuple[Tensor, Tensor]:
    """Dropout, and which elements it kept, as `torch.native_dropout`."""

def native_group_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    N: _int,
    C: _int,
    HxW: _int,
    group: _int,
    eps: _float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise groups of channels; also give the mean and `1 / sqrt(var + eps)`."""

def native_layer_norm(
    input: Tensor,
    normalized_shape: Sequence[_int],
    weight: Tensor | None,
    bias: Tensor | None,
    eps: _float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise the last dimensions; also give the mean and `1 / sqrt(var + eps)`."""

def native_norm(input: Tensor, p: _float = 2) -> Tensor:
    """The norm of a sparse tensor's elements, as `torch.native_norm`."""

def ne(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Test where `input != other`, as `torch.ne`."""

def neg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `-input`, as `torch.neg`."""

def neg_(input: Tensor) -> Tensor:
    """`neg`, written into this tensor, which is returned."""

def negative(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `-input`, as `torch.neg`."""

def negative_(input: Tensor) -> Tensor:
    """`negative`, written into this tensor, which is returned."""

newaxis: None

def nextafter(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Give the next number after `input` towards `other`, as `torch.nextafter`."""

@overload
def nonzero(
    input: Tensor, *, as_tuple: Literal[False] = False, out: Tensor | None = None
) -> Tensor:
    """The indices of what is not zero, a row for each, as `torch.nonzero`."""

@overload
def nonzero(input: Tensor, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]: ...
def nonzero_static(
    input: Tensor, *, size: _int, fill_value: _int = -1, out: Tensor | None = None
) -> Tensor:
    """The first `size` rows of `nonzero`, filled up, as `torch.nonzero_static`."""

def norm(
    input: Tensor,
    p: _float | str = "fro",
    dim: _int | Sequence[_int] | None = None,
    keepdim: _bool = False,
    dtype: dtype | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the p-norm of the elements along `dim`, or of all, as `torch.norm`."""

@overload
def normal(
    mean: Tensor,
    std: Tensor | _float = 1.0,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Normal numbers with these means and deviations, as `torch.normal`."""

@overload
def normal(
    mean: _float,
    std: Tensor,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def normal(
    mean: _float,
    std: _float,
    size: Sequence[_int],
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor: ...
def not_equal(input: Tensor, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Test where `input != other`, as `torch.ne`."""

def nuclear_norm(
    input: Tensor, dim: Sequence[_int] = (-2, -1), keepdim: _bool = False
) -> Tensor:
    """The sum of the singular values, as `torch.nuclear_norm`."""

def numel(input: Tensor) -> _int:
    """The number of elements, as `torch.numel`."""

@overload
def ones(
    size: Sequence[_int],
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """A tensor of ones, as `torch.ones`: of sizes, or a tuple of them."""

@overload
def ones(
    *size: _int,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor: ...
def ones_like(
    input: Tensor,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """`torch.ones` in the shape, dtype and on the device of another tensor."""

def orgqr(input: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Multiply reflectors, as `torch.linalg.householder_product`."""

def ormqr(
    input: Tensor,
    tau: Tensor,
    other: Tensor,
    left: _bool = True,
    transpose: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Multiply a matrix by the product of reflectors, as `torch.ormqr`."""

def outer(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Multiply `(n,)` by `(m,)` to `(n, m)`, as `torch.outer`."""

def pairwise_distance(
    x1: Tensor,
    x2: Tensor,
    p: _float = 2.0,
    eps: _float = 1e-06,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the norm of `x1 - x2`, as `torch.nn.functional.pairwise_distance`."""

def pca_lowrank(
    A: Tensor, q: _int | None = None, center: _bool = True, niter: _int = 2
) -> tuple[Tensor, Tensor, Tensor]:
    """Find the `q` principal components of rows, as `torch.pca_lowrank`."""

def pdist(input: Tensor, p: _float = 2.0, *, out: Tensor | None = None) -> Tensor:
    """Compute the p-norm distance between every two rows."""

def permute(input: Tensor, dims: Sequence[_int]) -> Tensor:
    """The dimensions in another order, as `torch.permute`."""

def permute_copy(
    input: Tensor, dims: Sequence[_int], *, out: Tensor | None = None
) -> Tensor:
    """`permute` with memory of its own."""

pi: _float

def pinverse(
    input: Tensor, rcond: _float = 1e-15, *, out: Tensor | None = None
) -> Tensor:
    """Compute the Moore-Penrose inverse, as `torch.pinverse`."""

def pixel_shuffle(
    input: Tensor, upscale_factor: _int, *, out: Tensor | None = None
) -> Tensor:
    """Pixel shuffle: turn channels into pixels; `torch.nn.functional.pixel_shuffle`."""

def pixel_unshuffle(
    input: Tensor, downscale_factor: _int, *, out: Tensor | None = None
) -> Tensor:
    """Pixel unshuffle: turn pixels into channels, undoing `pixel_shuffle`."""

def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Draw Poisson numbers of the rates that `input` holds, as `torch.poisson`."""

def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: _bool,
    full: _bool,
    eps: _float,
    reduction: _int,
) -> Tensor:
    """Poisson loss; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""

def polar(abs: Tensor, angle: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Complex numbers of their sizes and angles, as `torch.polar`."""

def polygamma(n: _int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the `n`th derivative of digamma, as `torch.polygamma`."""

def positive(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Give the input as it is, as `torch.positive`."""

def pow(
    input: TensorLike, exponent: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Compute `input ** exponent`, as `torch.pow`."""

def prelu(input: Tensor, weight: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Multiply negative elements by `weight`, as `torch.nn.functional.prelu`."""

def prod(
    input: Tensor,
    dim: _int | None = None,
    keepdim: _bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Multiply elements, as `torch.prod`."""

def put(
    input: Tensor,
    index: Tensor,
    source: Tensor,
    accumulate: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Elements written at indices of the flattened tensor, as `torch.put`."""

qint32: dtype
qint8: dtype

def qr(
    input: Tensor, some: _bool = True, *, out: tuple[Tensor, ...] | None = None
) -> return_types.qr:
    """Factor into an orthogonal and a triangular matrix, as `torch.qr`."""

def quantile(
    input: Tensor,
    q: _float | Tensor,
    dim: _int | None = None,
    keepdim: _bool = False,
    *,
    interpolation: str = "linear",
    out: Tensor | None = None,
) -> Tensor:
    """Find the quantiles `q` of all elements, or along `dim`, as `torch.quantile`."""

quint2x4: dtype
quint4x2: dtype
quint8: dtype

def rad2deg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the angle in degrees of one in radians, as `torch.rad2deg`."""

def rad2deg_(input: Tensor) -> Tensor:
    """`rad2deg`, written into this tensor, which is returned."""

@overload
def rand(
    size: Sequence[_int],
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """Uniform numbers in [0, 1) of shape `size`, as `torch.rand`."""

@overload
def rand(
    *size: _int,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor: ...
def rand_like(
    input: Tensor,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """Uniform numbers in [0, 1) in the shape of `input`, as `torch.rand_like`."""

@overload
def randint(
    high: _int,
    size: Sequence[_int],
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """Integers in `[low, high)`: `randint(low=0, high, size)`, as `torch.randint`."""

@overload
def randint(
    low: _int,
    high: _int,
    size: Sequence[_int],
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor: ...
@overload
def randint_like(
    input: Tensor,
    high: _int,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """Integers in `[low, high)` in the shape of `input`, as `torch.randint_like`."""

@overload
def randint_like(
    input: Tensor,
    low: _int,
    high: _int,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    memory_format: memory_format | None = None,
) -> Tensor: ...
@overload
def randn(
    size: Sequence[_int],
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """Standard normal numbers of shape `size`, as `torch.randn`."""

@overload
def randn(
    *size: _int,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor: ...
def randn_like(
    input: Tensor,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """Standard normal numbers in the shape of `input`, as `torch.randn_like`."""

def randperm(
    n: _int,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """A permutation of the integers below `n`, as `torch.randperm`."""

@overload
def range(
    end: Scalar,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """Numbers from `start` to `end`, both included, as the deprecated `torch.range`."""

@overload
def range(
    start: Scalar,
    end: Scalar,
    step: Scalar = 1,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor: ...
def ravel(input: Tensor) -> Tensor:
    """One dimension of all, as `torch.ravel`."""

def real(input: Tensor) -> Tensor:
    """The real parts of complex numbers, sharing memory, as `torch.real`."""

def reciprocal(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `1 / input`, as `torch.reciprocal`."""

def reciprocal_(input: Tensor) -> Tensor:
    """`reciprocal`, written into this tensor, which is returned."""

def relu(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `max(input, 0)`, as `torch.nn.functional.relu`."""

def relu_(input: Tensor) -> Tensor:
    """`relu`, written into this tensor, which is returned."""

def remainder(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Compute `input % other` with the sign of `other`, as `torch.remainder`."""

def renorm(
    input: Tensor, p: _float, dim: _int, maxnorm: _float, *, out: Tensor | None = None
) -> Tensor:
    """Scale parts along `dim` to a p-norm of at most `maxnorm`, as `torch.renorm`."""

@overload
def repeat_interleave(repeats: Tensor, *, output_size: _int | None = None) -> Tensor:
    """Each element several times in a row, as `torch.repeat_interleave`."""

@overload
def repeat_interleave(
    input: Tensor,
    repeats: _int | Tensor,
    dim: _int | None = None,
    *,
    output_size: _int | None = None,
) -> Tensor: ...
def reshape(input: Tensor, shape: Sequence[_int]) -> Tensor:
    """Another shape: a view where possible, else a copy, as `torch.reshape`."""

def resize_as_(input: Tensor, the_template: Tensor) -> Tensor:
    """Change the shape to that of another tensor, as `Tensor.resize_as_`."""

def resize_as_sparse_(input: Tensor, the_template: Tensor) -> Tensor:
    """Give a sparse tensor the size of another one."""

def resolve_conj(input: Tensor) -> Tensor:
    """The tensor itself: nothing is put off here."""

def resolve_neg(input: Tensor) -> Tensor:
    """The tensor itself: nothing is put off here."""

def rms_norm(
    input: Tensor,
    normalized_shape: _int | Sequence[_int],
    weight: Tensor | None = None,
    eps: _float | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply root mean square normalization over the last dimensions."""

def rnn_relu_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a recurrent network with relu."""

def rnn_tanh_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a recurrent network with tanh."""

def roll(
    input: Tensor,
    shifts: _int | Sequence[_int],
    dims: _int | Sequence[_int] | None = None,
) -> Tensor:
    """The elements shifted along dimensions, around the end, as `torch.roll`."""

def rot90(
    input: Tensor,
    k: _int = 1,
    dims: Sequence[_int] = (0, 1),
    *,
    out: Tensor | None = None,
) -> Tensor:
    """A plane of the tensor turned `k` times by a quarter, as `torch.rot90`."""

def round(input: Tensor, *, decimals: _int = 0, out: Tensor | None = None) -> Tensor:
    """Round to `decimals` places, halves to the even number, as `torch.round`."""

def round_(input: Tensor, *, decimals: _int = 0) -> Tensor:
    """`round`, written into this tensor, which is returned."""

def row_indices_copy(input: Tensor) -> Tensor:
    """A copy of the tensor's `row_indices()`, as `torch.row_indices_copy`."""

def row_stack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors one below the other, as `torch.vstack`."""

def rrelu(
    input: Tensor,
    lower: _float = 0.125,
    upper: _float = 0.3333333333333333,
    training: _bool = False,
) -> Tensor:
    """Multiply negatives by random slopes, as `torch.nn.functional.rrelu`."""

def rrelu_(
    input: Tensor,
    lower: _float = 0.125,
    upper: _float = 0.3333333333333333,
    training: _bool = False,
) -> Tensor:
    """`rrelu`, written into this tensor, which is returned."""

def rsqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `1 / sqrt(input)`, as `torch.rsqrt`."""

def rsqrt_(input: Tensor) -> Tensor:
    """`rsqrt`, written into this tensor, which is returned."""

def rsub(
    input: Tensor | Scalar,
    other: TensorLike,
    *,
    alpha: Scalar = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `other - alpha * input`, as `torch.rsub`."""

def saddmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: _float = 1, alpha: _float = 1
) -> Tensor:
    """Compute `beta · input + alpha · mat1 @ mat2`, listed one after the other."""

def scalar_tensor(
    s: Scalar,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """A tensor without dimensions, in the default dtype, as `torch.scalar_tensor`."""

@overload
def scatter(
    input: Tensor,
    dim: _int,
    index: Tensor,
    src: Tensor,
    *,
    reduce: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """`input` with `src` written at `index` along a dimension, as `torch.scatter`."""

@overload
def scatter(
    input: Tensor,
    dim: _int,
    index: Tensor,
    value: Scalar,
    *,
    reduce: str | None = None,
    out: Tensor | None = None,
) -> Tensor: ...
def scatter_add(
    input: Tensor, dim: _int, index: Tensor, src: Tensor, *, out: Tensor | None = None
) -> Tensor:
    """`input` with `src` added at `index` along a dimension, as `torch.scatter_add`."""

def scatter_reduce(
    input: Tensor,
    dim: _int,
    index: Tensor,
    src: Tensor,
    reduce: str,
    *,
    include_self: _bool = True,
    out: Tensor | None = None,
) -> Tensor:
    """What is sent to the same index reduced to one, as `torch.scatter_reduce`."""

def searchsorted(
    sorted_sequence: Tensor,
    input: TensorLike,
    *,
    out_int32: _bool = False,
    right: _bool = False,
    side: str | None = None,
    sorter: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Find where in sorted rows elements belong, as `torch.searchsorted`."""

def segment_reduce(
    data: Tensor,
    reduce: str,
    *,
    lengths: Tensor | None = None,
    indices: Tensor | None = None,
    offsets: Tensor | None = None,
    axis: _int = 0,
    unsafe: _bool = False,
    initial: Scalar | None = None,
) -> Tensor:
    """Reduce each of the segments of a dimension, as `torch.segment_reduce`."""

def select(input: Tensor, dim: _int, index: _int | Tensor) -> Tensor:
    """The slice at one index of a dimension, as `torch.select`."""

def select_copy(
    input: Tensor, dim: _int, index: _int | Tensor, *, out: Tensor | None = None
) -> Tensor:
    """`select` with memory of its own."""

def select_scatter(
    input: Tensor, src: Tensor, dim: _int, index: _int, *, out: Tensor | None = None
) -> Tensor:
    """`input` with `src` at an index of a dimension, as `torch.select_scatter`."""

def selu(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Apply the SELU, the scaled ELU that keeps mean 0 and variance 1."""

def selu_(input: Tensor) -> Tensor:
    """`selu`, written into this tensor, which is returned."""

def set_printoptions(
    precision: _int | None = None,
    threshold: _float | None = None,
    edgeitems: _int | None = None,
    linewidth: _int | None = None,
    profile: str | None = None,
    sci_mode: _bool | None = None,
) -> None:
    """Set how tensors are printed, as `torch.set_printoptions`."""

def sgn(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `input / |input|`, 0 at 0, as `torch.sgn`."""

short: dtype

def sigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `1 / (1 + exp(-input))`, as `torch.sigmoid`."""

def sigmoid_(input: Tensor) -> Tensor:
    """`sigmoid`, written into this tensor, which is returned."""

def sign(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute -1, 0 or 1, as `torch.sign`."""

def signbit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Test where the sign is minus, also that of -0, as `torch.signbit`."""

def sin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the sine, as `torch.sin`."""

def sin_(input: Tensor) -> Tensor:
    """`sin`, written into this tensor, which is returned."""

def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `sin(pi * input) / (pi * input)`, as `torch.sinc`."""

def sinc_(input: Tensor) -> Tensor:
    """`sinc`, written into this tensor, which is returned."""

def sinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the hyperbolic sine, as `torch.sinh`."""

def sinh_(input: Tensor) -> Tensor:
    """`sinh`, written into this tensor, which is returned."""

def slice_copy(
    input: Tensor,
    dim: _int = 0,
    start: _int | None = None,
    end: _int | None = None,
    step: _int = 1,
) -> Tensor:
    """A copy of a slice of a dimension, as `torch.slice_copy`."""

def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: _int = 0,
    start: _int | None = None,
    end: _int | None = None,
    step: _int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`input` with `src` in a slice of a dimension, as `torch.slice_scatter`."""

def slogdet(
    input: Tensor, *, out: tuple[Tensor, ...] | None = None
) -> return_types.slogdet:
    """Compute sign and logarithm of the determinant, as `torch.slogdet`."""

def smm(input: Tensor, mat: Tensor) -> Tensor:
    """The product of a sparse and a dense matrix, as a sparse one."""

def softmax(
    input: Tensor,
    dim: _int | None = None,
    _stacklevel: _int = 3,
    dtype: dtype | None = None,
) -> Tensor:
    """Normalise exponentials over `dim`, as `torch.nn.functional.softmax`."""

def sort(
    input: Tensor,
    dim: _int = -1,
    descending: _bool = False,
    stable: _bool = False,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.sort:
    """Sort along `dim`: `(values, indices)`, as `torch.sort`. It is always stable."""

def sparse_bsc_tensor(
    ccol_indices: object,
    row_indices: object,
    values: object,
    size: Sequence[_int] | None = None,
    *,
    device: DeviceLike | None = None,
    dtype: dtype | None = None,
    pin_memory: _bool = False,
    requires_grad: _bool = False,
    check_invariants: _bool | None = None,
) -> Tensor:
    """A sparse tensor whose blocks are listed by columns."""

def sparse_bsr_tensor(
    crow_indices: object,
    col_indices: object,
    values: object,
    size: Sequence[_int] | None = None,
    *,
    device: DeviceLike | None = None,
    dtype: dtype | None = None,
    pin_memory: _bool = False,
    requires_grad: _bool = False,
    check_invariants: _bool | None = None,
) -> Tensor:
    """A sparse tensor whose blocks are listed by rows."""

def sparse_compressed_tensor(
    compressed_indices: object,
    plain_indices: object,
    values: object,
    size: Sequence[_int] | None = None,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    pin_memory: _bool = False,
    requires_grad: _bool = False,
    check_invariants: _bool | None = None,
) -> Tensor:
    """A sparse tensor of compressed and plain indices."""

@overload
def sparse_coo_tensor(
    indices: object,
    values: object,
    size: Sequence[_int] | None = None,
    *,
    dtype: dtype | None = None,
    device: DeviceLike | None = None,
    pin_memory: _bool = False,
    requires_grad: _bool = False,
    check_invariants: _bool | None = None,
    is_coalesced: _bool | None = None,
) -> Tensor:
    """A tensor of which the elements that are not zero are listed."""

@overload
def sparse_coo_tensor(
    size: Sequence[_int],
    *,
    dtype: dtype | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
) -> Tensor: ...
def sparse_csc_tensor(
    ccol_indices: object,
    row_indices: object,
    values: object,
    size: Sequence[_int] | None = None,
    *,
    device: DeviceLike | None = None,
    dtype: dtype | None = None,
    pin_memory: _bool = False,
    requires_grad: _bool = False,
    check_invariants: _bool | None = None,
) -> Tensor:
    """A sparse tensor whose elements are listed by columns."""

def sparse_csr_tensor(
    crow_indices: object,
    col_indices: object,
    values: object,
    size: Sequence[_int] | None = None,
    *,
    device: DeviceLike | None = None,
    dtype: dtype | None = None,
    pin_memory: _bool = False,
    requires_grad: _bool = False,
    check_invariants: _bool | None = None,
) -> Tensor:
    """A sparse tensor whose elements are listed by rows."""

def split(
    tensor: Tensor, split_size_or_sections: _int | Sequence[_int], dim: _int = 0
) -> tuple[Tensor, ...]:
    """Parts of a size, or of given sizes, as `torch.split`."""

def split_copy(
    tensor: Tensor,
    split_size_or_sections: _int | Sequence[_int],
    dim: _int = 0,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> tuple[Tensor, ...]:
    """`split` with memory of its own."""

def split_with_sizes(
    input: Tensor, split_sizes: Sequence[_int], dim: _int = 0
) -> tuple[Tensor, ...]:
    """Parts of given sizes, as `torch.split_with_sizes`."""

def split_with_sizes_copy(
    input: Tensor,
    split_sizes: Sequence[_int],
    dim: _int = 0,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> tuple[Tensor, ...]:
    """`split_with_sizes` with memory of its own."""

def spmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Multiply `(n, k)` by `(k, m)`, as `torch.mm`."""

def sqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the square root, as `torch.sqrt`."""

def sqrt_(input: Tensor) -> Tensor:
    """`sqrt`, written into this tensor, which is returned."""

def square(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `input * input`, as `torch.square`."""

def square_(input: Tensor) -> Tensor:
    """`square`, written into this tensor, which is returned."""

def squeeze(input: Tensor, dim: _int | Sequence[_int] | None = None) -> Tensor:
    """Leave out dimensions of size 1, as `torch.squeeze`."""

def squeeze_copy(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`squeeze` with memory of its own."""

def sspaddmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: _float = 1, alpha: _float = 1
) -> Tensor:
    """Compute `beta · input + alpha · mat1 @ mat2`, listed one after the other."""

def stack(
    tensors: Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None
) -> Tensor:
    """Tensors of one shape along a new dimension, as `torch.stack`."""

def std(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    unbiased: _bool = True,
    keepdim: _bool = False,
    *,
    correction: _float | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the standard deviation along `dim`, or of all, as `torch.std`."""

def std_mean(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    unbiased: _bool = True,
    keepdim: _bool = False,
    *,
    correction: _float | None = None,
    out: tuple[Tensor, ...] | None = None,
) -> tuple[Tensor, Tensor]: ...
def stft(
    input: Tensor,
    n_fft: _int,
    hop_length: _int | None = None,
    win_length: _int | None = None,
    window: Tensor | None = None,
    center: _bool = True,
    pad_mode: str = "reflect",
    normalized: _bool = False,
    onesided: _bool | None = None,
    return_complex: _bool | None = None,
    align_to_window: _bool | None = None,
) -> Tensor:
    """Transform frames of a signal, as `torch.stft`."""

def sub(
    input: Tensor | Scalar,
    other: TensorLike,
    *,
    alpha: Scalar = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `input - alpha * other`, as `torch.sub`."""

def subtract(
    input: Tensor | Scalar,
    other: TensorLike,
    *,
    alpha: Scalar = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `input - alpha * other`, as `torch.sub`."""

def sum(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    keepdim: _bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Add up elements, as `torch.sum`: along `dim`, or all."""

def svd(
    input: Tensor,
    some: _bool = True,
    compute_uv: _bool = True,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.svd:
    """Find the singular values and vectors `U, S, V`, as `torch.svd`."""

def svd_lowrank(
    A: Tensor, q: _int | None = 6, niter: _int | None = 2, M: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Find the `q` greatest singular values and vectors, as `torch.svd_lowrank`."""

def swapaxes(input: Tensor, dim0: _int, dim1: _int) -> Tensor:
    """Two dimensions exchanged, as `torch.transpose`."""

def swapdims(input: Tensor, dim0: _int, dim1: _int) -> Tensor:
    """Two dimensions exchanged, as `torch.transpose`."""

def t(input: Tensor) -> Tensor:
    """The transpose of a matrix, as `torch.t`; vectors stay as they are."""

def t_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`t` with memory of its own."""

def take(input: Tensor, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements at indices of the flattened tensor, as `torch.take`."""

def take_along_dim(
    input: Tensor,
    indices: Tensor,
    dim: _int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The same with broadcasting of the other dimensions, as `torch.take_along_dim`."""

def tan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the tangent, as `torch.tan`."""

def tan_(input: Tensor) -> Tensor:
    """`tan`, written into this tensor, which is returned."""

def tanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the hyperbolic tangent, as `torch.tanh`."""

def tanh_(input: Tensor) -> Tensor:
    """`tanh`, written into this tensor, which is returned."""

def tensor(
    data: object,
    *,
    dtype: dtype | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """A tensor with a copy of the data, as `torch.tensor`."""

@overload
def tensor_split(
    input: Tensor, indices_or_sections: _int | Sequence[_int] | Tensor, dim: _int = 0
) -> tuple[Tensor, ...]:
    """Parts cut at indices, or a number of parts, as `torch.tensor_split`."""

@overload
def tensor_split(
    input: Tensor, *, sections: _int, dim: _int = 0
) -> tuple[Tensor, ...]: ...
@overload
def tensor_split(
    input: Tensor, *, indices: Sequence[_int], dim: _int = 0
) -> tuple[Tensor, ...]: ...
def tensordot(
    a: Tensor,
    b: Tensor,
    dims: _int | Sequence[Sequence[_int]] = 2,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Sum products over the dimensions `dims`, as `torch.tensordot`."""

def threshold(
    input: Tensor, threshold: _float, value: _float, *, out: Tensor | None = None
) -> Tensor:
    """Keep what is above `threshold`, as `torch.nn.functional.threshold`."""

def threshold_(input: Tensor, threshold: _float, value: _float) -> Tensor:
    """`threshold`, written into this tensor, which is returned."""

@overload
def tile(input: Tensor, dims: Sequence[_int]) -> Tensor:
    """The same; missing counts in front are one, as `torch.tile`."""

@overload
def tile(input: Tensor, *dims: _int) -> Tensor: ...
def topk(
    input: Tensor,
    k: _int,
    dim: _int = -1,
    largest: _bool = True,
    sorted: _bool = True,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.topk:
    """Take the `k` greatest (or least) of each row, in order, as `torch.topk`."""

def trace(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Add up the diagonal of a matrix, as `torch.trace`."""

def transpose(input: Tensor, dim0: _int, dim1: _int) -> Tensor:
    """Two dimensions exchanged, as `torch.transpose`."""

def transpose_copy(
    input: Tensor, dim0: _int, dim1: _int, *, out: Tensor | None = None
) -> Tensor:
    """`transpose` with memory of its own."""

def trapezoid(
    y: Tensor,
    x: Tensor | None = None,
    *,
    dx: Scalar = 1,
    dim: _int = -1,
    out: Tensor | None = None,
) -> Tensor:
    """Integrate along `dim` by the trapezoidal rule, as `torch.trapezoid`."""

def trapz(
    y: Tensor,
    x: Tensor | None = None,
    *,
    dx: Scalar = 1,
    dim: _int = -1,
    out: Tensor | None = None,
) -> Tensor:
    """Integrate along `dim` by the trapezoidal rule, as `torch.trapezoid`."""

def triangular_solve(
    b: Tensor,
    A: Tensor,
    upper: _bool = True,
    transpose: _bool = False,
    unitriangular: _bool = False,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.triangular_solve:
    """Solve `A X = b` with a triangular `A`, as `torch.triangular_solve`."""

def tril(input: Tensor, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The part of matrices on and below a diagonal, zero above, as `torch.tril`."""

def tril_indices(
    row: _int,
    col: _int,
    offset: _int = 0,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """Where the lower triangle of a matrix is, `(2, n)`, as `torch.tril_indices`."""

def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: _float = 1.0,
    p: _float = 2,
    eps: _float = 1e-06,
    swap: _bool = False,
    reduction: _int = 0,
) -> Tensor:
    """Triplet margin loss; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""

def triu(input: Tensor, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The part of matrices on and above a diagonal, zero below, as `torch.triu`."""

def triu_indices(
    row: _int,
    col: _int,
    offset: _int = 0,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """Where the upper triangle of a matrix is, `(2, n)`, as `torch.triu_indices`."""

def true_divide(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Compute `input / other`, as `torch.true_divide`."""

def trunc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Round towards 0, as `torch.trunc`."""

def trunc_(input: Tensor) -> Tensor:
    """`trunc`, written into this tensor, which is returned."""

uint1: dtype
uint16: dtype
uint2: dtype
uint3: dtype
uint32: dtype
uint4: dtype
uint5: dtype
uint6: dtype
uint64: dtype
uint7: dtype
uint8: dtype

def unbind(input: Tensor, dim: _int = 0) -> tuple[Tensor, ...]:
    """The slices at all indices of a dimension, as `torch.unbind`."""

def unbind_copy(
    input: Tensor, dim: _int = 0, *, out: tuple[Tensor, ...] | None = None
) -> tuple[Tensor, ...]:
    """`unbind` with memory of its own."""

def unflatten(input: Tensor, dim: _int, sizes: Sequence[_int]) -> Tensor:
    """Make several dimensions of one, as `torch.unflatten`."""

def unfold_copy(
    input: Tensor, dimension: _int, size: _int, step: _int, *, out: Tensor | None = None
) -> Tensor:
    """`unfold` with memory of its own."""

@overload
def unique(
    input: Tensor,
    sorted: _bool = True,
    return_inverse: Literal[False] = False,
    return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> Tensor:
    """Find the distinct elements, or slices along `dim`, in order, as `torch.unique`."""

@overload
def unique(
    input: Tensor,
    sorted: _bool = True,
    *,
    return_inverse: Literal[True],
    return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> tuple[Tensor, Tensor]: ...
@overload
def unique(
    input: Tensor,
    sorted: _bool = True,
    return_inverse: Literal[False] = False,
    *,
    return_counts: Literal[True],
    dim: _int | None = None,
) -> tuple[Tensor, Tensor]: ...
@overload
def unique(
    input: Tensor,
    sorted: _bool = True,
    *,
    return_inverse: Literal[True],
    return_counts: Literal[True],
    dim: _int | None = None,
) -> tuple[Tensor, Tensor, Tensor]: ...
@overload
def unique(
    input: Tensor,
    sorted: _bool = True,
    return_inverse: _bool = False,
    return_counts: _bool = False,
    dim: _int | None = None,
) -> Tensor | tuple[Tensor, Tensor] | tuple[Tensor, Tensor, Tensor]: ...
@overload
def unique_consecutive(
    input: Tensor,
    return_inverse: Literal[False] = False,
    return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> Tensor:
    """Keep the first of equal neighbours, as `torch.unique_consecutive`."""

@overload
def unique_consecutive(
    input: Tensor,
    *,
    return_inverse: Literal[True],
    return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> tuple[Tensor, Tensor]: ...
@overload
def unique_consecutive(
    input: Tensor,
    return_inverse: Literal[False] = False,
    *,
    return_counts: Literal[True],
    dim: _int | None = None,
) -> tuple[Tensor, Tensor]: ...
@overload
def unique_consecutive(
    input: Tensor,
    *,
    return_inverse: Literal[True],
    return_counts: Literal[True],
    dim: _int | None = None,
) -> tuple[Tensor, Tensor, Tensor]: ...
@overload
def unique_consecutive(
    input: Tensor,
    return_inverse: _bool = False,
    return_counts: _bool = False,
    dim: _int | None = None,
) -> Tensor | tuple[Tensor, Tensor] | tuple[Tensor, Tensor, Tensor]: ...
def unravel_index(
    indices: Tensor, shape: Sequence[_int], *, out: tuple[Tensor, ...] | None = None
) -> tuple[Tensor, ...]:
    """The index in each dimension of flat indices, as in PyTorch."""

def unsafe_chunk(input: Tensor, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """`chunk`, of which the parts may be written to."""

def unsafe_split(tensor: Tensor, split_size: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """`split`, of which the parts may be written to."""

def unsafe_split_with_sizes(
    input: Tensor, split_sizes: Sequence[_int], dim: _int = 0
) -> tuple[Tensor, ...]:
    """`split_with_sizes`, of which the parts may be written to."""

def unsqueeze(input: Tensor, dim: _int) -> Tensor:
    """Put in a dimension of size 1, as `torch.unsqueeze`."""

def unsqueeze_copy(input: Tensor, dim: _int, *, out: Tensor | None = None) -> Tensor:
    """`unsqueeze` with memory of its own."""

def values_copy(input: Tensor) -> Tensor:
    """A copy of the tensor's `values()`, as `torch.values_copy`."""

def vander(
    x: Tensor,
    N: _int | None = None,
    increasing: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The powers of a vector as columns, the highest first, as `torch.vander`."""

def var(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    unbiased: _bool = True,
    keepdim: _bool = False,
    *,
    correction: _float | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the variance along `dim`, or of all, as `torch.var`."""

def var_mean(
    input: Tensor,
    dim: _int | Sequence[_int] | None = None,
    unbiased: _bool = True,
    keepdim: _bool = False,
    *,
    correction: _float | None = None,
    out: tuple[Tensor, ...] | None = None,
) -> tuple[Tensor, Tensor]:
    """Compute variance and mean along `dim`, or of all, as `torch.var_mean`."""

def vdot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inner product of the conjugate with a vector, as `torch.vdot`."""

def vecdot(
    x: Tensor, y: Tensor, *, dim: _int = -1, out: Tensor | None = None
) -> Tensor:
    """Sum `conj(x) * y` over a dimension, as `torch.linalg.vecdot`."""

def view_as_complex(input: Tensor) -> Tensor:
    """Complex numbers of a dimension of two at the end, as `torch.view_as_complex`."""

def view_as_complex_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`view_as_complex` with memory of its own."""

def view_as_real(input: Tensor) -> Tensor:
    """Real and imaginary parts in a dimension at the end, as `torch.view_as_real`."""

def view_as_real_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`view_as_real` with memory of its own."""

@overload
def view_copy(
    input: Tensor, size: Sequence[_int], *, out: Tensor | None = None
) -> Tensor:
    """`view` with memory of its own."""

@overload
def view_copy(input: Tensor, *size: _int, out: Tensor | None = None) -> Tensor: ...
@overload
def view_copy(input: Tensor, dtype: dtype, *, out: Tensor | None = None) -> Tensor: ...
@overload
def vsplit(
    input: Tensor, indices_or_sections: _int | Sequence[_int] | Tensor
) -> tuple[Tensor, ...]:
    """Parts along dimension 0, as `torch.vsplit`."""

@overload
def vsplit(input: Tensor, *, sections: _int) -> tuple[Tensor, ...]: ...
@overload
def vsplit(input: Tensor, *, indices: Sequence[_int]) -> tuple[Tensor, ...]: ...
def vstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors one below the other, as `torch.vstack`."""

@overload
def where(condition: Tensor) -> tuple[Tensor, ...]:
    """`input` where the condition holds, else `other`, as `torch.where`."""

@overload
def where(
    condition: Tensor,
    input: TensorLike,
    other: TensorLike,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def xlogy(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Compute `input * log(other)`, 0 where `input` is 0, as `torch.xlogy`."""

def xlogy_(input: Tensor | Scalar, other: TensorLike) -> Tensor:
    """`xlogy`, written into this tensor, which is returned."""

def zero_(input: Tensor) -> Tensor:
    """Set all elements to zero, as `Tensor.zero_`."""

@overload
def zeros(
    size: Sequence[_int],
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """A tensor of zeros, as `torch.zeros`: of sizes, or a tuple of them."""

@overload
def zeros(
    *size: _int,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor: ...
def zeros_like(
    input: Tensor,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    requires_grad: _bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """`torch.zeros` in the shape, dtype and on the device of another tensor."""
