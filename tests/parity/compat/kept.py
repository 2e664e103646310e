"""What is kept for a gradient: found by writing to it before `backward`.

For each operation and module, each input that wants a gradient (and all of them), and
each tensor that goes in or comes out: does `backward` raise when that was written to?
"""

import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db
from torch.utils import _pytree

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.compat.calls import counterpart
from tests.parity.compat.modules import DOUBLE, mirror
from tests.parity.compat.names import EXCLUDED
from tests.parity.compat.ops import (
    argument,
    dtype_of,
    function_named,
    method_named,
    to_compat,
)
from tests.parity.report import ExcludedError, Tally, Trial

SAMPLES = 6  # of each entry
MESSAGE = "has been modified by an inplace operation"
Kept = dict[str, list[str]]
# Of what wants a gradient, all tensors that go in by name, and what comes out.
Run = Callable[[list[str]], tuple[dict[str, Any], list[Any]]]


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for op in op_db:
        kind = dtype_of(op)
        if op.name in EXCLUDED or not op.supports_autograd:
            continue
        if not (kind.is_floating_point or kind.is_complex):
            continue
        title = f"kept by {op.name} {op.variant_test_name}".strip()
        torch.manual_seed(0)
        samples = list(op.sample_inputs("cpu", kind, requires_grad=True))
        for index, sample in enumerate(_some(samples)):
            yield Trial(title, f"sample {index}", partial(_op, op, sample))
    for info in module_db:
        if info.name.startswith("nn.Lazy"):
            continue
        double = info.name.removeprefix("nn.") in DOUBLE
        kind = torch.float64 if double else torch.float32
        for train in (True, False):
            torch.manual_seed(0)
            inputs = info.module_inputs_func(
                info,
                device="cpu",
                dtype=kind,
                requires_grad=True,
                training=train,
            )
            for index, one in enumerate(_some(inputs)):
                label = f"{index} {one.desc}, {'training' if train else 'evaluated'}"
                run = partial(_module, info, one, train)
                yield Trial(f"kept by {info.name}", label, run)


