"""Functions of `torch.nn.functional` as `torch` has them, with other arguments.

`torch.kl_div` and the like take the number of a reduction, none by default;
`torch.convolution` takes all convolutions.
"""

from collections.abc import Sequence
from typing import Any, Final

from funcnet.compat._core.annotations import DType
from funcnet.compat._ops.nn.embeddings import embedding_bag as _embedding_bag
from funcnet.compat._ops.registry import FUNCTIONS, register
from funcnet.compat._tensor.tensor import Tensor

_REDUCTIONS: Final = ("none", "mean", "sum")
_MODES: Final = ("sum", "mean", "max")


def _named(reduction: int) -> str:
    if reduction not in range(3):
        raise RuntimeError(f"{reduction} is not a valid value for reduction: 0, 1 or 2")
    return _REDUCTIONS[reduction]


def _call(name: str, *args: object, **kwargs: object) -> Any:
    return FUNCTIONS[f"nn.functional.{name}"](*args, **kwargs)


@register("binary_cross_entropy_with_logits", method=False)
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    pos_weight: Tensor | None = None,
    reduction: int = 0,
) -> Tensor:
    """Binary cross-entropy of logits; `reduction` is 0 (none), 1 (mean) or 2 (sum).

    Equals `torch.binary_cross_entropy_with_logits`.
    """
    settings = {"weight": weight, "pos_weight": pos_weight}
    name = "binary_cross_entropy_with_logits"
    return _call(  # type: ignore[no-any-return]
        name, input, target, reduction=_named(reduction), **settings
    )


@register("cosine_embedding_loss", method=False)
def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0.0,
    reduction: int = 0,
) -> Tensor:
    """Cosine embedding loss; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""
    return _call(  # type: ignore[no-any-return]
        *("cosine_embedding_loss", input1, input2, target, margin),
        reduction=_named(reduction),
    )


@register("hinge_embedding_loss", method=False)
def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: float = 1.0, reduction: int = 0
) -> Tensor:
    """Hinge embedding loss; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""
    return _call(  # type: ignore[no-any-return]
        *("hinge_embedding_loss", input, target, margin), reduction=_named(reduction)
    )


@register("kl_div", method=False)
def kl_div(
    input: Tensor, target: Tensor, reduction: int = 0, *, log_target: bool = False
) -> Tensor:
    """Kullback-Leibler divergence; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""
    loss = _call("kl_div", input, target, reduction="none", log_target=log_target)
    if reduction == 1:
        return loss.mean()  # type: ignore[no-any-return]
    return loss.sum() if _named(reduction) == "sum" else loss


@register("margin_ranking_loss", method=False)
def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0.0,
    reduction: int = 0,
) -> Tensor:
    """Margin ranking loss; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""
    return _call(  # type: ignore[no-any-return]
        *("margin_ranking_loss", input1, input2, target, margin),
        reduction=_named(reduction),
    )


@register("poisson_nll_loss", method=False)
def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool,
    full: bool,
    eps: float,
    reduction: int,
) -> Tensor:
    """Poisson loss; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""
    return _call(  # type: ignore[no-any-return]
        *("poisson_nll_loss", input, target),
        log_input=log_input,
        full=full,
        eps=eps,
        reduction=_named(reduction),
    )


@register("triplet_margin_loss", method=False)
def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: int = 0,
) -> Tensor:
    """Triplet margin loss; `reduction` is 0 (none), 1 (mean) or 2 (sum)."""
    return _call(  # type: ignore[no-any-return]
        *("triplet_margin_loss", anchor, positive, negative),
        margin=margin,
        p=p,
        eps=eps,
        swap=swap,
        reduction=_named(reduction),
    )


@register("convolution", method=False)
def convolution(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
) -> Tensor:
    """Convolution of one, two or three dimensions, or its transpose.

    Equals `torch.convolution`.
    """
    dims = weight.ndim - 2
    if dims not in (1, 2, 3):
        raise RuntimeError(
            f"weight should have at least three dimensions, got {weight.ndim}"
        )
    if transposed:
        return _call(  # type: ignore[no-any-return]
            *(f"conv_transpose{dims}d", input, weight, bias, stride, padding),
            *(output_padding, groups, dilation),
        )
    return _call(  # type: ignore[no-any-return]
        f"conv{dims}d", input, weight, bias, stride, padding, dilation, groups
    )


@register("affine_grid_generator", method=False)
def affine_grid_generator(
    theta: Tensor, size: Sequence[int], align_corners: bool
) -> Tensor:
    """The grid of an affine map, as `torch.nn.functional.affine_grid`."""
    return _call("affine_grid", theta, size, align_corners)  # type: ignore[no-any-return]


@register("max_pool1d_with_indices", method=False)
def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: object,
    stride: object = (),
    padding: object = 0,
    dilation: object = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, Tensor]:
    """Largest elements of windows, and where they stand."""
    steps = None if stride == () else stride
    return _call(  # type: ignore[no-any-return]
        *("max_pool1d", input, kernel_size, steps, padding, dilation, ceil_mode),
        return_indices=True,
    )


@register("native_dropout", method=False)
def native_dropout(
    input: Tensor, p: float, train: bool | None
) -> tuple[Tensor, Tensor]:
    """Dropout, and which elements it kept, as `torch.native_dropout`."""
    ones = FUNCTIONS["ones_like"](input)
    if train is False or not p:
        return input.clone(), ones.bool()
    kept = ones.bool().bernoulli_(1 - p)
    scale = 1 / (1 - p) if p < 1 else 0.0
    return input * kept * scale, kept


@register("frobenius_norm", method=False)
def frobenius_norm(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The root of the sum of squares over dimensions; over all if none is given."""
    dims = dim if isinstance(dim, int) or dim else None
    return FUNCTIONS["linalg.vector_norm"](  # type: ignore[no-any-return]
        input, 2, dims, keepdim
    )


