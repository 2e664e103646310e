"""Names of `torch.nn` and `torch.nn.functional` that are no functions of tensors."""

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from funcnet.compat._tensor.tensor import Tensor

GRID_SAMPLE_INTERPOLATION_MODES = {"bilinear": 0, "nearest": 1, "bicubic": 2}
GRID_SAMPLE_PADDING_MODES = {"zeros": 0, "border": 1, "reflection": 2}
# Pieces of docstrings, which other packages put into theirs.
reproducibility_notes: dict[str, str] = dict.fromkeys(
    (
        "forward_reproducibility_note",
        "backward_reproducibility_note",
        "cudnn_reproducibility_note",
    ),
    "",
)
sparse_support_notes: dict[str, str] = {"sparse_beta_warning": ""}
tf32_notes: dict[str, str] = {"tf32_note": ""}


class ScalingType(enum.IntEnum):
    """What a scale of a float8 product is for."""

    TensorWise = 0
    RowWise = 1
    BlockWise1x16 = 2
    BlockWise1x32 = 3
    BlockWise1x128 = 4
    BlockWise128x128 = 5


class SwizzleType(enum.IntEnum):
    """How the scales of a float8 product lie in memory."""

    NO_SWIZZLE = 0
    SWIZZLE_32_4_4 = 1


class _BroadcastingList:
    """A type of TorchScript: a number, or several of them."""

    def __getitem__(self, kind: object) -> None:
        return


BroadcastingList1 = BroadcastingList2 = BroadcastingList3 = _BroadcastingList()


def assert_int_or_pair(arg: list[int], arg_name: str, message: str) -> None:
    """Raise AssertionError unless the argument is a number or has two."""
    assert isinstance(arg, int) or len(arg) == 2, message.format(arg_name)


def boolean_dispatch(
    arg_name: str,
    arg_index: int,
    default: bool,
    if_true: Callable[..., Any],
    if_false: Callable[..., Any],
    module_name: str,
    func_name: str,
) -> Callable[..., Any]:
    """Return a function that is one or another, by an argument."""

    def either(*args: Any, **kwargs: Any) -> Any:
        given = args[arg_index] if arg_index < len(args) else default
        return (if_true if kwargs.get(arg_name, given) else if_false)(*args, **kwargs)

    either.__name__, either.__module__ = func_name, module_name
    return either


def factory_kwargs(kwargs: dict[str, Any] | None) -> dict[str, Any]:
    """Return the device, dtype and memory format among keywords of a module.

    Raises:
        TypeError: there are other keywords, or one is given twice.
    """
    if kwargs is None:
        return {}
    simple = {"device", "dtype", "memory_format"}
    unexpected = kwargs.keys() - {"factory_kwargs", *simple}
    if unexpected:
        raise TypeError(f"unexpected kwargs {unexpected}")
    result = dict(kwargs.get("factory_kwargs", {}))
    for name in simple & kwargs.keys():
        if name in result:
            raise TypeError(
                f"{name} specified twice, in **kwargs and in factory_kwargs"
            )
        result[name] = kwargs[name]
    return result


__all__ = [
    "GRID_SAMPLE_INTERPOLATION_MODES",
    "GRID_SAMPLE_PADDING_MODES",
    "TYPE_CHECKING",
    "BroadcastingList1",
    "BroadcastingList2",
    "BroadcastingList3",
    "ScalingType",
    "SwizzleType",
    "Tensor",
    "assert_int_or_pair",
    "boolean_dispatch",
    "reproducibility_notes",
    "sparse_support_notes",
    "tf32_notes",
]
