"""Who draws the masks of dropout: PyTorch's generator, or the compiled program."""

import os
from typing import Final

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


_chosen: Final = [_checked(os.environ.get("FUNCNET_MASKS") or "pytorch")]


@explains_keywords
class set_mask_source:  # noqa: N801 - as `torch.set_grad_enabled`
    """Choose who draws the masks of dropout, from now on or for a `with` block.

    Equals nothing in PyTorch, which has but the first of them:

    - `"pytorch"`, the default: the generator that `manual_seed` seeds, on the host, as
      PyTorch does on CPUs. The same seed gives PyTorch's masks, and what is drawn
      after them is PyTorch's, too. A million elements take some 3 ms.
    - `"fast"`: the compiled program, from a seed and a counter; the generator stays
      where it is. Tensors that do not lie on the CPU always have these.

    The environment variable `FUNCNET_MASKS` says with which of them a script begins.

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
        self._before = get_mask_source()
        _chosen[0] = _checked(source)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        _chosen[0] = self._before


def get_mask_source() -> str:
    """Who draws the masks of dropout now: `"pytorch"` or `"fast"`."""
    return _chosen[0]
