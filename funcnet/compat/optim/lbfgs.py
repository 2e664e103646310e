"""L-BFGS, whose closure is called several times in a step, as `torch.optim.LBFGS`.

What the closure computes runs compiled; the vectors in between live on the host, since
each evaluation of the loss decides what comes next.
"""

import functools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from funcnet._types import ArrayLike
from funcnet.compat._core.context import enable_grad, no_grad
from funcnet.compat._core.device import device as Device
from funcnet.compat._engine.graph import constant
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat.optim._base import Settings, UpdateOptimizer
from funcnet.compat.optim._settings import takes_settings
from funcnet.compat.optim._sharing import share_memory
from funcnet.compat.optim.optimizer import ParamsT
from funcnet.optim._lbfgs.ops import HOST
from funcnet.optim._lbfgs.strong_wolfe import Point, strong_wolfe
from funcnet.optim._settings import LR


class LBFGS(UpdateOptimizer):
    """L-BFGS, a quasi-Newton method, as `torch.optim.LBFGS`.

    Args:
        params: the tensors to optimize, in one group.
        lr: the step along the direction, or the first one the line search tries.
        max_iter: iterations in one step.
        max_eval: evaluations in one step (default: `max_iter * 1.25`).
        tolerance_grad: stop when no gradient is larger.
        tolerance_change: stop when the loss or the parameters change by less.
        history_size: number of changes in memory.
        line_search_fn: None, or `"strong_wolfe"`.
    """

    checks = (LR,)

    @takes_settings()
    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None: ...

    def _start(self, params: ParamsT, settings: Settings) -> None:
        if settings["max_eval"] is None:
            settings["max_eval"] = settings["max_iter"] * 5 // 4
        super()._start(params, settings)
        if len(self.param_groups) != 1:
            raise ValueError(
                "LBFGS doesn't support per-parameter options (parameter groups)"
            )
        self._params = self.param_groups[0]["params"]

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Run the iterations of one step; `closure` is called several times."""
        if closure is None:
            raise TypeError(
                "LBFGS.step() missing 1 required positional argument: 'closure', a "
                "function that clears the gradients, computes the loss, calls "
                "backward() and returns the loss"
            )
        group = self.param_groups[0]
        search = group["line_search_fn"]
        if search not in (None, "strong_wolfe"):
            raise RuntimeError("only 'strong_wolfe' is supported")
        state = self.state[self._params[0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)
        first, value, grad = self._evaluate(closure)
        evaluations = 1
        state["func_evals"] += 1
        if np.abs(grad).max() <= group["tolerance_grad"]:
            return first
        lr = float(group["lr"])
        memory = _Memory(state, group["history_size"])
        for iteration in range(1, group["max_iter"] + 1):
            state["n_iter"] += 1
            direction = memory.direction(grad, state["n_iter"] == 1)
            if memory.weights:
                state.setdefault("al", [])  # in PyTorch's order; `save` fills it
            memory.grad, last_value = grad, value
            first_size = min(1.0, 1.0 / float(np.abs(grad).sum())) * lr
            size = first_size if state["n_iter"] == 1 else lr
            memory.size = size
            slope = float(grad @ direction)
            if slope > -group["tolerance_change"]:
                break
            trials = 0
            x = self._flat([p._array() for p in self._params])
            if search:
                point, trials = strong_wolfe(
                    HOST,
                    functools.partial(self._try, closure, x, direction),
                    np.float64(size),
                    _point(0.0, value, grad, slope),
                    np.abs(direction).max(),
                    max_retries=group["max_eval"] - evaluations,
                    tolerance_change=group["tolerance_change"],
                )
                size, value, grad = float(point.size), float(point.value), point.grad
                trials = int(trials)
                memory.size = size
                self._move(x, x.dtype.type(size) * direction)
            else:
                self._move(x, x.dtype.type(size) * direction)
                if iteration < group["max_iter"]:
                    _, value, grad = self._evaluate(closure)
                    trials = 1
            evaluations += trials
            state["func_evals"] += trials
            if (
                evaluations >= group["max_eval"]
                or np.abs(grad).max() <= group["tolerance_grad"]
                or np.abs(direction * size).max() <= group["tolerance_change"]
                or abs(value - last_value) < group["tolerance_change"]
            ):
                break
        memory.save(state, last_value, self._params[0].device)
        return first

    def _evaluate(self, closure: Callable[[], Any]) -> tuple[Any, float, np.ndarray]:
        """The loss as the closure returns it, its value, and the gradient."""
        with enable_grad():
            loss = closure()
        value = float(loss._array() if isinstance(loss, Tensor) else loss)
        arrays = []
        for p in self._params:
            grad = p._grad
            zero = np.zeros(p._spec.shape, p.dtype.numpy)
            arrays.append(zero if grad is None else grad._array())
        return loss, value, self._flat(arrays)

    def _try(
        self,
        closure: Callable[[], Any],
        x: np.ndarray,
        direction: np.ndarray,
        size: float,
    ) -> Point:
        self._move(x, x.dtype.type(size) * direction)
        _, value, grad = self._evaluate(closure)
        return _point(size, value, grad, float(grad @ direction))

    def _flat(self, arrays: list[Any]) -> np.ndarray:
        """Arrays as one vector; complex numbers are pairs of real ones."""
        vectors = []
        for p, array in zip(self._params, arrays, strict=True):
            vector = np.ascontiguousarray(array).reshape(-1)
            vectors.append(vector.view(p.dtype.to_real().numpy))
        return np.concatenate(vectors)

    @no_grad()
    def _move(self, x: np.ndarray, change: np.ndarray) -> None:
        """Set all parameters to a point, then add to each its part of the change."""
        if not share_memory(self._params):
            for p, array in zip(self._params, self._parts(x + change), strict=True):
                p._write(constant(array, p.device))
            return
        for p, array in zip(self._params, self._parts(x), strict=True):
            p._write(constant(array, p.device))
        for p, array in zip(self._params, self._parts(change), strict=True):
            p._write(constant(p._array() + array, p.device))

    def _parts(self, vector: np.ndarray) -> Iterator[np.ndarray]:
        """A vector cut into arrays like the parameters."""
        start = 0
        for p in self._params:
            dtype = p.dtype
            count = math.prod(p._spec.shape) * (2 if dtype.is_complex else 1)
            part = vector[start : start + count].astype(dtype.to_real().numpy)
            yield part.view(dtype.numpy).reshape(p._spec.shape)
            start += count


def _point(size: float, value: float, grad: np.ndarray, slope: float) -> Point:
    """A point on the line, with scalars of numpy."""
    return Point(np.float64(size), np.float64(value), grad, np.float64(slope))


class _Memory:
    """The last changes of gradient and position, under PyTorch's names in the state."""

    def __init__(self, state: dict[str, Any], history_size: int) -> None:
        self.history_size = history_size
        self.dirs = [_host(x) for x in state.get("old_dirs", [])]
        self.steps = [_host(x) for x in state.get("old_stps", [])]
        self.ro = [float(x) for x in state.get("ro", [])]
        self.scale = float(state.get("H_diag", 1))
        self.last = _host(state["d"]) if "d" in state else None
        self.grad = _host(state["prev_flat_grad"]) if "d" in state else None
        self.size = float(state.get("t", 0))
        self.weights = [None if x is None else _host(x) for x in state.get("al", ())]

    def direction(self, grad: np.ndarray, first: bool) -> np.ndarray:
        """The negative gradient times the approximate inverse Hessian."""
        if first:
            self.dirs, self.steps, self.ro, self.scale = [], [], [], 1.0
            self.last = -grad
            return self.last
        assert self.grad is not None, "no last iteration"
        assert self.last is not None, "no last iteration"
        dtype = grad.dtype.type
        change = grad - self.grad
        step = self.last * dtype(self.size)
        curvature = float(change @ step)
        if curvature > 1e-10:
            if len(self.dirs) == self.history_size:
                del self.dirs[0], self.steps[0], self.ro[0]
            self.dirs.append(change)
            self.steps.append(step)
            self.ro.append(1 / curvature)
            self.scale = curvature / float(change @ change)
        q = -grad
        weights: list[Any] = []
        for change, step, ro in zip(
            self.dirs[::-1], self.steps[::-1], self.ro[::-1], strict=True
        ):
            weights.append(np.asarray(float(step @ q) * ro, grad.dtype))
            q = q - weights[-1] * change
        q = q * dtype(self.scale)
        for change, step, ro, weight in zip(
            self.dirs, self.steps, self.ro, weights[::-1], strict=True
        ):
            q = q + (weight - dtype(float(change @ q) * ro)) * step
        self.last = q
        recent = weights[::-1]
        rest = self.weights[len(recent) :] or [None] * (self.history_size - len(recent))
        self.weights = recent + rest
        return q

    def save(self, state: dict[str, Any], last_value: float, device: Device) -> None:
        assert self.grad is not None, "nothing to save"
        assert self.last is not None, "nothing to save"
        dtype = self.grad.dtype

        def tensor(x: ArrayLike) -> Tensor:
            return from_array(np.asarray(x, dtype), device)

        state["d"] = tensor(self.last)
        state["t"] = self.size
        state["old_dirs"] = [tensor(x) for x in self.dirs]
        state["old_stps"] = [tensor(x) for x in self.steps]
        state["ro"] = [tensor(x) for x in self.ro]
        state["H_diag"] = tensor(self.scale) if self.ro else 1
        state["prev_flat_grad"] = tensor(self.grad)
        state["prev_loss"] = last_value
        if self.weights:
            state["al"] = [None if x is None else tensor(x) for x in self.weights]


def _host(x: Tensor) -> np.ndarray:
    return np.asarray(x._array())


__all__ = [
    "LBFGS",
]
