"""Workers find what the script has set up, as a fork of it would."""

import importlib
import importlib.util
import io
import locale
import logging
import multiprocessing
import os
import sqlite3
import sys
import threading
import types
import warnings

import numpy as np
import pytest
from PIL import Image, ImageFile

from funcnet import data
from funcnet.data import DataLoader


def told(get, workers=1, **options):
    """What a function says in each of some workers."""

    class Told(data.Dataset):
        def __len__(self):
            return workers

        def __getitem__(self, index):
            return get()

    loader = DataLoader(
        Told(), 1, num_workers=workers, collate_fn=lambda samples: samples[0], **options
    )
    return list(loader) if workers > 1 else next(iter(loader))


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Makes modules of the script's own, which workers can import."""
    monkeypatch.syspath_prepend(tmp_path)
    result = []

    def make(name, text):
        (tmp_path / f"{name}.py").write_text(text)
        importlib.invalidate_caches()
        result.append(name)
        return importlib.import_module(name)

    yield make
    for name in result:
        del sys.modules[name]


TEXT = """
import json
SIZE = 1
OPTIONS = {"k": 0}
NAMES = []
ARRAY = None
LOCK = __import__("threading").Lock()
class Scale:
    factor = 1
    table = {}
    def __call__(self, x):
        return x * self.factor
    @staticmethod
    def plus(x):
        return x + 1
def size():
    return SIZE, OPTIONS["k"], len(NAMES)
def changed():
    return "as it was"
"""


def test_what_modules_and_classes_hold_is_there(script):
    settings = script("own_settings", TEXT)
    settings.SIZE, settings.OPTIONS["k"] = 64, 5
    settings.NAMES += "abc"
    settings.ARRAY = np.arange(3)
    settings.Scale.factor = 10
    settings.Scale.table["a"] = 1
    settings.changed = lambda: "as the script has it"
    settings.Scale.plus = staticmethod(lambda x: x + 100)
    settings.extra = "new"

    def look():
        return (
            *(settings.size(), settings.Scale()(2), settings.Scale.table),
            *(settings.Scale.plus(1), settings.changed(), settings.extra),
            *(settings.ARRAY.tolist(), settings.LOCK.locked()),
        )

    expected = ((64, 5, 3), 20, {"a": 1}, 101, "as the script has it", "new")
    assert told(look) == look() == (*expected, [0, 1, 2], False)


def test_what_other_modules_have_of_it_is_the_same(script):
    settings = script("own_settings", TEXT)
    user = script(
        "own_user",
        "from own_settings import OPTIONS, size\nimport own_settings as s\n"
        "def look(): return OPTIONS, OPTIONS is s.OPTIONS, size()\n",
    )
    settings.OPTIONS["k"] = 7

    def look():
        return user.look()

    assert told(look) == ({"k": 7}, True, (1, 7, 0))


def test_it_is_there_when_it_is_imported_late(script):
    settings = script("own_settings", TEXT)
    user = script("own_late", "def look():\n    import own_settings\n    return 1\n")
    user.settings = settings
    settings.SIZE = 3

    def look():
        import own_settings

        return user.look() + own_settings.SIZE

    assert told(look) == 4


def test_it_is_there_before_the_dataset_is_made(script):
    module = script(
        "own_dataset",
        "ROOT = 'unset'\n"
        "class Rows:\n"
        "    def __setstate__(self, state): self.root = ROOT\n"
        "    def __getstate__(self): return {}\n"
        "    def __len__(self): return 1\n"
        "    def __getitem__(self, index): return self.root\n",
    )
    module.ROOT = "set"
    assert list(DataLoader(module.Rows(), num_workers=1)) == [["set"]]


