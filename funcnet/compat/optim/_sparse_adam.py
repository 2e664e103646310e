"""Adam for sparse gradients, whose steps touch some rows of a table alone."""

import math
from typing import Any

from funcnet.compat._tensor.tensor import Tensor


def update_rows(
    p: Tensor, grad: Tensor, state: dict[str, Any], group: dict[str, Any]
) -> None:
    """Update the rows of `p` that the gradient lists, and their moments, in place.

    Raises:
        RuntimeError: the gradient is dense.
        NotImplementedError: it lists elements, not rows.
    """
    if not grad._sparse:
        raise RuntimeError(
            "SparseAdam does not support dense gradients, please consider Adam instead"
        )
    if not state:
        state["step"] = 0
        state["exp_avg"] = p.detach() * 0
        state["exp_avg_sq"] = p.detach() * 0
    state["step"] += 1
    grad = grad.coalesce()
    if not grad._nnz():
        return
    if grad.sparse_dim() != 1:
        raise NotImplementedError(
            "SparseAdam: gradients list rows of a table, as nn.Embedding's do"
        )
    rows, values = grad.indices()[0], grad.values()
    values = -values if group["maximize"] else values
    beta1, beta2 = group["betas"]
    first, second = state["exp_avg"], state["exp_avg_sq"]
    mean = first[rows] + (values - first[rows]) * (1 - beta1)
    square = second[rows] + (values**2 - second[rows]) * (1 - beta2)
    first[rows], second[rows] = mean, square
    corrected = math.sqrt(1 - beta2 ** state["step"]) / (1 - beta1 ** state["step"])
    change = mean / (square.sqrt() + group["eps"]) * (group["lr"] * corrected)
    p.index_add_(0, rows, -change)
