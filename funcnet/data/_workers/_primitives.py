"""What pickle refuses and a fork copies: locks, open files, memory that is shared.

Each goes to a worker as a fork would have it: a lock of threads as one of the worker's
own, a file opened again where it stood, what `multiprocessing` made as itself.
"""

import contextlib
import io
import os
import sys
import threading
import weakref
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import numpy as np

Reducer = Callable[[Any], Any]

REDUCERS: Final[dict[type, Reducer]] = {}
"""How objects of other classes go to workers; compat enters its tensors."""


def reducers() -> dict[type, Reducer]:
    """How the objects of this process go to workers, by class."""
    result = dict(REDUCERS)
    forking: Any = sys.modules.get("multiprocessing.reduction")
    if forking is not None:
        known = forking.ForkingPickler._extra_reducers
        result = dict(known) | result
    semaphores: Any = sys.modules.get("multiprocessing.synchronize")
    if semaphores is not None:
        names = ("Lock", "RLock", "Semaphore", "BoundedSemaphore")
        result |= {getattr(semaphores, name): _of_semaphore for name in names}
        result[semaphores.Condition] = _of_condition
    return result


# --- threads --------------------------------------------------------------------------


def _of_lock(lock: Any) -> Any:
    return threading.Lock, ()


def _of_rlock(lock: Any) -> Any:
    return threading.RLock, ()


def _of_local(local: Any) -> Any:
    return _local, (vars(local),)


def _local(values: dict[str, Any]) -> Any:
    result = threading.local()
    vars(result).update(values)
    return result


REDUCERS[type(threading.Lock())] = _of_lock
REDUCERS[type(threading.RLock())] = _of_rlock
REDUCERS[threading.local] = _of_local


# --- files ----------------------------------------------------------------------------


def _of_file(file: Any) -> Any:
    """Open it again by its name, where it stands; what is written is appended."""
    for name in ("stdin", "stdout", "stderr"):
        if file is getattr(sys, name) or file is getattr(sys, f"__{name}__"):
            return getattr, (sys, name)
    if file.closed:
        return _closed, ()
    path, mode = file.name, file.mode
    seen = os.fstat(file.fileno())
    if not isinstance(path, str | bytes) or not os.path.samestat(seen, os.stat(path)):
        raise TypeError(f"cannot pickle an open file that has no name: {file!r}")
    if "r" not in mode:
        with contextlib.suppress(io.UnsupportedOperation):
            file.flush()
        mode = mode.translate({ord("w"): "a", ord("x"): "a"})
        mode = mode.replace("a", "r") if "+" in mode else mode
    text = isinstance(file, io.TextIOWrapper)
    options = {"encoding": file.encoding, "errors": file.errors} if text else {}
    options |= {} if not isinstance(file, io.FileIO) else {"buffering": 0}
    binary = mode if text or "b" in mode else mode + "b"
    return _opened, (os.path.abspath(path), binary, file.tell(), options)


def _opened(path: Any, mode: str, position: int, options: dict[str, Any]) -> Any:
    file = open(path, mode, **options)  # noqa: SIM115 - who has it closes it
    if "a" not in mode:
        file.seek(position)
    return file


def _closed() -> Any:
    file = io.BytesIO()
    file.close()
    return file


for _file_class in (
    *(io.TextIOWrapper, io.FileIO),
    *(io.BufferedReader, io.BufferedWriter, io.BufferedRandom),
):
    REDUCERS[_file_class] = _of_file


def _of_memmap(array: np.memmap) -> Any:
    """Map the file again, so that writes are seen and nothing is copied."""
    memory: Any = getattr(array, "_mmap", None)
    path = array.filename
    if memory is None or path is None or array.mode == "c":
        return array.__reduce_ex__(5)
    start = np.frombuffer(memory, np.uint8).__array_interface__["data"][0]
    offset = array.__array_interface__["data"][0] - start
    before = array.offset - array.offset % _granularity()
    mode = "r" if array.mode == "r" else "r+"
    location = (os.path.abspath(path), mode, before, len(memory))
    return _mapped, (*location, array.shape, array.dtype, offset, array.strides)


