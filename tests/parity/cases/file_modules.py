"""Whole modules through files: PyTorch's read here, ours read in PyTorch."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch.testing._internal.common_modules import module_db

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.cases.files import FORMATS, bits, same, to_ours, to_theirs
from tests.parity.compat.modules import RANDOM, mirror
from tests.parity.compat.ops import _flat, _same
from tests.parity.native import more_modules
from tests.parity.report import ExcludedError, Trial


def trials() -> Iterator[Trial]:
    for name, label, make, inputs in _modules():
        run = partial(_run_module, name, make, inputs)
        yield Trial(f"whole {name}", label, run)


def _modules() -> Iterator[tuple[str, str, Callable[[], Any], Any]]:
    for info in module_db:
        name = info.name.removeprefix("nn.")
        torch.manual_seed(0)
        samples = info.module_inputs_func(
            *(info,),
            device="cpu",
            dtype=torch.float32,
            requires_grad=True,
            training=False,
        )
        for index, one in enumerate(samples):
            result = one.constructor_input
            make = partial(info.module_cls, *result.args, **result.kwargs)
            yield name, f"{index} {one.desc}", make, one.forward_input
    for name, entries in (
        *more_modules.table().items(),
        *more_modules.random_table().items(),
    ):
        for index, (result, calls) in enumerate(entries):
            make = partial(getattr(torch.nn, name), *result[0], **result[1])
            inputs = type("Inputs", (), {"args": calls[0][0], "kwargs": calls[0][1]})
            yield name, f"more {index}", make, inputs


def _run_module(name: str, make: Callable[[], Any], inputs: Any) -> None:
    if "Lazy" in name:
        raise ExcludedError("lazy modules are saved once they have seen an input")
    torch.manual_seed(0)
    with quiet():
        theirs = make().eval()
    for module in theirs.modules():
        module.__dict__.pop("made_with", None)
    if any(
        callable(v) and not isinstance(v, torch.nn.Module)
        for m in theirs.modules()
        for k, v in vars(m).items()
        if k != "activation"
    ):
        raise ExcludedError("it holds a function")
    if getattr(theirs, "options", None) is not None:
        raise ExcludedError("options of chunks are of no class of funcnet.compat.nn")
    ours = to_ours(theirs)
    assert repr(ours) == repr(theirs), f"{ours!r} is not {theirs!r}"
    same(theirs.state_dict(), ours.state_dict())
    legacy = to_ours(theirs, **FORMATS["before 1.6"])
    assert repr(legacy) == repr(theirs), f"{legacy!r} is not {theirs!r}"
    back = to_theirs(ours, weights_only=False)
    assert repr(back) == repr(theirs), f"{back!r} is not {theirs!r}"
    same(theirs.state_dict(), back.state_dict())
    _same_fields(theirs, back)
    if inputs is None:
        return
    with quiet():
        try:
            wanted = theirs(*inputs.args, **inputs.kwargs)
        except Exception as error:
            raise ExcludedError(f"PyTorch raises {type(error).__name__}") from None
        again = back(*inputs.args, **inputs.kwargs)
        args, kwargs = mirror((inputs.args, inputs.kwargs), {})
        try:
            result = ours(*args, **kwargs)
        except RuntimeError as error:
            if "told apart" in str(error):
                raise ExcludedError("compat does not take this input") from None
            raise
    if any(word in repr(theirs) for word in RANDOM - {"Dropout"}) and theirs.training:
        return
    wanted, again, result = (
        _flat(x, (torch.Tensor, compat.Tensor)) for x in (wanted, again, result)
    )
    for w, a, f in zip(wanted, again, result, strict=True):
        assert bits(a) == bits(w), "PyTorch computes something else with ours"
        _same(w, f)


def _same_fields(theirs: Any, back: Any) -> None:
    for (path, one), other in zip(theirs.named_modules(), back.modules(), strict=True):
        differ = {*vars(one)} ^ {*vars(other)}
        assert not differ, f"{path} {type(one).__name__}: fields {differ}"