@register("nuclear_norm", method=False)
def nuclear_norm(
    input: Tensor, dim: Sequence[int] = (-2, -1), keepdim: bool = False
) -> Tensor:
    """The sum of the singular values, as `torch.nuclear_norm`."""
    if isinstance(dim, bool):  # nuclear_norm(x, keepdim)
        dim, keepdim = (-2, -1), dim
    return FUNCTIONS["linalg.matrix_norm"](  # type: ignore[no-any-return]
        input, "nuc", tuple(dim), keepdim
    )


@register("native_norm", method=False)
def native_norm(input: Any, p: float = 2) -> Tensor:
    """The norm of a sparse tensor's elements, as `torch.native_norm`."""
    if not input._sparse:
        raise NotImplementedError(
            "Could not run 'aten::native_norm' with arguments from the 'CPU' backend. "
            "Use x.norm(p)."
        )
    return input.norm(p)  # type: ignore[no-any-return]


@register("batch_norm_update_stats", method=False)
def batch_norm_update_stats(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    momentum: float,
) -> tuple[Tensor, Tensor]:
    """Mean and variance by channel; running statistics move towards them."""
    dims = [0, *range(2, input.ndim)]
    mean, var = input.mean(dims), input.var(dims, correction=0)
    count = input.numel() // input.shape[1]
    if running_mean is not None:
        running_mean.copy_((1 - momentum) * running_mean + momentum * mean.detach())
    if running_var is not None:
        unbiased = var.detach() * (count / max(count - 1, 1))
        running_var.copy_((1 - momentum) * running_var + momentum * unbiased)
    return mean, var


