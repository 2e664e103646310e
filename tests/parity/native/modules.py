"""`module_db`: every module on all its sample inputs, in train and in eval mode."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch.testing._internal.common_modules import module_db

from funcnet import nn
from tests.parity import adapters
from tests.parity.bridge import doubled, judge, layer_case, quiet, settings
from tests.parity.report import Tally, Trial
from tests.reference.cases import Built, Case


def trials(tally: Tally) -> Iterator[Trial]:
    for info in module_db:
        name = info.module_cls.__name__
        if name in adapters.EXCLUDED_NAMES["nn"]:
            tally.excluded[name] = adapters.EXCLUDED_NAMES["nn"][name]
            continue
        for train in (True, False):
            for index, sample in enumerate(samples(info, train)):
                if sample.forward_input is None:
                    continue
                label = f"sample {index} in {'train' if train else 'eval'} mode"
                run = partial(_run, info.module_cls, sample, train)
                yield Trial(name, label, run)


def samples(info: Any, train: bool) -> list[Any]:
    torch.manual_seed(0)
    return info.module_inputs_func(
        info, device="cpu", dtype=torch.float32, requires_grad=True, training=train
    )


def _run(cls: Any, sample: Any, train: bool) -> bool:
    require(cls.__name__)
    return judge(partial(case_of, cls, sample, train))


def require(name: str) -> None:
    if not hasattr(nn, name):
        raise AttributeError(f"funcnet.nn has no {name}")


def case_of(cls: Any, sample: Any, train: bool, double: bool = False) -> Case:
    result, called = sample.constructor_input, sample.forward_input
    arguments = (result.args, result.kwargs, called.args, called.kwargs)
    return module_case(cls, *arguments, train, double)


def module_case(
    cls: Any,
    made_args: Any,
    made_kwargs: dict[str, Any],
    args: Any,
    kwargs: dict[str, Any],
    train: bool,
    double: bool = False,
) -> Case:
    """The case of one module, made and called with these arguments.

    With `double` torch computes in float64.
    """
    name = cls.__name__
    torch.manual_seed(0)
    with quiet():
        module = cls(*made_args, **made_kwargs).train(train).float()
    if double:
        module, (args, kwargs) = module.double(), doubled((args, kwargs))
    layer = Built(name, *settings(*adapters.layer_settings(made_args, made_kwargs)))
    call = adapters.layer_call(made_kwargs, args, kwargs)
    return layer_case(layer, module, *call, *adapters.module_call(args, kwargs))
