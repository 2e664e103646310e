"""Networks that are compared with torchvision's: the size of their inputs; no torch.

A network whose name is not here is made as its file says, with images of 64 pixels.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple


class Case(NamedTuple):
    """How a network is built and called."""

    name: str
    shape: tuple[int, ...]  # of the input
    options: dict[str, Any]
    native_options: dict[str, Any]
    runs: bool  # in compat; else only its names, counts and shapes are compared
    native: bool  # also as a description
    inputs: int = 1
    call: Mapping[str, Any] = MappingProxyType({})  # further arguments of a call


# Of a family the members that are run: in compat, and natively. A full run takes all.
RUN: Final = """
    alexnet vgg11 vgg16 vgg11_bn resnet18 resnet50 resnet152 resnext50_32x4d
    wide_resnet50_2 densenet121 densenet161 squeezenet1_0 squeezenet1_1 googlenet
    inception_v3 mobilenet_v2 mobilenet_v3_large mobilenet_v3_small mnasnet0_5
    mnasnet1_3 shufflenet_v2_x0_5 shufflenet_v2_x2_0 efficientnet_b0 efficientnet_b1
    efficientnet_b5 efficientnet_v2_s regnet_y_400mf regnet_y_3_2gf regnet_x_800mf
    convnext_tiny vit_b_16 vit_b_32 swin_t swin_v2_t swin_s maxvit_t r3d_18 mc3_18
    r2plus1d_18 s3d mvit_v1_b mvit_v2_s swin3d_t raft_large raft_small fcn_resnet50
    deeplabv3_resnet50 deeplabv3_mobilenet_v3_large lraspp_mobilenet_v3_large
"""
NATIVE: Final = """
    alexnet vgg11_bn resnet18 resnext50_32x4d densenet121 squeezenet1_1 googlenet
    mobilenet_v2 mobilenet_v3_small mnasnet0_5 shufflenet_v2_x0_5 efficientnet_b0
    efficientnet_v2_s regnet_y_400mf convnext_tiny vit_b_32 swin_t swin_v2_t maxvit_t
    mc3_18 r2plus1d_18 mvit_v1_b mvit_v2_s swin3d_t raft_large raft_small
    lraspp_mobilenet_v3_large
"""
# Twice their numbers in float64, with gradients, are more than a machine may hold.
TOO_LARGE: Final = ("regnet_y_128gf", "vit_h_14")
# What several networks of a family have in common, by how their names begin.
SHAPES: Final[dict[str, tuple[int, ...]]] = {
    "alexnet": (2, 3, 80, 72),
    "vgg": (2, 3, 32, 48),
    "inception": (2, 3, 299, 299),
    "vit": (2, 3, 64, 64),
    "maxvit": (1, 3, 224, 224),  # the least whose parts windows of 7 divide
    "r3d": (2, 3, 5, 36, 32),
    "mc3": (2, 3, 5, 36, 32),
    "r2plus1d": (2, 3, 5, 36, 32),
    "s3d": (1, 3, 14, 224, 224),  # the least that the last pooling takes
    "mvit": (1, 3, 4, 64, 64),
    "swin3d": (1, 3, 18, 40, 44),
    "raft": (1, 3, 128, 136),
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
    "s3d": {"dropout": 0.0},
    "mvit": {
        "spatial_size": (64, 64),
        "temporal_size": 4,
        "dropout": 0.0,
        "stochastic_depth_prob": 0.0,
    },
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


def case(name: str, full: bool = False) -> Case:
    """The case of a network.

    Args:
        full: run it whatever family it is of, unless it is too large.
    """
    full = full and name not in TOO_LARGE
    raft = name.startswith("raft")
    return Case(
        name,
        _of_family(name, SHAPES, (2, 3, 64, 64)),
        _of_family(name, OPTIONS, {}),
        _of_family(name, NATIVE_OPTIONS, {}),
        full or name in RUN.split(),
        full or name in NATIVE.split(),
        2 if raft else 1,
        {"num_flow_updates": 2} if raft else {},
    )
