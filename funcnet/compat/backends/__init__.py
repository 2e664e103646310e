"""Settings of PyTorch's backends, as `torch.backends`.

XLA compiles everything; it has no switch for these libraries, and what is asked of
them is answered truthfully: they are not there.
"""

from funcnet.compat.backends import (
    cpu,
    cuda,
    cudnn,
    mha,
    mkl,
    mkldnn,
    mps,
    openmp,
    opt_einsum,
)

__all__ = [
    "cpu",
    "cuda",
    "cudnn",
    "mha",
    "mkl",
    "mkldnn",
    "mps",
    "openmp",
    "opt_einsum",
]
