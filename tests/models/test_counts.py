"""Published numbers of parameters, in both halves."""

import math

import jax
import pytest

import funcnet.compat as torch
from funcnet import models
from funcnet.compat.torchvision import models as compat_models

NAMES = models.list_models()


@pytest.mark.parametrize("name", NAMES)
def test_as_many_parameters_as_are_published(name: str) -> None:
    wanted = models.get_model_weights(name).DEFAULT.meta["num_params"]
    net = models.get_model(name)
    params, _ = jax.eval_shape(net.init, jax.random.key(0))
    assert sum(math.prod(x.shape) for x in jax.tree.leaves(params)) == wanted
    with torch.device("meta"):
        module = compat_models.get_model(name)
    assert sum(p.numel() for p in module.parameters()) == wanted
