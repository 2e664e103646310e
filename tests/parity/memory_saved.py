"""What is kept for a gradient: found by writing to it before `backward`.

For each operation, each input that wants a gradient (and all of them), and each tensor
that goes in or comes out: does `backward` raise when that tensor was written to?
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.utils import _pytree

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.compat_calls import counterpart
from tests.parity.compat_names import EXCLUDED
from tests.parity.compat_ops import argument, dtype_of, function_named, to_compat
from tests.parity.report import ExcludedError, Trial

SAMPLES = 6  # of each entry
MESSAGE = "has been modified by an inplace operation"
Kept = dict[str, list[str]]


def trials() -> Iterator[Trial]:
    for op in op_db:
        kind = dtype_of(op)
        if op.name in EXCLUDED or not op.supports_autograd:
            continue
        if not (kind.is_floating_point or kind.is_complex):
            continue
        title = f"{op.name} {op.variant_test_name}".strip()
        torch.manual_seed(0)
        samples = list(op.sample_inputs("cpu", kind, requires_grad=True))
        for index, sample in enumerate(samples[:: -(-len(samples) // SAMPLES) or 1]):
            yield Trial(
                f"kept by {title}", f"sample {index}", partial(same, op, sample)
            )


def same(op: Any, sample: Any) -> None:
    """Check that both libraries keep the same for one sample."""
    parts = (sample.input, sample.args, sample.kwargs)
    leaves = [x for x in _pytree.tree_leaves(parts) if isinstance(x, torch.Tensor)]
    leaves = list({id(x): x for x in leaves}.values())
    smooth = [x.requires_grad for x in leaves]

    def call_torch(inputs: list[Any]) -> Any:
        mirrored = {id(x): y for x, y in zip(leaves, inputs, strict=True)}
        first, args, kwargs = _pytree.tree_map(
            lambda x: mirrored.get(id(x), x) if isinstance(x, torch.Tensor) else x,
            parts,
        )
        return op.op(first, *args, **kwargs)

    def call_compat(inputs: list[Any]) -> Any:
        mirrored = {id(x): y for x, y in zip(leaves, inputs, strict=True)}
        first, args, kwargs = argument(parts, mirrored)
        function = counterpart(op.op, partial(function_named, op.name))
        return function(first, *args, **kwargs)

    plain = [x.detach() for x in leaves]
    with quiet():
        wanted = kept(torch, call_torch, plain, smooth)
        found = kept(compat, call_compat, [to_compat(x) for x in plain], smooth)
    differ = {k: (found.get(k), v) for k, v in wanted.items() if found.get(k) != v}
    assert not differ, "; ".join(
        f"gradient of {who}: keeps {ours}, PyTorch {theirs}"
        for who, (ours, theirs) in differ.items()
    )


def kept(
    library: Any,
    call: Callable[[list[Any]], Any],
    leaves: list[Any],
    smooth: list[bool],
) -> Kept:
    """What is kept, by what wants a gradient; places of inputs, "r0" for a result."""
    places = [place for place, yes in enumerate(smooth) if yes]
    if not places:
        raise ExcludedError("nothing that wants a gradient")
    choices = {str(place): [place] for place in places}
    if len(places) > 1:
        choices["all"] = places
    found = {}
    for title, chosen in choices.items():
        inputs, results = _called(library, call, leaves, chosen)
        if not _differentiated(library, results):
            continue
        names = [*map(str, range(len(inputs))), *[f"r{n}" for n in range(len(results))]]
        found[title] = []
        for place, name in enumerate(names):
            inputs, results = _called(library, call, leaves, chosen)
            library.autograd.graph.increment_version([*inputs, *results][place])
            if not _differentiated(library, results):
                found[title].append(name)
    return found


def _called(
    library: Any, call: Any, leaves: list[Any], chosen: list[int]
) -> tuple[list[Any], list[Any]]:
    inputs = [
        x.detach().clone().requires_grad_(place in chosen)
        for place, x in enumerate(leaves)
    ]
    library.manual_seed(0)
    results = _tensors(call(inputs), library.Tensor)
    wanted = any(x.requires_grad for x in results)
    return inputs, results if wanted else []


def _differentiated(library: Any, results: list[Any]) -> bool:
    """Differentiate; False where something was written to, or nothing can be."""
    smooth = [x for x in results if x.requires_grad]
    try:
        library.autograd.backward(smooth, [library.ones_like(x) for x in smooth])
    except Exception as error:
        if MESSAGE in str(error) or not results:
            return False
        if "multiple views" in str(error):
            raise ExcludedError("gives several views") from None
        raise
    return True


def _tensors(result: Any, kind: type) -> list[Any]:
    if isinstance(result, kind):
        return [result]
    if isinstance(result, tuple | list):
        return [x for part in result for x in _tensors(part, kind)]
    return []