def _granularity() -> int:
    import mmap

    return mmap.ALLOCATIONGRANULARITY


def _mapped(
    path: str,
    mode: Any,
    before: int,
    size: int,
    shape: tuple[int, ...],
    dtype: np.dtype,
    offset: int,
    strides: tuple[int, ...],
) -> np.ndarray:
    whole: Any = np.memmap(path, np.uint8, mode, before, (size,))
    return np.ndarray(shape, dtype, whole, offset, strides)


REDUCERS[np.memmap] = _of_memmap


# --- multiprocessing ------------------------------------------------------------------


def _of_semaphore(lock: Any) -> Any:
    """Give it a name under which a worker finds it."""
    _give_name(lock)
    known = lock._semlock
    state = (known.handle, known.kind, known.maxvalue, known.name)
    return _unpickled, (type(lock), state)


def _of_condition(condition: Any) -> Any:
    for part in (
        *(condition._lock, condition._sleeping_count, condition._woken_count),
        condition._wait_semaphore,
    ):
        _give_name(part)
    condition._make_methods()
    return condition.__reduce_ex__(5)


def _unpickled(cls: Any, state: Any) -> Any:
    result = cls.__new__(cls)
    result.__setstate__(state)
    return result


def synchronized(value: Any) -> Any:
    """How a `multiprocessing.Value` or `Array` goes to a worker."""
    _give_name(value._lock)
    value.acquire, value.release = value._lock.acquire, value._lock.release
    return value.__reduce__()


def _give_name(lock: Any) -> None:
    """Replace a semaphore that only forks can share by one with a name.

    Raises:
        TypeError: this process holds the lock.
    """
    if not getattr(lock, "_is_fork_ctx", False) or lock in _named:
        return
    old = lock._semlock
    if old._is_mine() and old._count():
        raise TypeError(f"cannot pickle a {type(lock).__name__} that is held")
    import _multiprocessing

    name = lock._make_name()
    result: Any = _multiprocessing.SemLock
    new = result(old.kind, old._get_value(), old.maxvalue, name, False)
    lock._semlock = new
    lock._make_methods()
    _named.add(lock)
    weakref.finalize(lock, _forget, name, os.getpid())


_named: weakref.WeakSet[Any] = weakref.WeakSet()


def _forget(name: str, owner: int) -> None:
    import _multiprocessing

    if os.getpid() == owner:
        with contextlib.suppress(OSError):
            _multiprocessing.sem_unlink(name)


class Sending:
    """Stands for the process that is started while something is pickled for it.

    Attributes:
        files: open files that go with the pickle.
    """

    def __init__(self) -> None:
        self.files: list[int] = []

    def duplicate_for_child(self, file: int) -> int:
        """The number under which a worker finds an open file."""
        self.files.append(file)
        return len(self.files) - 1

    def DupFd(self, file: int) -> "Sent":  # noqa: N802 - multiprocessing's name
        """What stands for an open file in the pickle."""
        return Sent(file)

    def __enter__(self) -> "Sending":
        self._context: Any = sys.modules.get("multiprocessing.context")
        if self._context is not None:
            self._before = self._context.get_spawning_popen()
            self._context.set_spawning_popen(self)
        return self

    def __exit__(self, *error: object) -> None:
        if self._context is not None:
            self._context.set_spawning_popen(self._before)


class Sent:
    """An open file that came with a pickle."""

    def __init__(self, index: int) -> None:
        self.index = index

    def detach(self) -> int:
        """The file, for the caller to close."""
        return os.dup(arrived[self.index])


arrived: list[int] = []
"""In a worker, the open files that came with what is being unpickled."""


def is_synchronized(value: Any) -> bool:
    """Return whether it is a `multiprocessing.Value` or `Array` with a lock."""
    shared: ModuleType | None = sys.modules.get("multiprocessing.sharedctypes")
    return shared is not None and isinstance(value, shared.SynchronizedBase)