def test_modules_that_cannot_be_imported_go_as_they_are(tmp_path):
    path = tmp_path / "somewhere.py"
    path.write_text(TEXT + "from dataclasses import dataclass\n")
    spec = importlib.util.spec_from_file_location("from_a_path", path)
    from_path = importlib.util.module_from_spec(spec)
    sys.modules["from_a_path"] = from_path
    spec.loader.exec_module(from_path)
    result = sys.modules["made_by_hand"] = types.ModuleType("made_by_hand")
    exec(TEXT, vars(result))
    result.connection = sqlite3.connect(":memory:")
    unknown = types.ModuleType("known_to_nobody")
    exec(TEXT, vars(unknown))
    names: dict = {}
    exec(TEXT, names)
    try:
        for module in (from_path, result, unknown):
            module.SIZE, module.Scale.factor = 64, 10

            def look(module=module):
                return module.size(), module.Scale()(2), module.__name__

            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                assert told(look) == ((64, 0, 0), 20, module.__name__)
            assert len(caught) == (module is result)  # of its connection

            def look_closer(scale=module.Scale, size=module.size):
                return size(), scale()(2)

            assert told(look_closer) == ((64, 0, 0), 20)
        names["SIZE"] = 3
        assert told(lambda: (names["size"](), names["Scale"]()(2))) == ((3, 0, 0), 2)
    finally:
        del sys.modules["from_a_path"], sys.modules["made_by_hand"]


def test_one_warning_names_what_cannot_be_carried(script):
    settings = script("own_settings", TEXT)
    settings.OPTIONS = sqlite3.connect(":memory:")
    settings.Scale.table = (n for n in range(3))
    settings.SIZE = 2

    def look():
        return settings.SIZE, settings.OPTIONS

    with pytest.warns(UserWarning, match="num_workers=0") as caught:
        assert told(look, 2) == [(2, {"k": 0})] * 2
    (text,) = [str(one.message) for one in caught]
    assert "own_settings.OPTIONS (sqlite3.Connection), own_settings.Scale.table" in text
    told(look)  # once is enough


