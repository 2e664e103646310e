"""Writing into tensors that are there: in place, and as `out=`."""

import warnings
from typing import Any

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DType
from funcnet.compat._core.context import is_grad_recorded, thread
from funcnet.compat._core.dtype import promote_types
from funcnet.compat._core.shapes import cannot_write
from funcnet.compat._gradient_rules.saved_rules import RESULT_IN_PLACE
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.resize import resize
from funcnet.compat._tensor.recording import CAST, record_op
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_ops import EXPAND
from funcnet.compat._tensor.view_origin import refusal


def check_writable(x: Tensor, equal: bool = False) -> None:
    """Raise where writing in place would lose a gradient, or meet an element twice.

    With `equal` all elements get the same number, so that the latter does no harm.
    """
    _check_inference(x)
    if x._steps and not equal and any(step.op is EXPAND for step in x._steps):
        _check_no_overlap(x)
    if not is_grad_recorded():
        return
    origin, base = x._origin, x._base
    if origin is not None and (
        x.requires_grad or (base is not None and base.requires_grad)
    ):
        raise refusal(origin, x._grad_fn, itself=True)
    if x.requires_grad and x.is_leaf:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
        )
    if getattr(x._grad_fn, "hides_writes", False):
        raise RuntimeError(
            f"Output {x._output_nr} of BackwardHookFunction is a view and is being "
            "modified inplace. This view was created inside a custom Function (or "
            "because an input was returned as-is) and the autograd logic to handle "
            "view+inplace would override the custom backward associated with the "
            "custom Function, leading to incorrect gradients. This behavior is "
            "forbidden. You can fix this by cloning the output of the custom Function."
        )
    if base is not None and base.requires_grad and base.is_leaf:
        raise RuntimeError(
            "a view of a leaf Variable that requires grad is being used in an in-place "
            "operation."
        )


def _check_inference(x: Tensor) -> None:
    if x._storage.is_inference and not thread.context.inference:
        raise RuntimeError(
            "Inplace update to inference tensor outside InferenceMode is not allowed."
            "You can make a clone to get a normal tensor before doing inplace update."
            "See https://github.com/pytorch/rfcs/pull/17 for more details."
        )


def _check_no_overlap(x: Tensor) -> None:
    layout = x._layout()
    if 0 not in layout.shape and any(
        n > 1 and not step for n, step in zip(*layout[:2], strict=True)
    ):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor "
            "refers to a single memory location. Please clone() the tensor before "
            "performing the operation."
        )


def copy_into(x: Tensor, new: Tensor) -> Tensor:
    """Write the result of an in-place operation into the tensor it was asked of."""
    old, result = x._spec, new._spec
    if result.shape != old.shape:
        raise RuntimeError(cannot_write(old.shape, result.shape))
    if result.dtype is not old.dtype:
        _check_cast(result.dtype, old.dtype)
        new = record_op(CAST, (new, old.dtype))
    fn = new._grad_fn
    x._write(new._value(), fn, new._output_nr)
    if fn is not None and fn.saved:
        # Of what was overwritten PyTorch keeps a copy; a result that it keeps lies in
        # `x` now.
        mine, saved = x._counts(), []
        node = fn.node
        turned = node is not None and node.call.op.name in RESULT_IN_PLACE
        for counts, version, index in fn.saved:
            if turned and index == 0:
                index = ~0
            if index < 0:
                saved.append((mine, mine.version, index))
            elif index or counts is not mine:
                saved.append((counts, version, index))
        fn.saved = tuple(saved)
    return x


def _check_cast(source: DType, target: DType) -> None:
    if promote_types(_widest(source), _widest(target)) is not _widest(target):
        raise RuntimeError(
            f"result type {source.type_name} can't be cast to "
            f"the desired output type {target.type_name}"
        )


def _widest(dtype: Any) -> Any:
    """The widest dtype of a kind: casting within a kind is allowed."""
    if dtype.is_complex:
        return _dtypes.complex128
    if dtype.is_floating_point:
        return _dtypes.float64
    return dtype if dtype is _dtypes.bool_ else _dtypes.int64


def write_out(result: Any, out: Any) -> Any:
    """Write results into the tensors given as `out=`."""
    if isinstance(result, tuple):
        for x, target in zip(result, out, strict=True):
            write_out(x, target)
        return out
    _check_inference(out)
    if out._steps:
        _check_no_overlap(out)
    if result.requires_grad or out.requires_grad:
        raise RuntimeError(
            "out=... arguments don't support automatic differentiation, but one of the "
            "arguments requires grad."
        )
    if result._spec.dtype is not out._spec.dtype:
        _check_cast(result._spec.dtype, out._spec.dtype)
        result = record_op(CAST, (result, out._spec.dtype))
    if result._spec.shape == out._spec.shape:
        out._write(result._value())
    else:  # PyTorch resizes the output
        if out.numel():
            warnings.warn(
                "An output with one or more elements was resized since it had shape "
                f"{list(out._spec.shape)}, which does not match the required output "
                f"shape {list(result._spec.shape)}. This behavior is deprecated, and "
                "in a future PyTorch release outputs will not be resized unless they "
                "have zero elements. You can explicitly reuse an out tensor t by "
                "resizing it, inplace, to zero elements with t.resize_(0).",
                UserWarning,
                stacklevel=outside(),
            )
        resize(out, result._spec.shape)
        out._write(result._value())
    return out
