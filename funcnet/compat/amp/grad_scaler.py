"""Gradient scaling, as `torch.amp.grad_scaler`."""

import warnings
from collections.abc import Iterable
from enum import Enum
from typing import Any, overload

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.context import no_grad
from funcnet.compat._core.device import gpus
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.create.creation import tensor
from funcnet.compat._ops.shape.joining import stack
from funcnet.compat._tensor.tensor import Tensor


class OptState(Enum):
    """State of an optimizer in a step."""

    READY = 0
    UNSCALED = 1
    STEPPED = 2


@explains_keywords
class GradScaler:
    """Gradient scaler: scales the loss against underflow in float16, as `torch.amp`.

    A step whose gradients are not finite is left out, and the scale is made smaller;
    after `growth_interval` steps that are finite it is made larger.
    """

    def __init__(
        self,
        device: str = "cuda",
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        if enabled and device == "cuda" and not gpus():
            warnings.warn(
                "torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  "
                "Disabling.",
                stacklevel=outside(),
            )
            enabled = False
        if enabled and growth_factor <= 1.0:
            raise AssertionError("The growth factor must be > 1.0.")
        if enabled and backoff_factor >= 1.0:
            raise AssertionError("The backoff factor must be < 1.0.")
        self._device = device
        self._enabled = enabled
        self._scale = float(init_scale)
        self._growth_factor = growth_factor
        self._backoff_factor = backoff_factor
        self._growth_interval = growth_interval
        self._growth_tracker = 0
        self._used = False
        # Of each optimizer since the last `update`: how far it is, and whether all of
        # its gradients were finite.
        self._stages: dict[int, OptState] = {}
        self._finite: dict[int, bool] = {}

    @overload
    def scale(self, outputs: Tensor) -> Tensor: ...
    @overload
    def scale(self, outputs: Iterable[Tensor]) -> Iterable[Tensor]: ...
    def scale(self, outputs: Any) -> Any:
        """Multiply a tensor, or each of several, by the scale."""
        if not self._enabled:
            return outputs
        if isinstance(outputs, Tensor):
            self._used = True
            # A tensor, so that a loss in half precision becomes one in single.
            where = outputs.device
            scale = tensor(self._scale, dtype=_dtypes.float32, device=where)
            return outputs * scale
        if isinstance(outputs, Iterable):
            scaled = map(self.scale, outputs)
            return (
                type(outputs)(scaled) if isinstance(outputs, list | tuple) else scaled
            )
        raise ValueError("outputs must be a Tensor or an iterable of Tensors")

    def unscale_(self, optimizer: Any) -> None:
        """Divide the gradients of an optimizer's parameters by the scale."""
        if not self._enabled:
            return
        self._check_used("unscale_")
        stage = self._stages.get(id(optimizer), OptState.READY)
        if stage is OptState.UNSCALED:
            raise RuntimeError(
                "unscale_() has already been called on this optimizer since the last "
                "update()."
            )
        if stage is OptState.STEPPED:
            raise RuntimeError("unscale_() is being called after step().")
        grads = [
            p.grad
            for group in optimizer.param_groups
            for p in group["params"]
            if p.grad is not None
        ]
        if any(grad.dtype is _dtypes.float16 for grad in grads):
            raise ValueError(
                "Attempting to unscale FP16 gradients. Keep the parameters in float32 "
                "and compute under torch.autocast."
            )
        self._stages[id(optimizer)] = OptState.UNSCALED
        if not grads:
            return
        with no_grad():
            for grad in grads:
                grad.mul_(1 / self._scale)
            finite = [grad.isfinite().all() for grad in grads]
            # One look for all of them: each would run a program.
            self._finite[id(optimizer)] = bool(stack(finite).all())

    def step(self, optimizer: Any, *args: object, **kwargs: object) -> Any:
        """Call the optimizer's step if the gradients are finite."""
        if not self._enabled:
            return optimizer.step(*args, **kwargs)
        if "closure" in kwargs:
            raise RuntimeError(
                "Closure use is not currently supported if GradScaler is enabled."
            )
        self._check_used("step")
        stage = self._stages.get(id(optimizer), OptState.READY)
        if stage is OptState.STEPPED:
            raise RuntimeError(
                "step() has already been called since the last update()."
            )
        if stage is OptState.READY:
            self.unscale_(optimizer)
        if id(optimizer) not in self._finite:
            raise AssertionError("No inf checks were recorded for this optimizer.")
        self._stages[id(optimizer)] = OptState.STEPPED
        if self._finite[id(optimizer)]:
            return optimizer.step(*args, **kwargs)
        return None

    def update(self, new_scale: Tensor | float | None = None) -> None:
        """Update the scale for the next step, or set it."""
        if not self._enabled:
            return
        self._check_used("update")
        if new_scale is not None:
            self._scale = float(new_scale)
        elif not self._finite:
            raise AssertionError("No inf checks were recorded prior to update.")
        elif not all(self._finite.values()):
            self._scale *= self._backoff_factor
            self._growth_tracker = 0
        else:
            self._growth_tracker += 1
            if self._growth_tracker == self._growth_interval:
                self._scale *= self._growth_factor
                self._growth_tracker = 0
        self._stages.clear()
        self._finite.clear()

    def _check_used(self, name: str) -> None:
        if not self._used:
            raise AssertionError(
                f"Attempted {name} but _scale is None.  This may indicate your script "
                "did not use scaler.scale(loss or outputs) earlier in the iteration."
            )

    def get_scale(self) -> float:
        """Return the scale; 1 if switched off."""
        return self._scale if self._enabled else 1.0

    def get_growth_factor(self) -> float:
        """Return the factor by which the scale grows."""
        return self._growth_factor

    def set_growth_factor(self, new_factor: float) -> None:
        """Set the factor by which the scale grows."""
        self._growth_factor = new_factor

    def get_backoff_factor(self) -> float:
        """Return the factor by which the scale shrinks."""
        return self._backoff_factor

    def set_backoff_factor(self, new_factor: float) -> None:
        """Set the factor by which the scale shrinks."""
        self._backoff_factor = new_factor

    def get_growth_interval(self) -> int:
        """Return the number of finite steps after which the scale grows."""
        return self._growth_interval

    def set_growth_interval(self, new_interval: int) -> None:
        """Set the number of finite steps after which the scale grows."""
        self._growth_interval = new_interval

    def is_enabled(self) -> bool:
        """Return whether the scaler is enabled."""
        return self._enabled

    def state_dict(self) -> dict[str, Any]:
        """Return the settings and the scale."""
        if not self._enabled:
            return {}
        return {
            "scale": self._scale,
            "growth_factor": self._growth_factor,
            "backoff_factor": self._backoff_factor,
            "growth_interval": self._growth_interval,
            "_growth_tracker": self._growth_tracker,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load the state that `state_dict` returned."""
        if not self._enabled:
            return
        if not state_dict:
            raise RuntimeError(
                "The source state dict is empty, possibly because it was saved from a "
                "disabled instance of GradScaler."
            )
        self._scale = float(state_dict["scale"])
        self._growth_factor = state_dict["growth_factor"]
        self._backoff_factor = state_dict["backoff_factor"]
        self._growth_interval = state_dict["growth_interval"]
        self._growth_tracker = state_dict["_growth_tracker"]


__all__ = ["GradScaler", "OptState"]
