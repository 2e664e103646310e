"""Scripts of what workers know: PyTorch forks them from the script's own process."""

import functools
import importlib
import importlib.util
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageFile

from tests.parity.scripts import common as scripts
from tests.parity.scripts.collate import described

ROWS: list[tuple[str, str, Any]] = []
script = functools.partial(scripts.script, rows=ROWS)


def told(lib: Any, get: Callable[[], Any], **options: Any) -> Any:
    """What a function says in a worker, and what it says here."""

    class Told(lib.utils.data.Dataset):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, index: int) -> Any:
            return get()

    loader = lib.utils.data.DataLoader(
        Told(), 1, num_workers=1, collate_fn=lambda samples: samples[0], **options
    )
    return described(list(loader))


TEXT = """
SIZE = 1
OPTIONS = {"k": 0}
class Scale:
    factor = 1
    def __call__(self, x):
        return x * self.factor
    @property
    def twice(self):
        return self.factor * 2
class Longer(Scale):
    pass
def size():
    return SIZE, OPTIONS["k"]
def build(default=OPTIONS):
    return Longer()(2), Longer().twice
"""


@contextmanager
def module(how: str) -> Iterator[Any]:
    """A module of the script's own, imported or made in some way."""
    name = f"own_{how}_{os.urandom(4).hex()}"
    folder = tempfile.mkdtemp()
    path = Path(folder, f"{name}.py")
    path.write_text(TEXT)
    sys.path.insert(0, folder)
    try:
        if how == "imported":
            importlib.invalidate_caches()
            result = importlib.import_module(name)
        elif how in ("path", "path, unknown"):
            sys.path.remove(folder)
            spec: Any = importlib.util.spec_from_file_location(name, path)
            result = importlib.util.module_from_spec(spec)
            if how == "path":
                sys.modules[name] = result
            spec.loader.exec_module(result)
        else:
            result = types.ModuleType(name)
            if how == "made":
                sys.modules[name] = result
            exec(TEXT, vars(result))
        yield result
    finally:
        sys.modules.pop(name, None)
        if folder in sys.path:
            sys.path.remove(folder)


HOW = ("imported", "path", "path, unknown", "made", "made, unknown")


@script("modules", *HOW)
def what_they_hold(lib: Any, how: str) -> Any:
    with module(how) as own:
        own.SIZE, own.OPTIONS["k"], own.Scale.factor = 64, 5, 10
        own.extra = lib.arange(3)
        return told(lib, lambda: [own.size(), own.build(), own.extra, own.SIZE])


@script("modules", *HOW)
def functions_put_into_them(lib: Any, how: str) -> Any:
    with module(how) as own:
        own.size = lambda: "mine"
        own.Scale.__call__ = lambda self, x: x + 100
        own.Longer.twice = property(lambda self: 7)
        return told(lib, lambda: [own.size(), own.build()])


@script("modules", *HOW)
def a_dataset_of_theirs(lib: Any, how: str) -> Any:
    with module(how) as own:
        vars(own)["Dataset"] = lib.utils.data.Dataset
        exec(
            "class Rows(Dataset):\n"
            "    def __len__(self): return 2\n"
            "    def __getitem__(self, i): return SIZE + i, Longer()(i)\n",
            vars(own),
        )
        own.SIZE, own.Scale.factor = 64, 3
        loaders = [
            lib.utils.data.DataLoader(own.Rows(), 2, num_workers=n) for n in (0, 1)
        ]
        if how == "imported":  # the file has no such class
            Path(own.__file__).write_text(
                "from tests.parity.scripts.workers import module\n"
            )
            return [list(loaders[0])] * 2
        return [list(loader) for loader in loaders]


@script("modules", False, True)
def at_the_start_of_workers(lib: Any, persistent: bool) -> Any:
    with module("imported") as own:

        class Sizes(lib.utils.data.Dataset):
            def __len__(self) -> int:
                return 1

            def __getitem__(self, index: int) -> Any:
                return own.SIZE

        loader = lib.utils.data.DataLoader(
            Sizes(), num_workers=1, persistent_workers=persistent
        )
        result = []
        for own.SIZE in (1, 2, 3):
            result += list(loader)
        return result


COUNT = [0]


@script("modules")
def of_the_script(lib: Any) -> Any:
    COUNT[0] = 5
    return told(lib, lambda: COUNT)


