"""`torchvision.models` of compat beside torchvision itself."""

import inspect
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

import funcnet.compat as _compat
from funcnet.compat.torchvision import models as mine
from tests.parity import networks
from tests.parity.cases.networks import Case
from tests.parity.networks import theirs
from tests.parity.report import Tally, Trial

# Attributes that hold what was computed, or that torchvision forgets to use.
UNLIKE = ("stddev", "made_with", "cell_anchors", "corr_pyramid")


def trials(tally: Tally) -> Iterator[Trial]:
    for one in networks.cases(mine.list_models(), tally.full):
        yield Trial(one.name, "what is known", partial(_known, one))
        yield Trial(one.name, "names and shapes", partial(_named, one))
        if one.runs:
            yield Trial(one.name, "initialisation", partial(_initialised, one))
            yield Trial(one.name, "eval", partial(_run, one, False))
            yield Trial(one.name, "train", partial(_run, one, True))


def _known(one: Case) -> None:
    """Weights, their metadata and transforms; the names of the file."""
    ours = mine.get_model_weights(one.name)
    wanted = theirs.get_model_weights(one.name)
    assert ours.__name__ == wanted.__name__
    assert list(ours.__members__) == list(wanted.__members__)
    for member in wanted:
        meta = {key: value for key, value in member.meta.items() if key != "_docs"}
        assert ours[member.name].meta == meta
        assert ours[member.name].url == member.url
        assert repr(ours[member.name].transforms()) == repr(member.transforms())
    builder, real = mine.get_model_builder(one.name), theirs.get_model_builder(one.name)
    assert builder.__module__.endswith(real.__module__)
    assert list(inspect.signature(builder).parameters) == list(
        inspect.signature(real).parameters
    )
    file = inspect.getmodule(real)
    assert file is not None
    ours_file = mine._api.importlib.import_module(builder.__module__)
    assert set(file.__all__) <= set(ours_file.__all__)


def _named(one: Case) -> None:
    real = networks.without_memory(one)
    with _compat.device("meta"):
        model = mine.get_model(one.name, **one.options)
    told = [(n, tuple(x.shape)) for n, x in model.state_dict().items()]
    assert told == [(n, tuple(x.shape)) for n, x in real.state_dict().items()]
    parts = [(n, type(m).__name__) for n, m in model.named_modules()]
    assert parts == [(n, type(m).__name__) for n, m in real.named_modules()]
    counts = [sum(p.numel() for p in m.parameters()) for m in (model, real)]
    assert counts[0] == counts[1]
    for name, module in real.named_modules():
        _same_settings(name, model.get_submodule(name), module)


def _same_settings(path: str, module: _compat.nn.Module, real: torch.nn.Module) -> None:
    """The plain attributes of torchvision's own classes, which scripts read."""
    if not type(real).__module__.startswith("torchvision"):
        return
    for name, value in vars(real).items():
        known = name[0] != "_" and name not in UNLIKE
        if known and isinstance(value, int | float | str | tuple | list):
            assert getattr(module, name, None) == value, f"{path}.{name}"


def _initialised(one: Case) -> None:
    wanted = networks.arrays_of(networks.build(one).state_dict())
    _compat.manual_seed(0)
    ours = networks.arrays_of(mine.get_model(one.name, **one.options).state_dict())
    for name, array in wanted.items():
        np.testing.assert_allclose(ours[name], array, 1e-5, 1e-6, err_msg=name)


def _run(one: Case, train: bool) -> bool:
    return networks.in_doubt_double(partial(_compare, one, train), train)


def _compare(one: Case, train: bool, dtype: str) -> None:
    real = networks.jogged(networks.build(one), torch)
    model = mine.get_model(one.name, **one.options)
    given = networks.arrays_of(real.state_dict())
    tensors = {name: _compat.from_numpy(array) for name, array in given.items()}
    model.load_state_dict(with_versions(model, tensors), strict=True)
    back = networks.arrays_of(model.state_dict())
    told = {n: torch.from_numpy(a) for n, a in back.items()}
    real.load_state_dict(with_versions(real, told), strict=True)
    wanted = networks.run(real, one, train, torch, dtype)
    networks.same_run(networks.run(model, one, train, _compat, dtype), wanted)


def with_versions(model: Any, tensors: dict[str, Any]) -> Any:
    """A state dict that says which version of each class it is from."""
    result = model.state_dict()
    result.update(tensors)
    return result