def test_switches_of_libraries_are_set(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    monkeypatch.setattr(np, "float", float, raising=False)
    monkeypatch.setattr(Image, "open", lambda path: f"my {path}")
    monkeypatch.setattr(Image.Image, "show", lambda self: "shown")

    def look():
        from PIL import Image, ImageFile

        return (
            *(ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS, np.float),
            *(Image.open("picture"), Image.new("L", (1, 1)).show()),
        )

    assert told(look) == (True, None, float, "my picture", "shown")


def test_a_format_that_pillow_was_told_of_is_known(script):
    module = script(
        "own_format",
        "from PIL import Image\n"
        "def accept(prefix): return prefix[:4] == b'MINE'\n"
        "def make(file, name): return Image.new('L', (3, 5))\n",
    )
    Image.register_open("MINE", module.make, module.accept)
    try:
        assert told(lambda: Image.open(io.BytesIO(b"MINE")).size) == (3, 5)
    finally:
        Image.ID.remove("MINE")
        del Image.OPEN["MINE"]


def test_settings_of_the_process_are_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("SET_HERE", "1")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    logger = logging.getLogger("of_this_test")
    monkeypatch.setattr(logger, "level", logging.DEBUG)
    before = sys.getrecursionlimit(), locale.setlocale(locale.LC_ALL)

    def look():
        import decimal

        with warnings.catch_warnings(record=True) as caught:
            warnings.warn("one", UserWarning, stacklevel=1)
            warnings.warn("two", DeprecationWarning, stacklevel=1)
        return (
            *(os.environ.get("SET_HERE"), os.environ.get("HOME"), os.getcwd()),
            *(np.geterr()["over"], np.get_printoptions()["precision"]),
            *(len(caught), logging.getLogger("of_this_test").level),
            *(sys.getrecursionlimit(), decimal.getcontext().prec),
            locale.setlocale(locale.LC_ALL),
        )

    import decimal

    try:
        sys.setrecursionlimit(2345)
        locale.setlocale(locale.LC_ALL, "C.UTF-8")
        with (
            np.errstate(over="ignore"),
            np.printoptions(precision=3),
            decimal.localcontext(prec=7),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", DeprecationWarning)
            result = told(look)
            assert result == look()
        assert result[0] == "1"
        assert result[1] is None
        assert result[3:9] == ("ignore", 3, 1, logging.DEBUG, 2345, 7)
    finally:
        sys.setrecursionlimit(before[0])
        locale.setlocale(locale.LC_ALL, before[1])


def test_state_is_taken_when_workers_start(script):
    settings = script("own_settings", TEXT)

    class Sizes(data.Dataset):
        def __len__(self):
            return 1

        def __getitem__(self, index):
            return settings.SIZE

    for persistent, expected in ((False, [1, 2, 3]), (True, [1, 1, 1])):
        loader = DataLoader(Sizes(), num_workers=1, persistent_workers=persistent)
        result = []
        for settings.SIZE in (1, 2, 3):
            result += [batch.item() for batch in loader]
        assert result == expected


# --- what pickle refuses --------------------------------------------------------------


def test_locks_of_threads_are_the_workers_own():
    lock, again, event = threading.Lock(), threading.RLock(), threading.Event()
    local = threading.local()
    local.value = 3
    event.set()

    def look():
        with lock, again, again:
            return event.is_set(), local.value

    assert told(look) == (True, 3)


def test_open_files_go_on_where_they_stand(tmp_path):
    path = tmp_path / "numbers.txt"
    path.write_bytes(b"0123456789")
    with (
        open(path, "rb") as binary,
        open(path) as text,
        open(tmp_path / "log", "w") as log,
    ):
        binary.seek(3)
        text.read(5)
        log.write("main\n")

        def look():
            print("worker", file=log, flush=True)
            return binary.read(2), text.read(2), log.closed

        assert told(look) == (b"34", "56", False)
        assert binary.read(2) == b"34"
    assert (tmp_path / "log").read_text() == "main\nworker\n"


def test_a_map_of_a_file_is_not_copied(tmp_path):
    table = np.memmap(tmp_path / "table", np.int32, "w+", shape=(4, 3))
    table[:] = np.arange(12).reshape(4, 3)
    part, column = table[2:], table[:, 1]

    def look():
        part[0] += 100
        return part.tolist(), column.tolist()

    result = told(look)
    assert result == ([[106, 107, 108], [9, 10, 11]], [1, 4, 107, 10])
    assert table[2].tolist() == [106, 107, 108]


@pytest.mark.parametrize("method", [None, "fork", "spawn", "forkserver"])
def test_what_multiprocessing_made_is_shared(method):
    context = multiprocessing.get_context(method)
    count, numbers = context.Value("i", 0), context.Array("d", [1.0, 2.0])
    lock, kept, semaphore = context.Lock(), context.Lock(), context.Semaphore(2)
    raw, ready, queue = context.RawArray("i", 3), context.Event(), context.Queue()
    condition, simple = context.Condition(), context.SimpleQueue()
    ready.set()

    def look():
        for _ in range(50):
            with count.get_lock():
                count.value += 1
        with lock, semaphore, condition:
            raw[0] += 1
        count.acquire()
        count.release()
        numbers[1] = 7.0
        queue.put("from a worker")
        return ready.is_set(), kept.acquire(block=False)

    assert count.acquire()
    count.release()
    result = told(look, 2)
    assert [one[0] for one in result] == [True, True]
    assert [one[1] for one in result].count(True) == 1  # one took it, and kept it
    assert not kept.acquire(block=False)
    assert count.value == 100
    assert numbers[:] == [1.0, 7.0]
    assert raw[0] == 2
    assert [queue.get(timeout=5) for _ in range(2)] == ["from a worker"] * 2
    assert simple.empty()
    count.acquire()
    with count.get_lock():
        pass
    count.release()
    queue.close()


def test_the_names_of_semaphores_are_forgotten():
    before = set(os.listdir("/dev/shm"))
    locks = [multiprocessing.Lock()]
    assert told(lambda: locks[0].acquire())
    assert len(set(os.listdir("/dev/shm")) - before) == 1
    locks.clear()
    importlib.import_module("gc").collect()
    assert not set(os.listdir("/dev/shm")) - before


def test_a_lock_that_is_held_is_refused():
    lock = multiprocessing.Lock()
    with lock, pytest.raises(TypeError, match="cannot pickle a Lock that is held"):
        told(lambda: lock)