SWITCHES: dict[str, tuple[Any, str, Any]] = {
    "cut-off files": (ImageFile, "LOAD_TRUNCATED_IMAGES", True),
    "large images": (Image, "MAX_IMAGE_PIXELS", 7),
    "no limit": (Image, "MAX_IMAGE_PIXELS", None),
    "np.float": (np, "float", float),
    "open": (Image, "open", lambda path: "mine"),
    "a method": (Image.Image, "show", lambda self: "mine"),
}


@script("libraries", *SWITCHES)
def switches(lib: Any, name: str) -> Any:
    owner, attribute, value = SWITCHES[name]
    missing = object()
    before = getattr(owner, attribute, missing)
    setattr(owner, attribute, value)
    path = owner.__module__ if isinstance(owner, type) else owner.__name__

    def look() -> Any:
        place = importlib.import_module(path)
        held = place.Image if isinstance(owner, type) else place
        result = getattr(held, attribute)
        called = result(None) if callable(result) and result is not float else result
        return str(called)

    try:
        return told(lib, look)
    finally:
        if before is missing:
            delattr(owner, attribute)
        else:
            setattr(owner, attribute, before)


LOOKS: dict[str, Callable[[], Any]] = {
    "environment": lambda: os.environ.get("OF_A_SCRIPT"),
    "removed": lambda: os.environ.get("LANGUAGE_OF_A_SCRIPT"),
    "folder": os.getcwd,
    "path": lambda: "/of/a/script" in sys.path,
    "arguments": lambda: sys.argv[-1],
    "numpy errors": lambda: dict(np.geterr()),
    "numpy printing": lambda: str(np.array([1 / 3])),
    "recursion": sys.getrecursionlimit,
    "warnings": lambda: [one[0] for one in warnings.filters][:2],
    "random": lambda: random.random(),
    "numpy random": lambda: np.random.rand(),
}


@script("settings", *LOOKS)
def of_the_process(lib: Any, name: str) -> Any:
    before = sys.getrecursionlimit(), list(sys.argv), os.getcwd()
    os.environ["OF_A_SCRIPT"] = "1"
    sys.path.append("/of/a/script")
    sys.argv.append("--of-a-script")
    sys.setrecursionlimit(3456)
    random.seed(1)
    np.random.seed(1)
    os.chdir(tempfile.gettempdir())
    try:
        with (
            np.errstate(all="ignore"),
            np.printoptions(precision=2),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("always")
            warnings.simplefilter("ignore", FutureWarning)
            return told(lib, LOOKS[name])
    finally:
        del os.environ["OF_A_SCRIPT"]
        sys.path.remove("/of/a/script")
        sys.argv[:] = before[1]
        sys.setrecursionlimit(before[0])
        os.chdir(before[2])


TORCH: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "threads": (lambda t: None, lambda t: t.get_num_threads()),
    "dtype": (lambda t: t.set_default_dtype(t.float64), lambda t: t.ones(1)),
    "printing": (lambda t: t.set_printoptions(2), lambda t: str(t.tensor([1 / 3]))),
    "precision": (
        lambda t: t.set_float32_matmul_precision("high"),
        lambda t: t.get_float32_matmul_precision(),
    ),
    "seed": (lambda t: t.manual_seed(4), lambda t: [t.initial_seed(), t.rand(2)]),
}


@script("settings", *TORCH)
def of_torch(lib: Any, name: str) -> Any:
    before = lib.get_default_dtype(), lib.get_float32_matmul_precision()
    change, look = TORCH[name]
    change(lib)
    try:
        return told(lib, lambda: look(lib))
    finally:
        lib.set_default_dtype(before[0])
        lib.set_float32_matmul_precision(before[1])
        lib.set_printoptions(profile="default")


@script("settings", "no_grad", "inference_mode", "enable_grad")
def the_mode(lib: Any, name: str) -> Any:
    with getattr(lib, name)():
        return told(
            lib,
            lambda: [lib.is_grad_enabled(), lib.is_inference_mode_enabled()],
        )


# --- what processes share -------------------------------------------------------------


def written(lib: Any, make: Callable[[Any], Any]) -> Any:
    """A tensor of the dataset that a worker writes to, and another that it does not."""
    x = make(lib)

    class Writing(lib.utils.data.Dataset):
        def __len__(self) -> int:
            return 4

        def __getitem__(self, index: int) -> Any:
            with lib.no_grad():
                x[index] += index + 1
            return x[index].detach().clone()

    return [list(lib.utils.data.DataLoader(Writing(), 2, num_workers=1)), x.tolist()]


