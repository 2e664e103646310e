"""`op_db` on `funcnet.compat`: value, gradient, method, in-place form of each entry."""

import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.utils import _pytree

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.compat.calls import DRAWS, PROCESSED, counterpart, is_drawn, of_torch
from tests.parity.compat.names import COMMON, EXCLUDED
from tests.parity.report import ExcludedError, Tally, Trial
from tests.reference.cases import weights

WIDE = {torch.bfloat16: torch.float32, torch.complex32: torch.complex64}
"""What numpy lacks, and what has all its numbers."""
COARSE = (
    *("linalg", "native_layer_norm"),
    *("nn.functional.ctc_loss", "nn.functional.layer_norm"),
)
"""Beginnings of the names of entries in which PyTorch's float32 is."""
RTOL, ATOL = {"float32": 2e-4, "float64": 1e-7}, {"float32": 2e-5, "float64": 1e-8}


def trials(tally: Tally, common: bool = True) -> Iterator[Trial]:
    for op in op_db:
        title = f"{op.name} {op.variant_test_name}".strip()
        if (op.name in COMMON) != common:
            continue
        if op.name in EXCLUDED:
            tally.excluded[title] = EXCLUDED[op.name]
            continue
        kind = dtype_of(op)
        torch.manual_seed(0)
        wants_grad = op.supports_autograd and kind.is_floating_point
        result = list(op.sample_inputs("cpu", kind, requires_grad=wants_grad))
        for index, sample in enumerate(result):
            yield Trial(title, f"sample {index}", partial(_run, op, sample))


def dtype_of(op: Any) -> torch.dtype:
    """float32, or float64 where that is coarse, or another where it is neither."""
    if op.name.startswith(COARSE) and torch.float64 in op.dtypes:
        return torch.float64
    for kind in (torch.float32, torch.int64, torch.bool, torch.complex64):
        if kind in op.dtypes or not op.dtypes:
            return kind
    return next(iter(op.dtypes))


def _run(op: Any, sample: Any) -> None:
    parts = (sample.input, sample.args, sample.kwargs)
    name = op.name.rpartition(".")[2]
    ours = counterpart(op.op, partial(function_named, op.name))
    if op.name in PROCESSED:
        process = sample.output_process_fn_grad
        theirs = lambda *args, **kwargs: process(op.op(*args, **kwargs))  # noqa: E731
        _compare(theirs, lambda *args, **kwargs: process(ours(*args, **kwargs)), parts)
        return
    _compare(op.op, ours, parts, draws=op.name in DRAWS)
    if op.method_variant is not None:
        ours = counterpart(op.method_variant, partial(method_named, name))
        _compare(op.method_variant, ours, parts)
    grows = getattr(sample, "broadcasts_input", False)
    if op.inplace_variant is not None and not grows:
        written = partial(method_named, name.rstrip("_") + "_")
        ours = counterpart(op.inplace_variant, written)
        _compare(op.inplace_variant, ours, parts, True, op.name in DRAWS)


def function_named(name: str) -> Callable[..., Any]:
    """`funcnet.compat`'s function of this name, or where there is none the method."""
    if name == "where":  # whose arguments stand in the order of the method
        return method_named(name)
    place: Any = compat
    for part in name.split("."):
        if not hasattr(place, part):
            return method_named(name)
        place = getattr(place, part)
    return place if callable(place) else method_named(name)  # `cfloat` is a dtype


def method_named(name: str) -> Callable[..., Any]:
    if not hasattr(compat.Tensor, name):
        raise AttributeError(f"funcnet.compat has no {name}")
    return lambda self, *args, **kwargs: getattr(self, name)(*args, **kwargs)


def _compare(
    theirs: Any, ours: Any, parts: Any, in_place: bool = False, draws: bool = False
) -> None:
    """Call both with copies of the same arguments; values and gradients must agree."""
    leaves = [x for x in _pytree.tree_leaves(parts) if isinstance(x, torch.Tensor)]
    copies = [x.detach().clone().requires_grad_(x.requires_grad) for x in leaves]
    memo = {id(x): y for x, y in zip(leaves, copies, strict=True)}
    mirrored = {id(x): to_compat(x) for x in leaves}
    with quiet():
        args = _pytree.tree_map(lambda x: memo.get(id(x), x), parts)
        if in_place and leaves and parts[0].requires_grad:
            args = (args[0].clone(), *args[1:])  # a leaf must not be written to
        torch.manual_seed(0)
        try:
            wanted = theirs(args[0], *args[1], **args[2])
        except Exception as error:
            raise ExcludedError(f"PyTorch raises {type(error).__name__}") from None
        mine = argument(parts, mirrored)
        if in_place and leaves and parts[0].requires_grad:
            mine = (mine[0].clone(), *mine[1:])
        compat.manual_seed(0)
        result = ours(mine[0], *mine[1], **mine[2])
    wanted, result = _flat(wanted, torch.Tensor), _flat(result, compat.Tensor)
    assert len(wanted) == len(result), (
        f"{len(result)} results, PyTorch has {len(wanted)}"
    )
    drawn = draws and is_drawn(ours, mine)
    for one, other in zip(wanted, result, strict=True):
        if drawn:
            assert other.shape == tuple(one.shape), f"{other.shape}, not {one.shape}"
        else:
            _same(one, other)
    if drawn:
        return
    _compare_gradients(wanted, result, copies, [mirrored[id(x)] for x in leaves])


