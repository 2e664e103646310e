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

from tests.parity import (
    adapters,
    functions,
    modules,
    more_functions,
    more_modules,
    optimizers,
    random_draws,
    schedules,
)
from tests.parity.bridge import remember_arguments
from tests.reference import vectors
from tests.reference.cases import Case

# Cases of each function, numbers in a case, steps of an optimizer, samples looked at.
CASES, ELEMENTS, STEPS, MOST = 3, 260, 10, 60
Makers = list[Callable[[], Case]]


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
    calls: dict[str, list[Any]] = {}
    for name, op in functions.entries():
        if functions.dtype_of(op) is None:
            continue
        torch.manual_seed(0)
        for sample in list(functions.samples(op)):
            calls.setdefault(name, []).append(functions.called_with(name, op, sample))
    for name, given in more_functions.table().items():
        for args, kwargs in given:
            fixed = adapters.with_samples(name, args, kwargs)
            calls.setdefault(name, []).append((args, fixed))
    for name, given in calls.items():
        random = name in adapters.RANDOM and random_draws.is_random
        kept = [call for call in given if not (random and random(name, *call))]
        yield name, [partial(functions.case_of, name, *call) for call in kept]


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
            calls = [(*made, *call) for made, calls in entries for call in calls]
            yield name, [partial(make, *call) for call in calls]


def small(makers: Makers) -> list[Case]:
    """The cases with few numbers; if there are none the smallest."""
    cases = [make() for make in makers[:: len(makers) // MOST + 1]]
    found = [case for case in cases if elements(case) <= ELEMENTS]
    return found or sorted(cases, key=elements)[:1]


def elements(case: Case) -> int:
    leaves = jax.tree.leaves(vars(case))
    return sum(leaf.size for leaf in leaves if isinstance(leaf, np.ndarray))


def spread(cases: list[Case]) -> list[Case]:
    """A few of them, far from each other: neighbours have settings in common."""
    places = np.linspace(0, len(cases) - 1, min(CASES, len(cases)))
    return [cases[round(place)] for place in places]


def optimizer_cases() -> dict[str, Any]:
    return {
        f"{info.optim_cls.__name__}-{index}": optimizers.steps_of(
            info.optim_cls, configuration.kwargs, STEPS
        )
        for info in optim_db
        if info.optim_cls.__name__ not in adapters.EXCLUDED_NAMES["optim"]
        for index, configuration in enumerate(info.optim_inputs_func(device="cpu"))
    }


if __name__ == "__main__":
    main()
