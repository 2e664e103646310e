"""Networks that are compared with torchvision's: the size of their inputs; no torch.

A network whose name is not here is made as its file says, with images of 64 pixels.
"""

from typing import Any, Final, NamedTuple


class Case(NamedTuple):
    """How a network is built and called."""

    name: str
    shape: tuple[int, ...]  # of the input
    options: dict[str, Any]
    native_options: dict[str, Any]
    runs: bool  # in compat; else only its names, counts and shapes are compared
    native: bool  # also as a description


# Of a family the members that are run: in compat, and natively.
RUN: Final = """
    alexnet vgg11 vgg16 vgg11_bn resnet18 resnet50 resnet152 resnext50_32x4d
    wide_resnet50_2 densenet121 densenet161 squeezenet1_0 squeezenet1_1 googlenet
    inception_v3 mobilenet_v2 mobilenet_v3_large mobilenet_v3_small mnasnet0_5
    mnasnet1_3 shufflenet_v2_x0_5 shufflenet_v2_x2_0 efficientnet_b0 efficientnet_b1
    efficientnet_b5 efficientnet_v2_s regnet_y_400mf regnet_y_3_2gf regnet_x_800mf
    convnext_tiny vit_b_16 vit_b_32 swin_t swin_v2_t swin_s
"""
NATIVE: Final = """
    alexnet vgg11_bn resnet18 resnext50_32x4d densenet121 squeezenet1_1 googlenet
    mobilenet_v2 mobilenet_v3_small mnasnet0_5 shufflenet_v2_x0_5 efficientnet_b0
    efficientnet_v2_s regnet_y_400mf convnext_tiny vit_b_32 swin_t swin_v2_t
"""
# What several networks of a family have in common, by how their names begin.
SHAPES: Final[dict[str, tuple[int, ...]]] = {
    "alexnet": (2, 3, 80, 72),
    "vgg": (2, 3, 32, 48),
    "inception": (2, 3, 299, 299),
    "vit": (2, 3, 64, 64),
    "swin": (2, 3, 64, 72),
    "convnext": (2, 3, 64, 64),
}
OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "alexnet": {"dropout": 0.0},
    "convnext": {"stochastic_depth_prob": 0.0},
    "efficientnet": {"dropout": 0.0, "stochastic_depth_prob": 0.0},
    "googlenet": {"dropout": 0.0, "dropout_aux": 0.0, "init_weights": True},
    "inception": {"dropout": 0.0, "init_weights": True},
    "mnasnet": {"dropout": 0.0},
    "mobilenet": {"dropout": 0.0},
    "squeezenet": {"dropout": 0.0},
    "vgg": {"dropout": 0.0},
    "vit": {"image_size": 64},
    # Of these the backbone has weights unless it is said.
    "deeplabv3": {"weights_backbone": None, "aux_loss": True},
    "fcn": {"weights_backbone": None, "aux_loss": True},
    **{
        start: {"weights_backbone": None}
        for start in (
            *("fasterrcnn", "fcos", "keypointrcnn", "lraspp", "maskrcnn", "retinanet"),
            "ssd",
        )
    },
}


# What torchvision's builders do not take, and a description must be told.
NATIVE_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "swin": {"stochastic_depth_prob": 0.0}
}


def _of_family(name: str, table: dict[str, Any], otherwise: Any) -> Any:
    found = [value for start, value in table.items() if name.startswith(start)]
    return found[0] if found else otherwise


def case(name: str) -> Case:
    """The case of a network."""
    return Case(
        name,
        _of_family(name, SHAPES, (2, 3, 64, 64)),
        _of_family(name, OPTIONS, {}),
        _of_family(name, NATIVE_OPTIONS, {}),
        name in RUN.split(),
        name in NATIVE.split(),
    )
