"""Who draws the masks of dropout: PyTorch's generator, or the compiled program."""

import os
from typing import Final

from funcnet.compat._core.context import thread
from funcnet.compat._messages.keyword_errors import explains_keywords

SOURCES: Final = ("pytorch", "fast")


def _checked(source: str) -> str:
    if source not in SOURCES:
        raise ValueError(
            f"masks are drawn in one of the ways {', '.join(map(repr, SOURCES))}, not "
            f"{source!r}. Write set_mask_source('fast'), or FUNCNET_MASKS=fast in the "
            "environment."
        )
    return source


_INITIAL: Final = _checked(os.environ.get("FUNCNET_MASKS") or "pytorch")


@explains_keywords
class set_mask_source:  # noqa: N801 - as `torch.set_grad_enabled`
    """Set what draws masks of dropout in this thread, at once or in a `with` block.

    PyTorch does not have this function; it always draws as `"pytorch"` does:

    - `"pytorch"`, the default: the generator that `manual_seed` seeds, on the host, as
      PyTorch does on CPUs. The same seed gives PyTorch's masks, and what is drawn
      after them is PyTorch's, too. A million elements take some 3 ms.
    - `"fast"`: the compiled program, from a seed and a counter; the generator stays
      where it is. Tensors that do not lie on the CPU always have these.

    A thread begins with the source that the environment variable `FUNCNET_MASKS` names.

    Raises:
        ValueError: there is no such source.

    Example:
        >>> import funcnet.compat as torch
        >>> with torch.random.set_mask_source("fast"):
        ...     y = torch.nn.functional.dropout(torch.ones(4), 0.5)
        >>> torch.random.get_mask_source()
        'pytorch'
    """

    def __init__(self, source: str) -> None:
        self._before = thread.context.mask_source
        thread.context.mask_source = _checked(source)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        thread.context.mask_source = self._before


def get_mask_source() -> str:
    """Return what draws masks of dropout in this thread: `"pytorch"` or `"fast"`."""
    return thread.context.mask_source or _INITIAL
