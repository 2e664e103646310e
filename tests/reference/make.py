"""Makes the frozen vectors, in the environment of `make parity`.

    python -m tests.reference.make

A few small cases of every function and layer are taken from the samples of the live
comparison, spread over them; optimizers take ten steps in every configuration.
"""

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import jax
import numpy as np
import torch
from torch.testing._internal.common_modules import module_db
from torch.testing._internal.common_optimizers import optim_db

from tests.parity import adapters
from tests.parity.bridge import remember_arguments
from tests.parity.cases import random_draws
from tests.parity.native import (
    functions,
    modules,
    more_functions,
    more_modules,
    optimizers,
    schedules,
)
from tests.parity.report import ExcludedError
from tests.reference import vectors
from tests.reference.cases import Case, compare_answers, stored_answer
from tests.reference.steps import muon_slack

# Cases of each function, numbers in a case, samples looked at.
CASES, ELEMENTS, MOST = 3, 260, 60
Makers = list[Callable[..., Case | None]]


def main() -> None:
    torch.set_num_threads(1)
    remember_arguments()
    cases: dict[str, Any] = {}
    for name, makers in itertools.chain(function_makers(), layer_makers()):
        for index, case in enumerate(spread(small(makers))):
            cases[f"{name}-{index}"] = case
    cases |= optimizer_cases() | schedules.cases()
    vectors.write(cases)
    size = vectors.FILE.stat().st_size
    print(f"{len(cases)} cases, {size / 1e6:.2f} MB in {vectors.FILE}")


def function_makers() -> Iterator[tuple[str, Makers]]:
    makers: dict[str, Makers] = {}
    for name, args, kwargs in function_calls():
        draws = name in adapters.RANDOM and random_draws.is_random(name, args, kwargs)
        native = adapters.function_call(name, args, kwargs)[0]
        result = makers.setdefault(native, [])
        if not draws:
            result.append(partial(function_case, name, args, kwargs))
    yield from makers.items()


def function_calls() -> Iterator[tuple[str, Any, Any]]:
    for name, op in functions.entries():
        if functions.dtype_of(op) is None:
            continue
        torch.manual_seed(0)
        for sample in list(functions.samples(op)):
            yield name, *functions.called_with(name, op, sample)
    for name, calls in more_functions.table().items():
        for args, kwargs in calls:
            yield name, args, adapters.with_samples(name, args, kwargs)


def function_case(
    name: str, args: Any, kwargs: dict[str, Any], double: bool = False
) -> Case | None:
    try:
        adapters.check_sample(name, args)
    except ExcludedError:
        return None
    return functions.case_of(name, args, kwargs, double)


def layer_makers() -> Iterator[tuple[str, Makers]]:
    for info in module_db:
        cls, modes = info.module_cls, (True, False)
        if cls.__name__ in adapters.EXCLUDED_NAMES["nn"]:
            continue
        calls = itertools.product(modules.samples(info, True), modes)
        kept = [(sample, train) for sample, train in calls if sample.forward_input]
        yield cls.__name__, [partial(modules.case_of, cls, *call) for call in kept]
    tables = [(more_modules.table(), True), (more_modules.random_table(), False)]
    for table, train in tables:
        for name, entries in table.items():
            make = partial(modules.module_case, getattr(torch.nn, name), train=train)
            calls = [(*result, *call) for result, calls in entries for call in calls]
            yield name, [partial(make, *call) for call in calls]


def small(makers: Makers) -> list[Case]:
    """The stable cases with few numbers, or not many more than the smallest."""
    result = [(make(), make) for make in makers[:: len(makers) // MOST + 1]]
    cases = [case for case, make in result if case and is_stable(case, make)]
    limit = max(ELEMENTS, 4 * min(map(elements, cases), default=0))
    return [case for case in cases if elements(case) <= limit]


def is_stable(case: Case, make: Callable[..., Case | None]) -> bool:
    """Whether PyTorch's float32 is not off from its float64, on any processor."""
    try:
        finer = make(double=True)
    except Exception:  # not everything takes float64
        return True
    try:
        compare_answers(stored_answer(case), stored_answer(finer))
    except AssertionError:
        return False
    return True


def elements(case: Case) -> int:
    leaves = jax.tree.leaves(vars(case))
    return sum(leaf.size for leaf in leaves if isinstance(leaf, np.ndarray))


def spread(cases: list[Case]) -> list[Case]:
    """A few of them, far from each other: neighbours have settings in common."""
    places = np.linspace(0, len(cases) - 1, min(CASES, len(cases)))
    return [cases[round(place)] for place in places]


def optimizer_cases() -> dict[str, Any]:
    cases = {}
    for info in optim_db:
        cls, name = info.optim_cls, info.optim_cls.__name__
        if name in adapters.EXCLUDED_NAMES["optim"]:
            continue
        count = optimizers.steps_for(cls) // 2
        for index, configuration in enumerate(info.optim_inputs_func(device="cpu")):
            steps = optimizers.steps_of(cls, configuration.kwargs, count)
            if name == "Muon":
                steps.slack = muon_slack(steps.settings.get("lr", 1e-3))
            cases[f"{name}-{index}"] = steps
    return cases


if __name__ == "__main__":
    main()
