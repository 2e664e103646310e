"""Mixed precision, as `torch.amp`."""

import functools
import warnings
from collections.abc import Callable
from typing import Any

from funcnet.compat import _dtypes
from funcnet.compat._devices import gpus
from funcnet.compat._dtypes import dtype as DType
from funcnet.compat._modes import modes, no_grad
from funcnet.compat._ops import FUNCTIONS

_FAST = {"cpu": _dtypes.bfloat16, "cuda": _dtypes.float16}


class autocast:  # noqa: N801 - PyTorch's name
    """Compute products in half precision and sums in single, as `torch.autocast`.

    For a `with` block or as a decorator. On CPUs the half precision is bfloat16.
    """

    def __init__(
        self,
        device_type: str,
        dtype: DType | None = None,
        enabled: bool = True,
        cache_enabled: bool | None = None,
    ) -> None:
        if device_type not in _FAST:
            raise RuntimeError(
                f"User specified an unsupported autocast device_type '{device_type}'"
            )
        if device_type == "cuda" and not gpus():
            warnings.warn(
                "User provided device_type of 'cuda', but CUDA is not available. "
                "Disabling",
                stacklevel=2,
            )
            enabled = False
        self.dtype = dtype or _FAST[device_type]
        self.enabled = enabled
        self._before: list[Any] = []

    def __enter__(self) -> "autocast":
        self._before.append(modes.autocast)
        modes.autocast = self.dtype if self.enabled else None
        return self

    def __exit__(self, *error: object) -> None:
        modes.autocast = self._before.pop()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return wrapped


def is_autocast_available(device_type: str) -> bool:
    """Tell whether `autocast` knows a kind of device."""
    return device_type in _FAST


def is_autocast_enabled(device_type: str = "cuda") -> bool:
    """Tell whether `autocast` is on."""
    return modes.autocast is not None


def is_autocast_cpu_enabled() -> bool:
    """Tell whether `autocast` is on."""
    return modes.autocast is not None


def get_autocast_dtype(device_type: str) -> DType:
    """The half precision of `autocast` on a kind of device."""
    return modes.autocast or _FAST[device_type]


def get_autocast_cpu_dtype() -> DType:
    """The half precision of `autocast` on CPUs."""
    return get_autocast_dtype("cpu")


def get_autocast_gpu_dtype() -> DType:
    """The half precision of `autocast` on GPUs."""
    return get_autocast_dtype("cuda")


class GradScaler:
    """Scale the loss so that gradients in float16 do not vanish, as `torch.amp`.

    A step whose gradients are not finite is left out, and the scale is made smaller.
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
                "torch.cuda.amp.GradScaler is enabled, but CUDA is not available. "
                "Disabling.",
                stacklevel=2,
            )
            enabled = False
        self._enabled = enabled
        self._scale = init_scale
        self._growth_factor = growth_factor
        self._backoff_factor = backoff_factor
        self._growth_interval = growth_interval
        self._growth_tracker = 0
        self._unscaled: dict[int, bool] = {}

    def scale(self, outputs: Any) -> Any:
        """Multiply a tensor, or each of several, by the scale."""
        if not self._enabled:
            return outputs
        if isinstance(outputs, tuple | list):
            return type(outputs)([self.scale(x) for x in outputs])
        return outputs * self._scale

    def unscale_(self, optimizer: Any) -> None:
        """Divide the gradients of an optimizer's parameters by the scale."""
        if not self._enabled or id(optimizer) in self._unscaled:
            return
        finite = True
        with no_grad():
            for group in optimizer.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        p.grad.mul_(1 / self._scale)
                        finite &= bool(FUNCTIONS["isfinite"](p.grad).all())
        self._unscaled[id(optimizer)] = finite

    def step(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        """Let the optimizer make its step if the gradients are finite."""
        if not self._enabled:
            return optimizer.step(*args, **kwargs)
        self.unscale_(optimizer)
        if self._unscaled[id(optimizer)]:
            return optimizer.step(*args, **kwargs)
        return None

    def update(self, new_scale: float | None = None) -> None:
        """Choose the scale of the next step."""
        if not self._enabled:
            return
        if new_scale is not None:
            self._scale = float(new_scale)
        elif not all(self._unscaled.values()):
            self._scale *= self._backoff_factor
            self._growth_tracker = 0
        else:
            self._growth_tracker += 1
            if self._growth_tracker == self._growth_interval:
                self._scale *= self._growth_factor
                self._growth_tracker = 0
        self._unscaled.clear()

    def get_scale(self) -> float:
        """The scale; 1 if switched off."""
        return self._scale if self._enabled else 1.0

    def is_enabled(self) -> bool:
        """Tell whether it does anything."""
        return self._enabled

    def state_dict(self) -> dict[str, Any]:
        """The settings and the scale."""
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
        """Continue from what `state_dict` gave."""
        if not self._enabled:
            return
        if not state_dict:
            raise RuntimeError(
                "The source state dict is empty, possibly because it was saved from a "
                "disabled instance of GradScaler."
            )
        self._scale = state_dict["scale"]
        self._growth_factor = state_dict["growth_factor"]
        self._backoff_factor = state_dict["backoff_factor"]
        self._growth_interval = state_dict["growth_interval"]
        self._growth_tracker = state_dict["_growth_tracker"]
