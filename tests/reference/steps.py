"""Steps of an optimizer on a small problem, and how to check them.

The problem is a fixed network on fixed data, made of formulas, so that PyTorch and
funcnet start from the same numbers without a random generator.
"""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from funcnet import optim
from tests.reference.cases import compare

SIZES = {"first.weight": (6, 4), "first.bias": (6,), "last.weight": (3, 6)}


@dataclass
class Steps:
    """An optimizer with its settings, and the parameters after each of its steps.

    Attributes:
        matrices: whether only the matrices are trained (Muon takes no others).
        x64: whether in float64: twenty inner steps of LBFGS, each scaled by quotients
            of small differences, blow rounding errors of float32 up by thousands.
        slack: an absolute tolerance, of which see `muon_slack`.
        params: by name, with the steps along the first axis.
    """

    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    matrices: bool = False
    x64: bool = False
    slack: float = 0.0
    params: dict[str, np.ndarray] = field(default_factory=dict)


def numbers(shape: tuple[int, ...], phase: float, dtype: str) -> np.ndarray:
    """Numbers between -1 and 1 in no order."""
    size = int(np.prod(shape))
    return np.sin(np.arange(size) * 2.7 + phase).reshape(shape).astype(dtype)


def problem(
    matrices: bool, x64: bool
) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """The first parameters, the inputs and the targets."""
    chosen = [n for n in SIZES if not matrices or n.endswith("weight")]
    dtype = "float64" if x64 else "float32"
    params = {n: numbers(SIZES[n], 1.0 + i, dtype) / 2 for i, n in enumerate(chosen)}
    return params, numbers((8, 4), 0.1, dtype), numbers((8, 3), 0.2, dtype)


def loss(params: dict[str, Any], x: Any, target: Any, library: Any) -> Any:
    """The mean squared error of a two-layer network, in numpy's or torch's words."""
    hidden = x @ params["first.weight"].T
    if "first.bias" in params:
        hidden = hidden + params["first.bias"][None]
    y = library.tanh(hidden) @ params["last.weight"].T
    return ((y - target) ** 2).mean()


def check_steps(steps: Steps) -> None:
    """Raise AssertionError unless funcnet's optimizer takes the same steps."""
    with jax.enable_x64(steps.x64):
        _check_steps(steps)


def _check_steps(steps: Steps) -> None:
    optimizer = getattr(optim, steps.name)(**steps.settings)
    start, x, target = problem(steps.matrices, steps.x64)
    params = jax.tree.map(jnp.asarray, start)
    state = optimizer.init(params)

    def value(params: Any) -> Any:
        return loss(params, x, target, jnp)

    optimizer = optax.with_extra_args_support(optimizer)

    @jax.jit
    def step(params: Any, state: Any) -> Any:
        now, grads = jax.value_and_grad(value)(params)
        updates, state = optimizer.update(
            grads, state, params, value=now, grad=grads, value_fn=value
        )
        return optax.apply_updates(params, updates), state

    count = len(next(iter(steps.params.values())))
    for index in range(count):
        params, state = step(params, state)
        for name, wanted in steps.params.items():
            what = f"{name} after step {index + 1}"
            compare(what, params[name], wanted[index], steps.slack)


def muon_slack(lr: float) -> float:
    """Muon's tolerance on another processor than the one that made the answers.

    It multiplies matrices of bfloat16. Where the last bit of a gradient differs, one of
    bfloat16 can fall the other way, and an element of that step changes by up to half.
    """
    return lr / 2
