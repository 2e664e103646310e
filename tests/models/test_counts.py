"""Published numbers of parameters, in both halves."""

import math
from typing import Any

import jax
import pytest

import funcnet.compat as torch
from funcnet import models
from funcnet.compat.torchvision import models as compat_models

NAMES = models.list_models()
# One of each family; the others take as long again each.
FAMILIES = """
    alexnet convnext_tiny densenet121 efficientnet_b0 googlenet mnasnet0_5
    mobilenet_v3_small regnet_x_400mf resnet50 shufflenet_v2_x0_5 squeezenet1_1
    swin_v2_t vit_b_32 fcn_resnet50 deeplabv3_mobilenet_v3_large
    lraspp_mobilenet_v3_large
"""
# What is published counts no auxiliary heads of GoogLeNet, and larger images.
OPTIONS: dict[str, dict[str, Any]] = {
    "googlenet": {"aux_logits": False, "init_weights": True},
    "inception_v3": {"init_weights": True},
    "vit_h_14": {"image_size": 518},
}
SEGMENTATION = models.list_models(models.segmentation)


def options(name: str) -> dict[str, Any]:
    """What the published numbers are of."""
    if name not in SEGMENTATION:
        return OPTIONS.get(name, {})
    auxiliary = {} if name.startswith("lraspp") else {"aux_loss": True}
    return {"weights_backbone": None, **auxiliary}


def all_networks() -> list[Any]:
    slow, quick = pytest.mark.slow, FAMILIES.split()
    return [pytest.param(n, marks=() if n in quick else slow) for n in NAMES]


@pytest.mark.parametrize("name", all_networks())
def test_as_many_parameters_as_are_published(name: str) -> None:
    wanted = models.get_model_weights(name).DEFAULT.meta["num_params"]
    net = models.get_model(name, **options(name))
    params, _ = jax.eval_shape(net.init, jax.random.key(0))
    assert sum(math.prod(x.shape) for x in jax.tree.leaves(params)) == wanted
    with torch.device("meta"):
        module = compat_models.get_model(name, **options(name))
    assert sum(p.numel() for p in module.parameters()) == wanted
