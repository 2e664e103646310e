"""Dispatch modes, as `torch.utils._python_dispatch`; not supported.

There is no dispatcher here: functions record operations of their own, which have no
overloads such as `aten.add.Tensor` that a mode could be shown.
"""

from typing import NoReturn

from funcnet.compat._core.overriding import Mode


class TorchDispatchMode(Mode):
    """Mode that raises when it is entered; it can be subclassed.

    `torch.overrides.TorchFunctionMode` sees the calls of PyTorch's functions.
    """

    def __init__(self, _dispatch_key: object = None) -> None:
        del _dispatch_key

    __torch_dispatch__ = Mode._intercept

    def __enter__(self) -> NoReturn:
        raise NotImplementedError(
            f"funcnet.compat does not ask __torch_dispatch__ ({type(self).__name__}): "
            "there is no dispatcher below the functions, and operations run as one "
            "program. Use torch.overrides.TorchFunctionMode, which sees the calls of "
            "functions and methods."
        )

    def __exit__(self, *error: object) -> None:
        return


def is_traceable_wrapper_subclass(t: object) -> bool:
    """Return False: subclasses with `__torch_dispatch__` are not supported."""
    del t
    return False


def is_traceable_wrapper_subclass_type(t: type) -> bool:
    """Return False, as `is_traceable_wrapper_subclass`."""
    del t
    return False


__all__ = [
    "TorchDispatchMode",
    "is_traceable_wrapper_subclass",
    "is_traceable_wrapper_subclass_type",
]
