"""Operations, modules and random scripts on a GPU of compat: the same numbers there."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db
from torch.utils import _pytree

from funcnet import compat
from tests.gpus import standing_in
from tests.parity.bridge import quiet
from tests.parity.cases import programs, training
from tests.parity.compat.calls import counterpart
from tests.parity.compat.modules import mirror
from tests.parity.compat.names import EXCLUDED
from tests.parity.compat.ops import (
    argument,
    dtype_of,
    function_named,
    method_named,
    to_compat,
)
from tests.parity.report import ExcludedError, Tally, Trial

DEVICES = ("cpu", "cuda")
SAMPLES, SCRIPTS = 4, 100  # of each entry, and of each kind
Call = Callable[[], Any]


def trials(tally: Tally) -> Iterator[Trial]:
    for op in op_db:
        title = f"{op.name} {op.variant_test_name}".strip()
        if op.name in EXCLUDED or op.name == "to":
            tally.excluded[title] = EXCLUDED.get(op.name, "goes to the processor")
            continue
        kind = dtype_of(op)
        torch.manual_seed(0)
        smooth = op.supports_autograd and kind.is_floating_point
        samples = list(op.sample_inputs("cpu", kind, requires_grad=smooth))
        for index, sample in enumerate(spread(samples)):
            for form, (theirs, named) in forms(op).items():
                run = partial(_apply, theirs, named, form == "in place", sample)
                yield Trial(title, f"sample {index}, {form}", run)
    for info in module_db:
        torch.manual_seed(0)
        inputs = info.module_inputs_func(
            info, device="cpu", dtype=torch.float32, requires_grad=True, training=True
        )
        for index, one in enumerate(spread(inputs)):
            yield Trial(info.name, f"{index} {one.desc}", partial(_module, info, one))
    for seed in range(SCRIPTS):
        script = partial(_train, seed)
        yield Trial(f"training scripts {seed // 10}", f"{seed}", script)
    for theme in programs.THEMES:
        for seed in range(SCRIPTS):
            program = partial(_program, theme, seed)
            yield Trial(f"{theme} {seed // 10}", f"{seed}", program)


def spread(samples: list[Any]) -> list[Any]:
    """A few of them."""
    return samples[:: -(-len(samples) // SAMPLES) or 1]


def forms(op: Any) -> dict[str, tuple[Any, Call]]:
    """An operation as a function, a method and in place: PyTorch's, and how ours is."""
    name = op.name.rpartition(".")[2]
    result = {"function": (op.op, partial(function_named, op.name))}
    if op.method_variant is not None:
        result["method"] = (op.method_variant, partial(method_named, name))
    if op.inplace_variant is not None:
        written = partial(method_named, name.rstrip("_") + "_")
        result["in place"] = (op.inplace_variant, written)
    return result


def _apply(theirs: Any, named: Call, in_place: bool, sample: Any) -> None:
    parts = (sample.input, sample.args, sample.kwargs)
    leaves = [x for x in _pytree.tree_leaves(parts) if isinstance(x, torch.Tensor)]

    def run(device: str) -> dict[str, Any]:
        inputs = [_moved(to_compat(x), device) for x in leaves]
        mirrored = {id(x): y for x, y in zip(leaves, inputs, strict=True)}
        first, args, kwargs = argument(parts, mirrored)
        if "device" in kwargs:
            kwargs["device"] = device
        if in_place and first.requires_grad:
            first = first.clone()
        compat.manual_seed(0)
        results = _tensors(counterpart(theirs, named)(first, *args, **kwargs))
        smooth = [x for x in results if x.requires_grad]
        compat.autograd.backward(smooth, [compat.ones_like(x) for x in smooth])
        result = {f"result {place}": x for place, x in enumerate(results)}
        return result | {f"gradient {n}": x.grad for n, x in enumerate(inputs)}

    _compare(run, stays=bool(leaves))


def _module(info: Any, one: Any) -> None:
    if one.forward_input is None:
        raise ExcludedError("nothing goes in")
    made, given = one.constructor_input, one.forward_input
    cls: Any = compat.nn
    for part in info.name.removeprefix("nn.").split("."):
        cls = getattr(cls, part)

    def run(device: str) -> dict[str, Any]:
        compat.manual_seed(0)
        args, kwargs = mirror((made.args, made.kwargs), {})
        module = cls(*args, **kwargs).to(device)
        inputs: dict[int, Any] = {}
        for x in _pytree.tree_leaves((given.args, given.kwargs)):
            if isinstance(x, torch.Tensor):
                inputs[id(x)] = _moved(to_compat(x), device)
        args, kwargs = mirror((given.args, given.kwargs), inputs)
        results = _tensors(module(*args, **kwargs))
        smooth = [x for x in results if x.requires_grad]
        compat.autograd.backward(smooth, [compat.ones_like(x) for x in smooth])
        result = {f"result {place}": x for place, x in enumerate(results)}
        result |= {f"gradient {n}": x.grad for n, x in enumerate(inputs.values())}
        result |= {n: p.grad for n, p in module.named_parameters()}
        return result | dict(module.named_buffers())

    _compare(run, stays=True)


def _train(seed: int) -> None:
    _run(training.written(seed), training.outcome)


def _program(theme: str, seed: int) -> None:
    _run(programs.written(theme, seed), lambda state: state.tensors)


def _run(program: list[str], outcome: Callable[[programs.State], Any]) -> None:
    if any("numpy" in line for line in program):
        raise ExcludedError("arrays of numpy, which see no GPU")

    def run(device: str) -> dict[str, Any]:
        compat.set_default_device(device)
        try:
            state = programs.State(compat)
            for line in program:
                state.run(line)
                told = state.told[-1]
                state.told[-1] = "a tensor" if "tensor" in told else told
            return {"told": state.told, **outcome(state)}
        finally:
            compat.set_default_device("cpu")

    with programs.naming(program):
        _compare(run, stays=True)


def _compare(run: Callable[[str], dict[str, Any]], stays: bool) -> None:
    """Check that both devices give the same and, if so asked, that it `stays` there."""
    with quiet(), standing_in():
        try:
            wanted = run("cpu")
        except Exception as error:
            raise ExcludedError("not there on the processor, either") from error
        result = run("cuda")
        assert list(result) == list(wanted)
        for name, x in wanted.items():
            y = result[name]
            if not isinstance(x, compat.Tensor):
                assert x == y or x != x, f"{name} is {y}, on the processor {x}"
                continue
            assert x.dtype is y.dtype, f"{name} is of {y.dtype}"
            _same(x, y, name)
            if stays and not name.endswith("step"):  # which is PyTorch's there, too
                assert y.device.type == "cuda", f"{name} is on {y.device}"


def _same(x: Any, y: Any, name: str) -> None:
    ours, theirs = (np.asarray(one.detach().cpu()._array()) for one in (x, y))
    if x.dtype is compat.bfloat16:
        ours, theirs = ours.astype(np.float32), theirs.astype(np.float32)
    scale = np.abs(ours[np.isfinite(ours)]).max(initial=0) if ours.size else 0
    atol = 1e-3 * max(1e-2, float(scale))
    np.testing.assert_allclose(theirs, ours, 2e-3, atol, err_msg=name)


def _moved(x: Any, device: str) -> Any:
    return x.detach().to(device).requires_grad_(x.requires_grad)


def _tensors(result: Any) -> list[Any]:
    if isinstance(result, compat.Tensor):
        return [result]
    if isinstance(result, tuple | list):
        return [leaf for part in result for leaf in _tensors(part)]
    return []
