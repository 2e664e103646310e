"""GPUs where there are none: other processors of JAX, that go by the name "cuda".

What runs there, and where results lie, is decided as for a GPU; only the speed and the
last digits are the processor's own.
"""

import contextlib
import sys
from collections.abc import Iterator

import jax


def make_ready(count: int = 1) -> None:
    """Let there be so many; before anything has been computed."""
    jax.config.update("jax_num_cpu_devices", count + 1)


@contextlib.contextmanager
def standing_in() -> Iterator[None]:
    """Let compat have GPUs; those of the machine, if it has any."""
    from funcnet.compat._core import device as _devices

    if _devices.gpus():
        yield
        return
    real, found = _devices.gpus, tuple(jax.devices("cpu")[1:])
    named = [
        module
        for name, module in sys.modules.items()
        if name.startswith("funcnet.compat") and hasattr(module, "gpus")
    ]
    for module in named:
        module.gpus = lambda: found
    _devices.jax_device.cache_clear()
    try:
        with jax.default_device(found[0]):  # as it is where there are GPUs
            yield
    finally:
        for module in named:
            module.gpus = real
