"""State of compat that the workers of a loader need.

To import this package takes longer than to load many a first batch. So a dataset that
makes tensors of arrays goes to workers as one that gives the arrays, where that is all
it does with tensors: the loader makes the tensors of the batch.
"""

import functools
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any, Final

import numpy as np

from funcnet._homes import home_of
from funcnet.compat._core.context import thread
from funcnet.compat._core.dtype import get_default_dtype, set_default_dtype
from funcnet.compat._tensor import printing as _print
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._toplevel.settings import _state as switches
from funcnet.compat._toplevel.settings import set_num_threads
from funcnet.compat.nn.parameter import Parameter
from funcnet.compat.random import manual_seed
from funcnet.compat.utils.data.dataset import TensorDataset
from funcnet.data import ArrayDataset, ConcatDataset, StackDataset, Subset
from funcnet.data._workers._primitives import REDUCERS
from funcnet.torch_alias import install

PACKAGE: Final = "funcnet.compat"


class NeedsTensorsError(Exception):
    """Raised for a dataset that may need tensors in its workers."""


def without_tensors(dataset: object) -> Any | None:
    """Return a dataset with arrays in place of tensors; None if it may need them.

    Parts that stay as they are would draw the random numbers that the others draw, too:
    so it is the whole dataset or nothing.
    """
    try:
        return worker_form(dataset)
    except NeedsTensorsError:
        return None


def worker_form(dataset: object) -> Any:
    """Return a dataset with arrays in place of tensors.

    Raises:
        NeedsTensorsError: it is of another class than those in `FORMS`.
    """
    cls = type(dataset)
    form = FORMS.get(cls)
    if form is None or is_changed(cls):
        raise NeedsTensorsError(cls.__name__)
    return form(dataset)


def is_changed(kind: type) -> bool:
    """Return whether functions of a class, or of its bases, were replaced.

    It then does something else than its native counterpart.
    """
    for cls in kind.__mro__[:-1]:
        package = home_of(cls).partition(".")[0]
        for value in vars(cls).values():
            if isinstance(value, property):
                value = value.fget
            function = getattr(value, "__func__", value)
            if (
                isinstance(function, FunctionType)
                and function.__module__.partition(".")[0] != package
            ):
                return True
    return False


def _same(dataset: Any) -> Any:
    return dataset


def _of_arrays(dataset: TensorDataset) -> ArrayDataset:
    if any(x.requires_grad or x.device.type != "cpu" for x in dataset.tensors):
        raise NeedsTensorsError("a gradient goes back to them, or they lie elsewhere")
    return ArrayDataset(*[np.asarray(x._array()) for x in dataset.tensors])


def _part(dataset: Subset) -> Subset:
    return Subset(worker_form(dataset.dataset), dataset.indices)


def _chained(dataset: ConcatDataset) -> ConcatDataset:
    return ConcatDataset([worker_form(part) for part in dataset.datasets])


def _stacked(dataset: StackDataset) -> StackDataset:
    parts = dataset.datasets
    if isinstance(parts, dict):
        return StackDataset(**{name: worker_form(part) for name, part in parts.items()})
    return StackDataset(*map(worker_form, parts))


# Functions that convert datasets of these classes, not of subclasses.
FORMS: Final[dict[type, Callable[[Any], Any]]] = {
    ArrayDataset: _same,
    ConcatDataset: _chained,
    StackDataset: _stacked,
    Subset: _part,
    TensorDataset: _of_arrays,
}


def settings() -> Callable[[], object] | None:
    """Return the initializer of workers, which applies this process's settings."""
    result = _settings()
    return functools.partial(_set, result) if result != _USUAL else None


def _settings() -> dict[str, Any]:
    return {
        "installed": sys.modules.get("torch") is sys.modules.get(PACKAGE),
        "dtype": get_default_dtype(),
        "modes": {name: getattr(thread.context, name) for name in _MODES},
        "printing": _print._options,
        "others": {k: v for k, v in switches.items() if k != "threads"},
    }


_MODES: Final = ("grad", "inference", "anomaly", "check_nan", "autocast")
_USUAL: Final = _settings() | {"installed": False}


def _set(found: dict[str, Any]) -> None:
    if found["installed"]:
        install(even_if_installed=True)
    set_default_dtype(found["dtype"])
    for name, value in found["modes"].items():
        setattr(thread.context, name, value)
    _print._options = found["printing"]
    switches.update(found["others"])


def begin(seed: int) -> None:
    """Initialize a worker: seed the generator, compute in one thread."""
    manual_seed(seed)
    set_num_threads(1)


# --- tensors of the dataset -----------------------------------------------------------


def _reduced(x: Tensor) -> Any:
    """Pickle a tensor as a copy, or as shared memory."""
    if x._storage.host is not None and x.is_shared():
        return sys.modules[f"{PACKAGE}._tensor.shared_memory"].reduced(x)
    return x.__reduce_ex__(5)


REDUCERS.update({Tensor: _reduced, Parameter: _reduced})
