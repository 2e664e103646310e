"""`op_db`: every entry that is in torch.nn.functional, on all its sample inputs."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from unittest import mock

import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.utils import _pytree

from funcnet import functional
from tests.parity import adapters
from tests.parity.bridge import doubled, function_case, judge, quiet
from tests.parity.cases import random_draws
from tests.parity.report import Tally, Trial
from tests.reference.cases import Case

PREFIX = "nn.functional."


def entries() -> Iterator[tuple[str, Any]]:
    """The function's name and its entry; some entries stand outside nn.functional."""
    for op in op_db:
        name = op.name.removeprefix(PREFIX)
        if op.name.startswith(PREFIX) or op.name in adapters.ENTRIES_OUTSIDE:
            yield name, op


def trials(tally: Tally) -> Iterator[Trial]:
    for name, op in entries():
        title = f"{name} {op.variant_test_name}".strip()
        if dtype_of(op) is None:
            tally.excluded[title] = "an entry for complex numbers only"
            continue
        torch.manual_seed(0)
        for index, sample in enumerate(list(samples(op))):
            yield Trial(title, f"sample {index}", partial(_run, name, op, sample))


def dtype_of(op: Any) -> torch.dtype | None:
    if torch.float32 in op.dtypes or not op.dtypes:
        return torch.float32
    return torch.int64 if torch.int64 in op.dtypes else None


def samples(op: Any) -> Iterator[Any]:
    dtype = dtype_of(op)
    wants_grad = op.supports_autograd and dtype == torch.float32
    if "multi_head" not in op.name:
        return op.sample_inputs("cpu", dtype, requires_grad=wants_grad)
    # This entry has 96 samples, but one when gradients are wanted, to save time.
    result = list(op.sample_inputs("cpu", dtype, requires_grad=False))
    for sample in result:
        parts = (sample.input, sample.args, sample.kwargs)
        _pytree.tree_map_only(torch.Tensor, torch.Tensor.requires_grad_, parts)
    return iter(result)


def _run(name: str, op: Any, sample: Any) -> bool:
    torch.manual_seed(0)
    return compare(name, *called_with(name, op, sample))


def compare(name: str, args: Any, kwargs: dict[str, Any]) -> bool:
    """Compare one call, or the statistics of many where it draws random numbers."""
    adapters.check_sample(name, args)
    require(adapters.function_call(name, args, kwargs)[0])
    if name in adapters.RANDOM and random_draws.is_random(name, args, kwargs):
        args, kwargs = adapters.softened(name, args, kwargs)
        random_draws.compare_function(name, args, kwargs)
        return False
    return judge(partial(case_of, name, args, kwargs))


def case_of(name: str, args: Any, kwargs: dict[str, Any], double: bool = False) -> Case:
    """The case of one call of a function of torch.nn.functional.

    With `double` torch computes in float64.
    """
    if double:
        args, kwargs = doubled((args, kwargs))
    function = getattr(adapters.home(name), name)
    native, native_args, native_kwargs = adapters.function_call(name, args, kwargs)
    return function_case(
        native,
        lambda: function(*args, **kwargs),
        native_args,
        native_kwargs,
        lambda: adapters.written_in_place(name, args, kwargs),
    )


def require(name: str) -> None:
    if not hasattr(functional, name):
        raise AttributeError(f"funcnet.functional has no {name}")


def called_with(name: str, op: Any, sample: Any) -> tuple[tuple[Any, ...], dict]:
    """The arguments that reach the function: many entries wrap it to reorder them."""
    home = adapters.home(name)
    function = getattr(home, name)
    calls: list[Any] = []

    def spy(*args: Any, **kwargs: Any) -> Any:
        # Copies, as some functions write into their arguments.
        calls.append(_pytree.tree_map_only(torch.Tensor, torch.clone, (args, kwargs)))
        return function(*args, **kwargs)

    sample_args = (sample.input, *sample.args)
    with quiet(), mock.patch.object(home, name, spy):
        op.op(*sample_args, **sample.kwargs)
        if not calls:  # the entry holds the function itself, or one of torch's own
            spy(*sample_args, **sample.kwargs)
    args, kwargs = calls[0]
    return args, adapters.with_samples(name, args, kwargs)
