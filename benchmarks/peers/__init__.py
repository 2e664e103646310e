"""How each peer turns a task's network into a training step.

`PEERS` maps a peer's name to the module here that has its `training` function, and
to the name of the file with its network in each task's folder.
"""

from collections.abc import Callable
from typing import Any, NamedTuple


class Training(NamedTuple):
    """A network under training: `step()` trains once, `wait(loss)` until it is done."""

    step: Callable[[], Any]
    wait: Callable[[Any], float]
    parameters: int


class Peer(NamedTuple):
    """A library to compare with."""

    title: str
    package: str
    module: str
    options: dict[str, Any] = {}


PEERS = {
    "funcnet": Peer("funcnet", "funcnet", "in_funcnet"),
    "jax": Peer("JAX by hand", "jax", "in_jax"),
    "nnx": Peer("Flax NNX", "flax", "in_nnx"),
    "equinox": Peer("Equinox", "equinox", "in_equinox"),
    "torch": Peer("PyTorch", "torch", "in_torch"),
    "torch-compile": Peer(
        "PyTorch compiled", "torch", "in_torch", {"compiled": True}
    ),
}
