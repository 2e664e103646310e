"""PyTorch's imperative API, recorded and compiled: `import funcnet.compat as torch`."""

import difflib
from typing import Any

from funcnet.compat import (
    _dtypes,
    _ops,
    fft,
    linalg,
    masked,
    return_types,
    signal,
    special,
)
from funcnet.compat._devices import device, get_default_device, set_default_device
from funcnet.compat._dtypes import (
    dtype,
    get_default_dtype,
    promote_types,
    set_default_dtype,
)
from funcnet.compat._modes import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from funcnet.compat._tensor import Size, Tensor
from funcnet.compat.random import (
    Generator,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)

globals().update({one.name: one for one in _dtypes.ALL} | _dtypes.ALIASES)
globals().update({k: v for k, v in _ops.FUNCTIONS.items() if "." not in k})
for _name, _method in _ops.METHODS.items():
    setattr(Tensor, _name, _method)


def __getattr__(name: str) -> Any:
    near = difflib.get_close_matches(name, globals(), 1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise AttributeError(f"module 'funcnet.compat' has no attribute {name!r}.{hint}")


__all__ = [
    "Generator",
    "Size",
    "Tensor",
    "default_generator",
    "device",
    "dtype",
    "enable_grad",
    "fft",
    "get_default_device",
    "get_default_dtype",
    "get_rng_state",
    "inference_mode",
    "initial_seed",
    "is_grad_enabled",
    "is_inference_mode_enabled",
    "manual_seed",
    "linalg",
    "masked",
    "no_grad",
    "promote_types",
    "return_types",
    "seed",
    "set_default_device",
    "set_default_dtype",
    "set_grad_enabled",
    "set_rng_state",
]