SHARED: dict[str, Callable[[Any], Any]] = {
    "not shared": lambda t: t.zeros(4),
    "shared": lambda t: t.zeros(4).share_memory_(),
    "a view": lambda t: t.zeros(2, 4).share_memory_()[1],
    "with a stride": lambda t: t.zeros(4, 2).share_memory_()[:, 1],
    "a parameter": lambda t: t.nn.Parameter(t.zeros(4)).share_memory_(),
    "integers": lambda t: t.zeros(4, dtype=t.int64).share_memory_(),
    "numpy's": lambda t: t.from_numpy(np.zeros(4, np.float32)).share_memory_(),
}


@script("shared", *SHARED)
def tensors(lib: Any, name: str) -> Any:
    return written(lib, SHARED[name])


@script("shared")
def a_module_that_is_shared(lib: Any) -> Any:
    net = lib.nn.Linear(2, 1)
    lib.nn.init.zeros_(net.weight)
    net.share_memory()

    def write() -> Any:
        with lib.no_grad():
            net.weight[0, 0] += 1
        return 0

    told(lib, write)
    return net.weight.tolist()


@script("shared")
def what_is_written_here(lib: Any) -> Any:
    x = lib.zeros(2).share_memory_()
    ready, done = multiprocessing.Event(), multiprocessing.Event()

    class Reading(lib.utils.data.Dataset):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, index: int) -> Any:
            if index == 1:
                done.set()
                ready.wait(20)
            return x.clone()

    batches = iter(lib.utils.data.DataLoader(Reading(), num_workers=1))
    first = next(batches)
    done.wait(20)
    x += 5
    x.tolist()
    ready.set()
    return [first, next(batches)]


@script("shared", "Value", "Array", "RawArray", "Queue", "SimpleQueue", "Event")
def by_multiprocessing(lib: Any, kind: str) -> Any:
    arguments: Any = {"Value": ("i", 3), "Array": ("i", 3), "RawArray": ("i", 3)}
    thing = getattr(multiprocessing, kind)(*arguments.get(kind, ()))

    def use() -> Any:
        if "Queue" in kind:
            thing.put(4)
        elif kind == "Event":
            thing.set()
        elif kind == "Value":
            with thing.get_lock():
                thing.value += 1
        else:
            thing[1] += 2
        return 1

    result = [told(lib, use)]
    if "Queue" in kind:
        result += [thing.get(), thing.get()]
    elif kind == "Event":
        result += [thing.is_set()]
    else:
        result += [thing.value if kind == "Value" else list(thing)]
    return result


@script("shared", "Lock", "RLock", "Semaphore", "Condition", "Barrier")
def locks(lib: Any, kind: str) -> Any:
    lock = getattr(multiprocessing, kind)(*([1] if kind == "Barrier" else []))

    def use() -> Any:
        if kind == "Barrier":
            return lock.wait(5)
        with lock:
            return 1

    return [told(lib, use), kind == "Barrier" or lock.acquire(timeout=5)]


@script("shared", "Lock", "RLock", "Event", "Condition", "local")
def of_threads(lib: Any, kind: str) -> Any:
    thing = getattr(threading, kind)()

    def use() -> Any:
        if kind in ("Lock", "RLock", "Condition"):
            with thing:
                return 1
        return thing.is_set() if kind == "Event" else vars(thing)

    if kind == "local":
        thing.x = 3
    return told(lib, use)


@script("shared", "rb", "r", "r+b")
def open_files(lib: Any, mode: str) -> Any:
    path = Path(tempfile.mkdtemp(), "a.txt")
    path.write_text("0123456789")
    with open(path, mode) as file:
        file.seek(3)
        return told(lib, lambda: file.seek(2) and str(file.read(2)))


@script("shared", "r", "r+", "c")
def maps_of_files(lib: Any, mode: Any) -> Any:
    path = Path(tempfile.mkdtemp(), "a.bin")
    path.write_bytes(bytes(range(16)))
    table = np.memmap(path, np.uint8, mode, 4, (3, 4))
    part = table[1:, ::2]

    def use() -> Any:
        if mode != "r":
            part[0, 0] += 100
        return np.array(part).tolist()

    return [told(lib, use), table.tolist()]
