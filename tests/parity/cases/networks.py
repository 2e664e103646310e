"""Networks that are compared with torchvision's: the size of their inputs; no torch.

A network whose name is not here is made as its file says, with images of 64 pixels.
"""

from typing import Any, Final, NamedTuple


class Case(NamedTuple):
    """How a network is built and called."""

    name: str
    shape: tuple[int, ...]  # of the input
    options: dict[str, Any]
    runs: bool  # in compat; else only its names, counts and shapes are compared
    native: bool  # also as a description


# Of a family the members that are run natively: each is compiled by XLA.
NATIVE: Final = frozenset(
    ["alexnet", "resnet18", "resnet50", "resnext50_32x4d", "vgg11", "vgg11_bn"]
)
# Their arrays alone are most of a gigabyte, several times, and a smaller one is alike.
HUGE: Final = frozenset(["vgg13", "vgg13_bn", "vgg16_bn", "vgg19", "vgg19_bn"])
SHAPES: Final[dict[str, tuple[int, ...]]] = {"alexnet": (2, 3, 80, 72)} | {
    f"vgg{n}{bn}": (2, 3, 32, 48) for n in (11, 13, 16, 19) for bn in ("", "_bn")
}
OPTIONS: Final[dict[str, dict[str, Any]]] = {}


def case(name: str) -> Case:
    """The case of a network."""
    return Case(
        name,
        SHAPES.get(name, (4, 3, 64, 64)),
        OPTIONS.get(name, {}),
        name not in HUGE,
        name in NATIVE,
    )
