"""Functions of tensors that PyTorch writes in Python, as `torch.functional`."""

import funcnet.compat as torch

Tensor = torch.Tensor
_NAMES = (
    *("atleast_1d", "atleast_2d", "atleast_3d", "block_diag", "broadcast_shapes"),
    *("broadcast_tensors", "cartesian_prod", "cdist", "chain_matmul", "einsum"),
    *("istft", "lu", "meshgrid", "norm", "pca_lowrank", "split", "stft"),
    *("svd_lowrank", "tensordot", "unique", "unique_consecutive", "unravel_index"),
)
globals().update({name: getattr(torch, name) for name in _NAMES})
__all__ = [*_NAMES]