@register("embedding_bag", method=False)
def embedding_bag(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    scale_grad_by_freq: bool = False,
    mode: int = 0,
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Bags of rows of a table, reduced; with the bag of each index and the sizes.

    Equals `torch.embedding_bag`. Where only sums are asked for, PyTorch notes no bags,
    and so does this.

    Args:
        mode: 0, the sum, 1, the mean, or 2, the greatest.
    """
    if mode not in range(3):
        raise RuntimeError(f"embedding_bag: mode {mode} is not 0, 1 or 2")
    if include_last_offset:
        indices = indices[: int(offsets[-1])]
    result = _embedding_bag(
        *(indices, weight, offsets, None, 2, scale_grad_by_freq, _MODES[mode], sparse),
        *(per_sample_weights, include_last_offset, padding_idx),
    )
    new = FUNCTIONS["tensor"]
    dtype = indices.dtype
    starts: list[int] = offsets.tolist()
    ends = [*starts[1:], indices.numel()]
    if include_last_offset:
        starts, ends = starts[:-1], ends[:-1]
    listed: list[int] = indices.tolist()
    bags = [range(a, b) for a, b in zip(starts, ends, strict=True)]
    nothing = [0] * len(offsets.tolist())
    if mode == 0:
        of = [bag for bag, one in enumerate(bags) for _ in one]
        noted = of if padding_idx is not None else []
        return (result, *(new(x, dtype=dtype) for x in (noted, nothing, nothing)))
    kept = [[i for i in one if listed[i] != padding_idx] for one in bags]
    of = [bag for bag, one in enumerate(bags) for _ in one]
    sizes = [len(one) for one in kept]
    most: Any = sizes
    if mode == 2:
        columns = weight.detach()
        most = [
            [
                listed[one[k]]
                for k in columns[[listed[i] for i in one]].argmax(0).tolist()
            ]
            if one
            else [-1] * weight.shape[1]
            for one in kept
        ]
    return (result, *(new(x, dtype=dtype) for x in (of, sizes, most)))


def _gates(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None,
    b_hh: Tensor | None,
) -> tuple[Tensor, Tensor]:
    return _call("linear", input, w_ih, b_ih), _call("linear", hx, w_hh, b_hh)


@register("lstm_cell", method=False)
def lstm_cell(
    input: Tensor,
    hx: Sequence[Tensor],
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM: the new hidden and cell states."""
    hidden, cell = hx
    mine, theirs = _gates(input, hidden, w_ih, w_hh, b_ih, b_hh)
    i, f, g, o = (mine + theirs).chunk(4, -1)
    new = f.sigmoid() * cell + i.sigmoid() * g.tanh()
    return o.sigmoid() * new.tanh(), new


@register("gru_cell", method=False)
def gru_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a GRU: the new hidden state."""
    mine, theirs = _gates(input, hx, w_ih, w_hh, b_ih, b_hh)
    (ir, iz, new), (hr, hz, hn) = mine.chunk(3, -1), theirs.chunk(3, -1)
    reset, update = (ir + hr).sigmoid(), (iz + hz).sigmoid()
    candidate = (new + reset * hn).tanh()
    return (hx - candidate) * update + candidate


@register("rnn_tanh_cell", method=False)
def rnn_tanh_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a recurrent network with tanh."""
    return sum(_gates(input, hx, w_ih, w_hh, b_ih, b_hh)).tanh()  # type: ignore


@register("rnn_relu_cell", method=False)
def rnn_relu_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a recurrent network with relu."""
    return sum(_gates(input, hx, w_ih, w_hh, b_ih, b_hh)).relu()  # type: ignore


@register("_is_all_true", method=False)
def _is_all_true(input: Tensor) -> Tensor:
    """Whether all elements are true, as a tensor."""
    return input.all()


@register("_shape_as_tensor", method=False)
def _shape_as_tensor(input: Tensor) -> Tensor:
    """The shape as a tensor of integers."""
    return FUNCTIONS["tensor"](list(input.shape))  # type: ignore[no-any-return]


@register("slice_copy", method=False)
def slice_copy(
    input: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Tensor:
    """A copy of a slice of a dimension, as `torch.slice_copy`."""
    if step <= 0:
        raise RuntimeError("slice step must be positive")
    lead = (slice(None),) * (dim % max(input.ndim, 1))
    return input[(*lead, slice(start, end, step))].clone()


@register("nn.functional.grouped_mm", "_grouped_mm", method=False)
def grouped_mm(
    mat_a: Tensor,
    mat_b: Tensor,
    *,
    offs: Tensor | None = None,
    bias: Tensor | None = None,
    out_dtype: DType | None = None,
) -> Tensor:
    """Multiply groups of rows, or of columns, each by a matrix of its own.

    Equals `torch.nn.functional.grouped_mm`. `offs` has where each group ends.

    Example:
        >>> import funcnet.compat as torch
        >>> x, w = torch.ones(3, 2), torch.stack([torch.eye(2), 2 * torch.eye(2)])
        >>> ends = torch.tensor([1, 3], dtype=torch.int32)
        >>> torch.nn.functional.grouped_mm(x, w, offs=ends)
        tensor([[1., 1.],
                [2., 2.],
                [2., 2.]])
    """
    if mat_a.ndim == mat_b.ndim == 3:
        result = mat_a @ mat_b
    else:
        if offs is None:
            raise ValueError("grouped_mm: offs is needed where a matrix has groups")
        ends = offs.tolist()
        pairs = list(zip([0, *ends[:-1]], ends, strict=True))
        if mat_a.ndim == 2 and mat_b.ndim == 2:
            parts = [mat_a[:, i:j] @ mat_b[i:j] for i, j in pairs]
            result = FUNCTIONS["stack"](parts)
        elif mat_a.ndim == 2:
            parts = [mat_a[i:j] @ mat_b[g] for g, (i, j) in enumerate(pairs)]
            rest = mat_a.new_zeros((mat_a.shape[0] - ends[-1], mat_b.shape[-1]))
            result = FUNCTIONS["cat"]([*parts, rest])
        else:
            parts = [mat_a[g] @ mat_b[:, i:j] for g, (i, j) in enumerate(pairs)]
            result = FUNCTIONS["cat"](parts, 1)
    if bias is not None:
        result = result + bias
    return result if out_dtype is None else result.to(out_dtype)
