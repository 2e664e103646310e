"""Published numbers of parameters, in both halves."""

import math
from typing import Any

import jax
import pytest

import funcnet.compat as torch
from funcnet import models
from funcnet.compat.torchvision import models as compat_models

# Those on a MobileNet once that is there.
NAMES = [
    name
    for name in models.list_models()
    if "_mobilenet" not in name or "mobilenet_v3_large" in models.list_models()
]
SEGMENTATION = models.list_models(models.segmentation)


def options(name: str) -> dict[str, Any]:
    """What the published numbers are of."""
    if name not in SEGMENTATION:
        return {}
    auxiliary = {} if name.startswith("lraspp") else {"aux_loss": True}
    return {"weights_backbone": None, **auxiliary}


@pytest.mark.parametrize("name", NAMES)
def test_as_many_parameters_as_are_published(name: str) -> None:
    wanted = models.get_model_weights(name).DEFAULT.meta["num_params"]
    net = models.get_model(name, **options(name))
    params, _ = jax.eval_shape(net.init, jax.random.key(0))
    assert sum(math.prod(x.shape) for x in jax.tree.leaves(params)) == wanted
    with torch.device("meta"):
        module = compat_models.get_model(name, **options(name))
    assert sum(p.numel() for p in module.parameters()) == wanted
