"""CUDA settings, as `torch.backends.cuda`.

How exact products of float32 are is `torch.set_float32_matmul_precision`.
"""

import contextlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from funcnet.compat._messages.unsupported import missing

matmul = SimpleNamespace(
    allow_tf32=False,
    allow_fp16_reduced_precision_reduction=False,
    allow_bf16_reduced_precision_reduction=False,
)
_attention = {"flash": True, "mem_efficient": True, "math": True, "cudnn": True}


def is_built() -> bool:
    """Return False: this is not built with CUDA; JAX may have GPUs all the same."""
    return False


def _pair(name: str) -> tuple[Any, Any]:
    """Return the setter and the getter of an attention backend's switch."""

    def enable(enabled: bool) -> None:
        _attention[name] = bool(enabled)

    def is_enabled() -> bool:
        return _attention[name]

    enable.__name__, is_enabled.__name__ = f"enable_{name}_sdp", f"{name}_sdp_enabled"
    enable.__doc__ = "Accepted: XLA chooses how attention is computed."
    is_enabled.__doc__ = "What was set."
    return enable, is_enabled


enable_flash_sdp, flash_sdp_enabled = _pair("flash")
enable_mem_efficient_sdp, mem_efficient_sdp_enabled = _pair("mem_efficient")
enable_math_sdp, math_sdp_enabled = _pair("math")
enable_cudnn_sdp, cudnn_sdp_enabled = _pair("cudnn")


def is_flash_attention_available() -> bool:
    """Return False: XLA chooses how attention is computed."""
    return False


@contextlib.contextmanager
def sdp_kernel(
    enable_flash: bool = True,
    enable_math: bool = True,
    enable_mem_efficient: bool = True,
    enable_cudnn: bool = True,
) -> Iterator[None]:
    """Do nothing in a `with` block: XLA chooses how attention is computed."""
    before = dict(_attention)
    _attention.update(
        flash=enable_flash,
        math=enable_math,
        mem_efficient=enable_mem_efficient,
        cudnn=enable_cudnn,
    )
    try:
        yield
    finally:
        _attention.update(before)


def preferred_linalg_library(backend: str | None = None) -> str:
    """Return the default: XLA uses its own library."""
    return "default"


_half_sums = False


def allow_fp16_bf16_reduction_math_sdp(enabled: bool) -> None:
    """Accepted: attention adds up in float32."""
    global _half_sums
    _half_sums = bool(enabled)


def fp16_bf16_reduction_math_sdp_allowed() -> bool:
    """Return what was set."""
    return _half_sums


class SDPAParams:
    """The arguments of attention, about which one may ask what can compute them."""

    def __init__(
        self,
        query: object,
        key: object,
        value: object,
        attn_mask: object,
        dropout: float,
        is_causal: bool,
        enable_gqa: bool = False,
    ) -> None:
        self.query, self.key, self.value = query, key, value
        self.attn_mask, self.dropout = attn_mask, dropout
        self.is_causal, self.enable_gqa = is_causal, enable_gqa


def can_use_flash_attention(params: SDPAParams, debug: bool = False) -> bool:
    """Return False: XLA chooses how attention is computed."""
    return False


def can_use_efficient_attention(params: SDPAParams, debug: bool = False) -> bool:
    """Return False: XLA chooses how attention is computed."""
    return False


def can_use_cudnn_attention(params: SDPAParams, debug: bool = False) -> bool:
    """Return False: XLA chooses how attention is computed."""
    return False


def is_ck_sdpa_available() -> bool:
    """Return False."""
    return False


def blas_workspace_size(size: int | None = None, backend: object = None) -> int:
    """Return 0: XLA looks after its workspaces."""
    return 0


def cublas_workspace_size(size: int | None = None) -> int:
    """Return 0: XLA looks after its workspaces."""
    return 0


def cublaslt_workspace_size(size: int | None = None) -> int:
    """Return 0: XLA looks after its workspaces."""
    return 0


def preferred_blas_library(backend: object = None) -> str:
    """Return the default: XLA chooses its library."""
    return "default"


def preferred_rocm_fa_library(backend: object = None) -> str:
    """Return the default: XLA chooses how attention is computed."""
    return "default"


class _Plans:
    """Plans of Fourier transforms: XLA keeps its own, which have no settings here."""

    size, max_size = 0, 0

    def clear(self) -> None:
        """Do nothing: XLA keeps its own plans."""

    def __getitem__(self, device: object) -> "_Plans":
        return self


cufft_plan_cache = _Plans()


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "backends.cuda")


__all__ = [
    "SDPAParams",
    "allow_fp16_bf16_reduction_math_sdp",
    "blas_workspace_size",
    "can_use_cudnn_attention",
    "can_use_efficient_attention",
    "can_use_flash_attention",
    "cublas_workspace_size",
    "cublaslt_workspace_size",
    "cudnn_sdp_enabled",
    "cufft_plan_cache",
    "enable_cudnn_sdp",
    "enable_flash_sdp",
    "enable_math_sdp",
    "enable_mem_efficient_sdp",
    "flash_sdp_enabled",
    "fp16_bf16_reduction_math_sdp_allowed",
    "is_built",
    "is_ck_sdpa_available",
    "is_flash_attention_available",
    "math_sdp_enabled",
    "matmul",
    "mem_efficient_sdp_enabled",
    "preferred_blas_library",
    "preferred_linalg_library",
    "preferred_rocm_fa_library",
    "sdp_kernel",
]
