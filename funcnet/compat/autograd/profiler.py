"""`torch.autograd.profiler`: names for regions of a program in JAX's profiler."""

from typing import Any, Self

import jax


class record_function:  # noqa: N801 - PyTorch's name
    """Name a region in a trace taken with `jax.profiler.trace`."""

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name = name
        self._region = jax.profiler.TraceAnnotation(name)

    def __enter__(self) -> Self:
        self._region.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._region.__exit__(*error)


class profile:  # noqa: N801
    """Accepted so that scripts run; whole steps are one program: use JAX's profiler."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        del args, kwargs

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        return

    def key_averages(self, *args: Any, **kwargs: Any) -> Self:
        """There are no averages of operations; returns itself for `table()`."""
        return self

    def table(self, *args: Any, **kwargs: Any) -> str:
        """A sentence that says where the times are to be found."""
        return (
            "A training step runs as one compiled program, in which operations have no "
            "times of their own. Take a trace with jax.profiler.trace(folder)."
        )