def _compare_gradients(
    wanted: list[Any], found: list[Any], theirs: list[Any], ours: list[Any]
) -> None:
    smooth = [
        (y, z)
        for y, z in zip(wanted, found, strict=True)
        if isinstance(y, torch.Tensor) and y.requires_grad
    ]
    if not smooth:
        return
    factors = [torch.as_tensor(weights(tuple(y.shape))).to(y.dtype) for y, _ in smooth]
    asked = [place for place, x in enumerate(theirs) if x.requires_grad]
    with quiet():
        try:
            grads = torch.autograd.grad(
                [y for y, _ in smooth],
                [theirs[place] for place in asked],
                factors,
                allow_unused=True,
            )
        except NotImplementedError:  # PyTorch has no gradient here
            return
    missing = [z for _, z in smooth if not z.requires_grad]
    assert not missing, "the result does not require grad, PyTorch's does"
    compat.autograd.backward([z for _, z in smooth], [to_compat(f) for f in factors])
    for place, grad in zip(asked, grads, strict=True):
        mine = ours[place].grad
        if grad is None:
            assert mine is None or not np.any(mine.numpy()), "a gradient where none is"
            continue
        if mine is None:
            assert not grad.any(), "no gradient"
            continue
        _same(grad, mine, "gradient: ")


def _same(wanted: Any, found: Any, what: str = "") -> None:
    if not isinstance(wanted, torch.Tensor):
        if isinstance(wanted, torch.dtype | torch.Size | torch.device):
            assert str(wanted) == str(found), f"{what}{found} is not {wanted}"
        else:
            assert wanted == found or wanted != wanted, f"{what}{found} is not {wanted}"
        return
    assert isinstance(found, compat.Tensor), f"{what}a {type(found)}, no tensor"
    assert str(found.dtype) == str(wanted.dtype), (
        f"{what}dtype {found.dtype}, PyTorch {wanted.dtype}"
    )
    assert tuple(found.shape) == tuple(wanted.shape), (
        f"{what}shape {tuple(found.shape)}, PyTorch {tuple(wanted.shape)}"
    )
    theirs = wanted.detach().resolve_conj().resolve_neg()
    if theirs._is_zerotensor():
        theirs = torch.zeros(theirs.shape, dtype=theirs.dtype)
    if theirs.dtype in WIDE:
        wide = WIDE[theirs.dtype]
        theirs, found = theirs.to(wide), found.to(argument(wide, {}))
    theirs, mine = theirs.numpy(), np.asarray(found.detach().numpy())
    fine = "float64" if theirs.dtype in (np.float64, np.complex128) else "float32"
    scale = np.abs(theirs[np.isfinite(theirs)]).max(initial=0) if theirs.size else 0
    atol = ATOL[fine] * max(1.0, float(scale))
    if theirs.dtype == np.float16:
        atol = 1e-3 * max(1.0, float(scale))
    np.testing.assert_allclose(
        mine, theirs, RTOL[fine], atol, equal_nan=True, err_msg=what
    )


def _flat(result: Any, kind: type) -> list[Any]:
    if isinstance(result, kind) or not isinstance(result, tuple | list):
        return [result]
    if isinstance(result, torch.Size | compat.Size):
        return [str(result)]
    return [leaf for part in result for leaf in _flat(part, kind)]


def to_compat(x: torch.Tensor) -> Any:
    """The same tensor in `funcnet.compat`, a leaf."""
    plain = x.detach().resolve_conj().resolve_neg().clone()
    if plain.dtype in WIDE:
        wide = compat.tensor(plain.to(WIDE[plain.dtype]).numpy())
        result = wide.to(argument(plain.dtype, {}))
    else:
        result = compat.tensor(plain.numpy())
    return result.requires_grad_() if x.requires_grad else result


def argument(value: Any, mirrored: dict[int, Any]) -> Any:
    """An argument of torch as one of compat."""
    if isinstance(value, torch.Tensor):
        return mirrored[id(value)]
    if isinstance(value, torch.dtype):
        return getattr(compat, str(value).removeprefix("torch."))
    if isinstance(value, torch.device):
        return compat.device(str(value))
    if isinstance(value, torch.Size):
        return compat.Size(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*[argument(part, mirrored) for part in value])
    if isinstance(value, tuple | list):
        return type(value)([argument(part, mirrored) for part in value])
    if isinstance(value, dict):
        return {k: argument(v, mirrored) for k, v in value.items()}
    if isinstance(value, torch.memory_format | torch.layout):
        return getattr(compat, str(value).removeprefix("torch."))
    if isinstance(value, torch.Generator):
        return compat.Generator()
    if isinstance(value, slice):
        ends = (value.start, value.stop, value.step)
        return slice(*[argument(end, mirrored) for end in ends])
    return copy.copy(of_torch(value))
