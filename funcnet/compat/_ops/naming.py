"""Under which name PyTorch shows a function, and which of its names are one object.

A path is a public name without "torch": "add", "Tensor.add_", "nn.functional.relu".
"""

import re
from collections.abc import Callable
from types import FunctionType
from typing import Any, Final

METHOD: Final = "Tensor."
"""The beginning of the path of a method."""

_NN: Final = "nn.functional."
# Which functions are those of `torch` itself; others only compute the same.
_SHARED: Final = re.compile(
    r"conv(_transpose)?\dd|(adaptive_)?avg_pool1d|pixel_(un)?shuffle|bilinear|"
    r"channel_shuffle|cosine_similarity|hardshrink|pairwise_distance|pdist|prelu"
).fullmatch

is_internal: Final = re.compile(r"(masked|signal)\.|Tensor\._(?!_)").match
"""Whether a path is of a module that PyTorch does not ask about, or private."""

# What PyTorch writes in Python, in a module `torch.functional` of its own.
_IN_FUNCTIONAL: Final = frozenset(
    (
        *("split", "einsum", "norm", "stft", "istft", "meshgrid", "cdist", "unique"),
        *("unique_consecutive", "block_diag", "tensordot", "chain_matmul", "lu"),
        *("broadcast_tensors", "atleast_1d", "atleast_2d", "atleast_3d"),
        *("cartesian_prod", "unravel_index"),
    )
)


def group_by_module(paths: list[str]) -> list[list[str]]:
    """Group the paths that show one function: `nn.functional` mostly has its own."""
    own = [path for path in paths if path.startswith(_NN)]
    rest = [path for path in paths if not path.startswith(_NN)]
    if not own or not rest or _SHARED(own[0].removeprefix(_NN)):
        return [paths] if paths else []
    return [own, rest] if paths[0] in own else [rest, own]


def name_public(public: Any, path: str, formula: Callable[..., Any] | None) -> None:
    """Set in a public form where the user has it, and the function that it shows.

    By `__module__` and `__qualname__` it can be pickled.
    """
    if not isinstance(public, FunctionType):
        return
    module, _, name = path.rpartition(".")
    if module == "Tensor":
        module, name = "", path
    public.__name__ = path.rpartition(".")[2]
    public.__qualname__ = name
    public.__module__ = f"funcnet.compat.{module}".rstrip(".")
    torch_path = f"functional.{path}" if path in _IN_FUNCTIONAL else path
    public._torch_name = f"torch.{torch_path}"  # type: ignore[attr-defined]
    if formula is None or formula is public:
        return
    public.__wrapped__ = formula  # type: ignore[attr-defined]
    public.__doc__ = public.__doc__ or formula.__doc__


def name_formula(formula: FunctionType, path: str, doc: str) -> None:
    """Name a function that was made by another, for errors of its arguments."""
    if doc:
        formula.__doc__ = doc
    if "<l" in formula.__qualname__:  # <locals>, <lambda>
        formula.__name__ = formula.__qualname__ = path.rpartition(".")[2]