def _some(samples: list[Any]) -> list[Any]:
    return samples[:: -(-len(samples) // SAMPLES) or 1]


def _op(op: Any, sample: Any) -> None:
    parts = (sample.input, sample.args, sample.kwargs)
    leaves = _leaves(parts)
    try:
        function = counterpart(op.op, partial(function_named, op.name))
    except AttributeError:
        raise ExcludedError("not a name of compat; see compat_names") from None
    if not callable(function):  # a dtype of the same name as the method
        function = method_named(op.name)

    def on_torch(inputs: list[Any]) -> Any:
        first, args, kwargs = _with(parts, leaves, inputs)
        return op.op(first, *args, **kwargs)

    def on_compat(inputs: list[Any]) -> Any:
        mirrored = {id(x): y for x, y in zip(leaves, inputs, strict=True)}
        first, args, kwargs = argument(parts, mirrored)
        return function(first, *args, **kwargs)

    smooth = [str(n) for n, x in enumerate(leaves) if x.requires_grad]
    mine = [to_compat(x) for x in leaves]
    compare(
        partial(_called, torch, on_torch, leaves),
        partial(_called, compat, on_compat, mine),
        smooth,
    )


def _called(
    library: Any, call: Any, leaves: list[Any], chosen: list[str]
) -> tuple[dict[str, Any], list[Any]]:
    inputs = [
        x.detach().clone().requires_grad_(str(place) in chosen)
        for place, x in enumerate(leaves)
    ]
    library.manual_seed(0)
    results = _tensors(call(inputs), library.Tensor)
    return {str(place): x for place, x in enumerate(inputs)}, results


def _module(info: Any, one: Any, training: bool) -> None:
    if one.forward_input is None:
        raise ExcludedError("nothing goes in")
    result, parts = (
        one.constructor_input,
        (one.forward_input.args, one.forward_input.kwargs),
    )
    leaves = _leaves(parts)
    with quiet():
        torch.manual_seed(0)
        theirs = info.module_cls(*result.args, **result.kwargs).train(training)
        cls: Any = compat.nn
        for part in info.name.removeprefix("nn.").split("."):
            cls = getattr(cls, part)
        args, kwargs = mirror((result.args, result.kwargs), {})
        ours = cls(*args, **kwargs).train(training)
    mine = [to_compat(x) for x in leaves]
    smooth = [str(n) for n, x in enumerate(leaves) if x.requires_grad]

    def on_torch(chosen: list[str]) -> Any:
        def call(module: Any, inputs: list[Any]) -> Any:
            args, kwargs = _with(parts, leaves, inputs)
            return module(*args, **kwargs)

        return _module_called(torch, theirs, call, leaves, chosen)

    def on_compat(chosen: list[str]) -> Any:
        def call(module: Any, inputs: list[Any]) -> Any:
            mirrored = {id(x): y for x, y in zip(leaves, inputs, strict=True)}
            args, kwargs = mirror(parts, mirrored)
            return module(*args, **kwargs)

        return _module_called(compat, ours, call, mine, chosen)

    smooth += [name for name, _ in theirs.named_parameters()]
    compare(on_torch, on_compat, smooth)


def _module_called(
    library: Any, module: Any, call: Any, leaves: list[Any], chosen: list[str]
) -> tuple[dict[str, Any], list[Any]]:
    try:
        module = copy.deepcopy(module)
    except RuntimeError as error:
        raise ExcludedError("no copies of it are made") from error
    for name, p in module.named_parameters():
        p.requires_grad_(name in chosen)
    run = partial(call, module)
    result, results = _called(library, run, leaves, chosen)
    return {**result, **dict(module.named_parameters())}, results


def compare(theirs: Run, ours: Run, smooth: list[str]) -> None:
    """Check that both keep the same, whatever of `smooth` wants a gradient."""
    if not smooth:
        raise ExcludedError("nothing that wants a gradient")
    with quiet():
        wanted, result = kept(theirs, smooth), kept(ours, smooth)
    differ = [k for k, v in wanted.items() if result.get(k) != v]
    assert not differ, "; ".join(
        f"gradient of {k}: keeps {result.get(k)}, PyTorch {wanted[k]}" for k in differ
    )


def kept(run: Run, smooth: list[str]) -> Kept:
    """What is kept, by what wants a gradient; "r0" is the first result."""
    choices = {name: [name] for name in smooth}
    if len(smooth) > 1:
        choices["all"] = smooth
    result = {}
    for title, chosen in choices.items():
        inputs, results = run(chosen)
        if not _differentiated(results):
            continue
        result[title] = []
        for name in [*inputs, *[f"r{place}" for place in range(len(results))]]:
            inputs, results = run(chosen)
            named = inputs | {f"r{place}": x for place, x in enumerate(results)}
            library = torch if isinstance(named[name], torch.Tensor) else compat
            library.autograd.graph.increment_version(named[name])
            if not _differentiated(results):
                result[title].append(name)
    return result


def _differentiated(results: list[Any]) -> bool:
    """Differentiate; False where something was written to, or nothing can be."""
    smooth = [x for x in results if x.requires_grad]
    if not smooth:
        return False
    library = torch if isinstance(smooth[0], torch.Tensor) else compat
    try:
        library.autograd.backward(smooth, [library.ones_like(x) for x in smooth])
    except Exception as error:
        if MESSAGE in str(error):
            return False
        if "multiple views" in str(error):
            raise ExcludedError("gives several views") from None
        raise
    return True


def _leaves(parts: Any) -> list[Any]:
    leaves = [x for x in _pytree.tree_leaves(parts) if isinstance(x, torch.Tensor)]
    return list({id(x): x for x in leaves}.values())


def _with(parts: Any, leaves: list[Any], inputs: list[Any]) -> Any:
    mirrored = {id(x): y for x, y in zip(leaves, inputs, strict=True)}
    return _pytree.tree_map(
        lambda x: mirrored[id(x)] if isinstance(x, torch.Tensor) else x, parts
    )


def _tensors(result: Any, kind: type) -> list[Any]:
    if isinstance(result, kind):
        return [result]
    if isinstance(result, tuple | list):
        return [x for part in result for x in _tensors(part, kind)]
    return []
