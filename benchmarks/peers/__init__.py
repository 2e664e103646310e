"""How each peer turns a task's network into a training step.

Each module here has a `training` function; the networks are in the task folders, in
files of the same name.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Training(NamedTuple):
    """A network under training: `step()` trains once, `wait(loss)` until it is done."""

    step: Callable[[], Any]
    wait: Callable[[Any], float]
    parameters: int


class Peer(NamedTuple):
    """A library to compare with: its packages, the modules here that use it.

    `stands_in` says that it runs PyTorch's modules in its place.
    """

    title: str
    packages: tuple[str, ...]
    module: str
    options: Mapping[str, Any] = MappingProxyType({})
    stands_in: bool = False


PEERS = {
    "funcnet": Peer("funcnet", ("jax",), "in_funcnet"),
    "compat": Peer("funcnet.compat", ("jax",), "in_torch", stands_in=True),
    "jax": Peer("JAX by hand", ("jax", "optax"), "in_jax"),
    "nnx": Peer("Flax NNX", ("jax", "optax", "flax"), "in_nnx"),
    "equinox": Peer("Equinox", ("jax", "optax", "equinox"), "in_equinox"),
    "torch": Peer("PyTorch", ("torch",), "in_torch"),
    "torch-compile": Peer(
        "PyTorch, compiled", ("torch",), "in_torch", {"compiled": True}
    ),
}
