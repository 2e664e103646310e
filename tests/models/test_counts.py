"""Published numbers of parameters and multiply-adds, in both halves."""

from typing import Any

import pytest

import funcnet.compat as torch
from funcnet import models
from funcnet.compat.torchvision import models as compat_models
from funcnet.compat.utils.summary import summary

NAMES = models.list_models()
# One of each family; the others take as long again each.
FAMILIES = """
    alexnet convnext_tiny densenet121 efficientnet_b0 googlenet mnasnet0_5
    mobilenet_v3_small regnet_x_400mf resnet50 shufflenet_v2_x0_5 squeezenet1_1
    swin_v2_t vit_b_32 fcn_resnet50 deeplabv3_mobilenet_v3_large
    lraspp_mobilenet_v3_large maxvit_t r3d_18
"""
COUNTED_IN_COMPAT = ("mobilenet_v3_small", "resnet50", "vit_b_32", "swin_v2_t")
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


def inputs(name: str, weights: Any) -> list[tuple[int, ...]]:
    """The shapes of the inputs with which multiply-adds were counted."""
    if name.startswith("raft"):
        return [(1, 3, 512, 512)] * 2  # which no page says
    settings = weights.transforms.keywords
    size = settings.get("crop_size") or settings["resize_size"]
    return [(1, 3, 16, *size) if isinstance(size, tuple) else (1, 3, size, size)]


def all_networks() -> list[Any]:
    slow, quick = pytest.mark.slow, FAMILIES.split()
    return [pytest.param(n, marks=() if n in quick else slow) for n in NAMES]


@pytest.mark.parametrize("name", all_networks())
def test_as_many_parameters_and_multiply_adds_as_are_published(name: str) -> None:
    weights = models.get_model_weights(name).DEFAULT
    net, shapes = models.get_model(name, **options(name)), inputs(name, weights)
    table = net.summary(*shapes)
    published = weights.meta["num_params"], weights.meta["_ops"]
    assert table.params == published[0]
    assert table.mult_adds / 1e9 == pytest.approx(published[1], abs=6e-4)
    with torch.device("meta"):
        module = compat_models.get_model(name, **options(name))
    assert sum(p.numel() for p in module.parameters()) == table.params
    if name in COUNTED_IN_COMPAT:
        of_modules = summary(module.to_empty(device="cpu"), *shapes)
        totals = of_modules.params, of_modules.mult_adds
        assert totals == (table.params, table.mult_adds)
        same = {row.path: row.mult_adds for row in table.rows}
        inner = [row for row in of_modules.rows if "." in row.path]
        assert all(row.mult_adds == same[row.path] for row in inner if row.path in same)


def test_modules_without_memory_are_not_counted() -> None:
    with torch.device("meta"):
        module = torch.nn.Linear(2, 3)
    with pytest.raises(ValueError, match="to_empty"):
        summary(module, (1, 2))
