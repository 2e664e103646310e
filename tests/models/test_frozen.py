"""Networks of both halves give the numbers that torchvision gave, frozen."""

from functools import partial
from typing import Any

import jax
import numpy as np
import pytest

import funcnet.compat as torch
from funcnet import models, tree
from funcnet.checkpoint._flat_names import nest
from funcnet.compat.torchvision import models as compat_models
from tests.parity.cases.networks import Case
from tests.reference import networks
from tests.reference.interpreted import evaluated

WANTED = networks.read()
MODES = {"eval": False, "train": True}
# Of the largest number; in training both sides compute in double.
TOLERANCES = {"eval": 1e-4, "train": 1e-5}


def test_every_network_is_frozen() -> None:
    assert WANTED.keys() == networks.CASES.keys()


@pytest.mark.parametrize("name", networks.CASES)
def test_networks_give_the_numbers_of_torchvision(name: str) -> None:
    one, wanted = networks.CASES[name], WANTED[name]
    module = networks.build(one, torch, compat_models)
    initial = networks.parameters(networks.arrays_of(module.state_dict()))
    networks.same(initial, wanted["initial"], 1e-6)
    arrays = networks.arrays_of(networks.jogged(module, torch).state_dict())
    for mode, train in MODES.items():
        y = networks.called(module, one, train, torch)
        networks.same(networks.kept(y), wanted[mode], TOLERANCES[mode])
    after = networks.statistics(networks.arrays_of(module.state_dict()))
    networks.same(after, wanted["statistics"], 1e-6)
    for mode, train in MODES.items():
        y, new = natively(one, arrays, train)
        networks.same(networks.kept(y), wanted[mode], TOLERANCES[mode])
    networks.same(networks.statistics(new), wanted["statistics"], 1e-6)


def natively(one: Case, arrays: dict[str, np.ndarray], train: bool) -> Any:
    """The output and the new state of the description with a module's arrays."""
    model = getattr(models, one.name)(**one.options, **one.native_options)
    dtype = networks.DTYPES[train]
    shapes = jax.eval_shape(model.init, jax.random.key(0))
    cast = {n: x.astype(dtype) if x.dtype.kind == "f" else x for n, x in arrays.items()}
    given = [nest({n: cast[n] for n in tree.flatten(part)}) for part in shapes]
    with jax.enable_x64(train):
        y, new = evaluated(
            partial(model.apply, train=train), *given, *networks.examples(one, dtype)
        )
    return y, tree.flatten(new)
