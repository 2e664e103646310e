"""Rows of tables, and one-hot rows."""

from typing import Any

import numpy as np

from funcnet import functional as F
from funcnet._errors import InputTypeError
from funcnet._types import Array
from funcnet.compat._autograd.node import CustomNode
from funcnet.compat._core.context import is_grad_recorded, no_grad
from funcnet.compat._messages.translate import to_pytorch_error
from funcnet.compat._ops.index.bounds import check_places, host_values, outside_self
from funcnet.compat._ops.registry import recorded, register
from funcnet.compat._ops.sparse.tensor import sparse as listed_values
from funcnet.compat._ops.writing import check_writable
from funcnet.compat._tensor.grad_graph import gradient_edge
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.transform_levels import refuse_mapped
from funcnet.functional._embedding.embedding import look_up


@recorded("nn.functional.embedding")
def _embedding(
    input: Array, weight: Array, padding_idx: int | None, scale_grad_by_freq: bool
) -> Any:
    return F.embedding(
        input, weight, padding_idx, scale_grad_by_freq=scale_grad_by_freq
    )


@register("nn.functional.embedding")
def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Look up rows of a table, as `torch.nn.functional.embedding`.

    With `max_norm` the rows that are looked up are shrunk in the table itself; with
    `sparse` the gradient of a table that is a leaf is a sparse tensor.
    """
    check_indices("embedding", input, weight._spec.shape)
    if max_norm is not None:
        shrink_rows(weight, input, max_norm, norm_type)
    if sparse and weight.is_leaf and weight.requires_grad and is_grad_recorded():
        return _with_sparse_gradient(input, weight, padding_idx, scale_grad_by_freq)
    result: Tensor = _embedding(input, weight, padding_idx, scale_grad_by_freq)
    return result


def _with_sparse_gradient(
    input: Tensor, weight: Tensor, padding_idx: int | None, scaled: bool
) -> Tensor:
    rows, width = weight.shape
    padding = padding_idx if padding_idx is None else padding_idx % rows

    def pull(grads: list[Any]) -> list[Any]:
        if scaled:
            raise RuntimeError(
                "embedding_backward: scale_grad_by_freq not supported with sparse "
                "gradients"
            )
        indices = np.asarray(input._array(), np.int64).reshape(-1)
        values = grads[0].reshape(-1, width)
        if padding is not None:
            kept = np.flatnonzero(indices != padding)
            indices, values = indices[kept], values.index_select(0, from_array(kept))
        listed = from_array(indices[None], weight.device)
        return [listed_values(listed, values, weight.shape, False)]

    with no_grad():
        result: Tensor = _embedding(input, weight, padding_idx, False)
    result._set_grad_fn(
        CustomNode("EmbeddingBackward0", pull, (gradient_edge(weight),), 1)
    )
    return result


@register("embedding", method=False)
def _torch_embedding(
    weight: Tensor,
    indices: Tensor,
    padding_idx: int = -1,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """As `torch.embedding`, where the table comes first and -1 means no padding."""
    padding = padding_idx if padding_idx >= 0 else None
    return embedding(
        *(indices, weight, padding),
        scale_grad_by_freq=scale_grad_by_freq,
        sparse=sparse,
    )


def check_indices(name: str, input: Tensor, table: tuple[int, ...]) -> None:
    """Raise what PyTorch raises for indices that do not fit a table of this shape."""
    if input.dtype.name not in ("int64", "int32"):
        facts = {"what": "input", "dtype": input.dtype}
        raise to_pytorch_error(InputTypeError("indices", name=name, **facts))
    if len(table) != 2:
        return  # the operation says so

    def of_bags(wrong: int) -> Exception:
        values = host_values(input)
        index = "" if values is None else f"{int(np.argmax(values == wrong))} "
        return RuntimeError(
            f"Index {index}of input takes value {wrong} which is not in the valid "
            f"range [0, {table[0]})"
        )

    check_places(input, table[0], of_bags if "bag" in name else outside_self)


@recorded("nn.functional.embedding_renorm")
def _renormed(input: Array, weight: Array, max_norm: float, norm_type: float) -> Any:
    return weight.at[input].set(look_up(input, weight, max_norm, norm_type))


@register("embedding_renorm_", method=False)
def embedding_renorm_(
    input: Tensor, indices: Tensor, max_norm: float, norm_type: float
) -> Tensor:
    """Shrink the rows of a table that are looked up, as `torch.embedding_renorm_`."""
    check_writable(input)
    return shrink_rows(input, indices, max_norm, norm_type)


@no_grad()
def shrink_rows(
    weight: Tensor, indices: Tensor, max_norm: float, norm_type: float
) -> Tensor:
    """Shrink rows in the table itself, past the gradient, which is as if they were."""
    new = _renormed(indices, weight, float(max_norm), float(norm_type))
    weight._write(new._value())
    return weight


@recorded("nn.functional.embedding_bag")
def _embedding_bag(
    input: Array,
    weight: Array,
    offsets: Array | None,
    per_sample_weights: Array | None,
    scale_grad_by_freq: bool,
    mode: str,
    include_last_offset: bool,
    padding_idx: int | None,
) -> Any:
    return F.embedding_bag(
        input,
        weight,
        offsets,
        scale_grad_by_freq=scale_grad_by_freq,
        mode=mode,
        per_sample_weights=per_sample_weights,
        include_last_offset=include_last_offset,
        padding_idx=padding_idx,
    )


@register("nn.functional.embedding_bag")
def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """Reduce bags of rows of a table, as `torch.nn.functional.embedding_bag`."""
    check_indices("embedding_bag", input, weight._spec.shape)
    if max_norm is not None:
        shrink_rows(weight, input, max_norm, norm_type)
    result: Tensor = _embedding_bag(
        input,
        weight,
        offsets,
        per_sample_weights,
        scale_grad_by_freq,
        mode,
        include_last_offset,
        padding_idx,
    )
    return result


def _no_class(wrong: int) -> Exception:
    what = "non-negative" if wrong < 0 else "smaller than num_classes"
    return RuntimeError(f"Class values must be {what}.")


@recorded("nn.functional.one_hot")
def _one_hot(tensor: Array, num_classes: int) -> Any:
    return F.one_hot(tensor, num_classes)


@register("nn.functional.one_hot")
def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Write indices as rows of zeros with a one, as `torch.nn.functional.one_hot`."""
    if tensor.dtype.name != "int64":
        facts = {"what": "tensor", "dtype": tensor.dtype}
        raise to_pytorch_error(InputTypeError("indices", name="one_hot", **facts))
    if num_classes == -1:
        refuse_mapped(
            tensor,
            "When vmap-ing torch.nn.functional.one_hot, please provide an explicit "
            "positive num_classes argument.",
        )
    if num_classes == -1 and tensor.shape.numel():
        num_classes = int(np.asarray(tensor._array()).max()) + 1
    elif num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    check_places(tensor, num_classes, _no_class)
    result: Tensor = _one_hot(tensor, num_classes)
    return result
