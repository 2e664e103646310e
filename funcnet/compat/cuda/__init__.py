"""GPUs, as `torch.cuda`: those that JAX has."""

from typing import Any

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.device import gpus, jax_device, resolve_device
from funcnet.compat._core.device_errors import AcceleratorError, OutOfMemoryError
from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.refused import refused_function
from funcnet.compat._messages.refused_names import refused_here
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._ops.registry import FUNCTIONS
from funcnet.compat._profiling import streams as _streams
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.cuda import amp, memory, nvtx, random, streams
from funcnet.compat.cuda._properties import DeviceProperties
from funcnet.compat.cuda.memory import *
from funcnet.compat.cuda.random import *
from funcnet.compat.cuda.streams import *
from funcnet.compat.cuda.streams import StreamContext

default_generators: tuple[Any, ...] = ()
_PROFILER = ("init", "profile", "start", "stop")
_TRACE = "record with torch.profiler.profile(), or jax.profiler.trace(folder)"
_SPARSE = ("Byte", "Char", "Double", "Float", "Half", "Int", "Long", "Short")
_COORDINATES = "use torch.sparse_coo_tensor(indices, values, device='cuda')"
has_half = True
has_magma = False


def is_available() -> bool:
    """Return whether JAX has a GPU."""
    return bool(gpus())


def is_initialized() -> bool:
    """Return whether JAX has a GPU."""
    return bool(gpus())


def init() -> None:
    """Raise without a GPU; JAX has initialised it."""
    resolve_device("cuda")


def device_count() -> int:
    """Return the number of GPUs that JAX has."""
    return len(gpus())


def current_device() -> int:
    """Return the index of the GPU that "cuda" means."""
    resolve_device("cuda")
    return 0


def set_device(device: DeviceLike) -> None:
    """Set the current GPU, which can only be the first one."""
    if resolve_device(_named(device)).index:
        raise RuntimeError(
            'There is no current device here but the first: write x.to("cuda:1").'
        )


def _named(device: DeviceLike | None) -> Any:
    if device is None:
        return "cuda"
    return f"cuda:{device}" if isinstance(device, int) else device


@explains_keywords
class device:  # noqa: N801 - PyTorch's name
    """Select a GPU in a `with` block: only the first one, -1 or None."""

    def __init__(self, device: DeviceLike) -> None:
        self.wanted = device

    def __enter__(self) -> None:
        if self.wanted is not None and self.wanted != -1:
            set_device(self.wanted)

    def __exit__(self, *error: object) -> None:
        return


@explains_keywords
class device_of(device):  # noqa: N801
    """Select the GPU of a tensor in a `with` block; nothing on the CPU."""

    def __init__(self, obj: Tensor) -> None:
        super().__init__(obj.device if obj.is_cuda else -1)


def get_device_name(device: DeviceLike | None = None) -> str:
    """Return the name of a GPU."""
    return str(jax_device(resolve_device(_named(device))).device_kind)


def get_device_capability(device: DeviceLike | None = None) -> tuple[int, int]:
    """Return the compute capability of a GPU."""
    result = get_device_properties(device)
    return result.major, result.minor


def get_device_properties(device: DeviceLike | None = None) -> DeviceProperties:
    """Return the properties of a GPU: its name, capability, memory, processors."""
    return DeviceProperties.of(jax_device(resolve_device(_named(device))))


def synchronize(device: DeviceLike | None = None) -> None:
    """Run all pending operations and wait for them."""
    resolve_device(_named(device))
    _streams.synchronize()


def ipc_collect() -> None:
    """Do nothing: memory is not shared with other processes."""
    resolve_device("cuda")


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Return whether the GPU computes with bfloat16."""
    return is_available()


def is_tf32_supported() -> bool:
    """Return whether the GPU has TF32, as those of capability 8 and above."""
    return is_available() and get_device_capability()[0] >= 8


@explains_keywords
def can_device_access_peer(device: DeviceLike, peer_device: DeviceLike) -> bool:
    """Return whether JAX moves arrays between two GPUs: it does."""
    for one in (device, peer_device):
        resolve_device(_named(one))
    return True


def get_arch_list() -> list[str]:
    """Return the architectures of the GPUs."""
    result = {get_device_capability(place) for place in range(device_count())}
    return [f"sm_{major}{minor}" for major, minor in sorted(result)]


def is_current_stream_capturing() -> bool:
    """Return False: XLA makes CUDA graphs of programs itself."""
    return False


class CudaError(RuntimeError):
    """The error of a call of CUDA's, by its code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"CUDA error ({code})")


