"""Files made to harm: refused with one error, nothing executed, little memory taken."""

import collections
import gc
import sys
import time
from pathlib import Path

import jax
import numpy as np
import pytest

from funcnet import checkpoint
from funcnet.checkpoint import CheckpointError
from tests.checkpoint.attacks import all_attacks

ATTACKS = all_attacks()
ACCEPTED = {name for name, (_, message) in ATTACKS.items() if message == "accepted"}

FORBIDDEN = ("os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "socket")
seen: list[str] = []


@pytest.fixture(scope="module", autouse=True)
def _watched():
    jax.random.key(0)  # what is imported and compiled at first use is done here
    watching = [True]

    def hook(event, arguments):
        if watching[0] and event.startswith(FORBIDDEN):
            seen.append(event)

    sys.addaudithook(hook)
    yield
    watching[0] = False


def memory(field):
    """This process's memory in bytes, now (VmRSS) or at its most (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(x.split()[1]) * 1024 for x in lines if x.startswith(field))


def test_there_are_enough_of_them():
    assert len(ATTACKS) >= 80


@pytest.mark.parametrize("name", sorted(ATTACKS.keys() - ACCEPTED))
def test_an_attack_is_refused_in_little_time_and_memory(tmp_path, name):
    data, message = ATTACKS[name]
    path = tmp_path / name
    path.write_bytes(data)
    linux = Path("/proc/self/clear_refs").exists()
    gc.collect()
    if linux:
        Path("/proc/self/clear_refs").write_text("5")  # forget the most so far
        before = memory("VmRSS")
    start = time.perf_counter()
    for read in (checkpoint.load, checkpoint.entries):
        if read is checkpoint.entries and ("bool_of_two" in name or "_sum" in name):
            continue  # they lie in the numbers, which are not read here
        if read is checkpoint.entries and "key_of_no_kind" in name:
            continue
        with pytest.raises(CheckpointError, match=message or None) as caught:
            read(path)
        assert str(caught.value).startswith(str(path))
        assert len(str(caught.value)) < 1000
    assert time.perf_counter() - start < 10
    if linux:
        assert memory("VmHWM") - before <= 64 * 2**20 + 4 * len(data)
    assert seen == []


@pytest.mark.parametrize("suffix", [".msgpack", ".safetensors"])
def test_a_file_cut_off_anywhere_is_refused(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    tree = {"a": {"w": np.arange(500.0)}, "b": np.ones((20, 5), "bfloat16")}
    checkpoint.save(path, tree)
    whole = path.read_bytes()
    for percent in range(100):
        path.write_bytes(whole[: len(whole) * percent // 100])
        with pytest.raises(CheckpointError, match=str(path)):
            checkpoint.load(path)


def test_many_tensors_are_no_attack(tmp_path):
    tree = {f"layer{i}": np.ones(2, np.float32) for i in range(10_000)}
    for suffix in (".msgpack", ".safetensors"):
        checkpoint.save(tmp_path / f"a{suffix}", tree)
        assert len(checkpoint.load(tmp_path / f"a{suffix}")) == 10_000


def test_long_lists_of_numbers_are_no_attack(tmp_path):
    order = list(range(300_000))
    checkpoint.save(
        tmp_path / "a.msgpack", {"w": np.ones(2)}, metadata={"order": order}
    )
    assert checkpoint.read_metadata(tmp_path / "a.msgpack") == {"order": order}


def test_a_file_that_names_a_class_gets_data_and_no_class(tmp_path):
    path = tmp_path / "a.msgpack"
    evil = collections.namedtuple("Popen", ["args"])
    evil.__module__ = "subprocess"
    checkpoint.save(path, {"x": evil(np.ones(1))})
    back = checkpoint.load(path)["x"]
    assert type(back).__module__ != "subprocess"
    assert type(back).__mro__[1:] == (tuple, object)
    evil.__module__ = "optax"
    evil.__qualname__ = "apply_updates"
    checkpoint.save(path, {"x": evil(np.ones(1))})
    assert checkpoint.load(path)["x"]._fields == ("args",)
