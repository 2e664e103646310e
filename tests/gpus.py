"""GPUs where there are none: other processors of JAX, that go by the name "cuda".

What runs there, and where results lie, is decided as for a GPU; only the speed and the
last digits are the processor's own.
"""

import contextlib
from collections.abc import Iterator

import jax


def make_ready(count: int = 1) -> None:
    """Let there be so many; before anything has been computed."""
    jax.config.update("jax_num_cpu_devices", count + 1)


@contextlib.contextmanager
def standing_in() -> Iterator[None]:
    """Let compat have GPUs; those of the machine, if it has any."""
    from funcnet.compat._core.device import registry
    from funcnet.compat._engine import executor

    if registry.gpus:
        yield
        return
    registry.known_gpus = tuple(jax.devices("cpu")[1:])
    try:
        # As it is where there are GPUs.
        with jax.default_device(registry.known_gpus[0]):
            yield
            executor.run_pending()  # what is still recorded for them
    finally:
        registry.known_gpus = ()