class DeferredCudaCallError(Exception):
    """The error of a call that waited for CUDA; nothing raises it here."""


class cudaStatus:  # noqa: N801 - PyTorch's name
    """Codes of CUDA's calls."""

    SUCCESS = 0
    ERROR_NOT_READY = 34


def check_error(res: int) -> None:
    """Raise CudaError if a code is not that of success."""
    if res != cudaStatus.SUCCESS:
        raise CudaError(res)


def get_gencode_flags() -> str:
    """Return an empty text: XLA compiles for the GPU that is there."""
    return ""


def get_sync_debug_mode() -> int:
    """Return 0: waiting for the GPU is not noted; without one, raise."""
    resolve_device("cuda")
    return 0


def set_sync_debug_mode(debug_mode: int | str) -> None:
    """Accepted with 0; without a GPU, raise.

    Raises:
        NotImplementedError: another mode; torch.compiler.report() tells what waits.
    """
    resolve_device("cuda")
    if debug_mode not in (0, "default"):
        raise NotImplementedError(
            "torch.cuda.set_sync_debug_mode: what waits for the GPU is told by "
            "torch.compiler.report()"
        )


def _dense_on_gpu(name: str) -> Any:
    """The constructor `torch.cuda.FloatTensor` and its kin."""

    def make(*data: Any) -> Any:
        return FUNCTIONS[name](*data).cuda()

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"A tensor on the GPU, as `torch.{name}`."
    return make


graphs = show_as(
    f"{__name__}.graphs",
    {
        "is_current_stream_capturing": is_current_stream_capturing,
        **{
            name: refused_here("cuda", name)
            for name in ("CUDAGraph", "graph", "make_graphed_callables")
        },
    },
)
comm, jiterator, nccl, tunable = (
    show_as(f"{__name__}.{part}", {})
    for part in ("comm", "jiterator", "nccl", "tunable")
)
profiler = show_as(
    f"{__name__}.profiler",
    {name: refused_function(f"cuda.profiler.{name}", _TRACE) for name in _PROFILER},
)
sparse = show_as(
    f"{__name__}.sparse",
    {
        f"{kind}Tensor": refused_function(f"cuda.sparse.{kind}Tensor", _COORDINATES)
        for kind in _SPARSE
    },
)


def __getattr__(name: str) -> Any:
    """Return the constructors `torch.cuda.FloatTensor` and its kin."""
    if name.endswith("Tensor") and name in FUNCTIONS:
        return _dense_on_gpu(name)
    return missing(name, __all__, "cuda")


__all__ = [
    "AcceleratorError",
    "CudaError",
    "DeferredCudaCallError",
    "DeviceProperties",
    "OutOfMemoryError",
    "StreamContext",
    "amp",
    "can_device_access_peer",
    "check_error",
    "cudaStatus",
    "current_device",
    "default_generators",
    "device",
    "device_count",
    "device_of",
    "get_arch_list",
    "get_device_capability",
    "get_device_name",
    "get_device_properties",
    "get_gencode_flags",
    "get_sync_debug_mode",
    "graphs",
    "has_half",
    "has_magma",
    "init",
    "ipc_collect",
    "is_available",
    "is_bf16_supported",
    "is_current_stream_capturing",
    "is_initialized",
    "is_tf32_supported",
    "jiterator",
    "memory",
    "nvtx",
    "profiler",
    "random",
    "set_device",
    "set_sync_debug_mode",
    "sparse",
    "streams",
    "synchronize",
    "tunable",
]
__all__ += memory.__all__
__all__ += random.__all__
__all__ += streams.__all__
