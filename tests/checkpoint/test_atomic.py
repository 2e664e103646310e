"""Every write is whole or not at all: killed writers, full disks, locked folders."""

import os
import random
import resource
import signal
import stat
import subprocess
import sys
import time

import numpy as np
import pytest

from funcnet import checkpoint
from funcnet.checkpoint._atomic import writing

NAMES = ["a.msgpack", "a.pth", "a.safetensors", "a.safetensors.index.json"]

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")

# Saves one tree after the other, of 8 MB, in each of which all numbers are the same.
WRITER = """
import sys, time, numpy as np
from funcnet import checkpoint
shapes = [(1000, 500), (300, 1000), (7,), ()] * 3
for i in range(1, 1_000_000):
    tree = {f"l{n}": {"w": np.full(s, i, np.float32)} for n, s in enumerate(shapes)}
    start = time.perf_counter()
    print("begin", i, flush=True)
    checkpoint.save(sys.argv[1], tree)
    print("end", i, time.perf_counter() - start, flush=True)
"""


def kill_while_saving(path, moment):
    """Run the writer, and kill it at a part of the time that a save takes."""
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        seconds = 0.0
        for _ in range(2):
            assert writer.stdout.readline().startswith("begin")
            _, step, taken = writer.stdout.readline().split()
            seconds = float(taken)
        assert writer.stdout.readline() == "begin 3\n"
        time.sleep(moment * seconds)
        writer.send_signal(signal.SIGKILL)
    return int(step)


def whole_step(path):
    """The number that fills all arrays of a file."""
    loaded = checkpoint.load(path)
    values = {float(x) for part in loaded.values() for x in np.unique(part["w"])}
    assert len(values) == 1, "a mixture of two saves"
    assert len(loaded) == 12
    return values.pop()


@posix
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("moment", [0.3, 0.7])
def test_a_killed_writer_leaves_the_old_file_or_the_new(tmp_path, name, moment):
    before = kill_while_saving(tmp_path / name, moment)
    assert before <= whole_step(tmp_path / name)


@posix
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_fifty_kills_leave_the_old_file_or_the_new(tmp_path, name):
    draw = random.Random(0)
    for i in range(50):
        folder = tmp_path / str(i)
        folder.mkdir()
        before = kill_while_saving(folder / name, 1.2 * draw.random())
        assert before <= whole_step(folder / name)


@posix
@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_keeps_the_old_file_and_says_so(tmp_path, name):
    path = tmp_path / name
    checkpoint.save(path, {"w": np.ones(10)})
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OSError, match="was there before is unchanged") as caught:
            checkpoint.save(path, {"w": np.ones(100_000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(tmp_path) in str(caught.value)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


@posix
@pytest.mark.parametrize("name", NAMES)
def test_a_folder_without_the_right_to_write_keeps_the_old_file(tmp_path, name):
    path = tmp_path / name
    checkpoint.save(path, {"w": np.ones(10)})
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    tmp_path.chmod(0o555)
    # To root no folder is closed.
    for parent in (tmp_path, *tmp_path.parents) if not os.geteuid() else ():
        if str(parent).startswith(os.path.realpath("/tmp/")):
            parent.chmod(stat.S_IMODE(parent.stat().st_mode) | 0o555)
    user = os.geteuid()
    os.seteuid(user or 65534)
    try:
        with pytest.raises(PermissionError, match="Permission denied; nothing was"):
            checkpoint.save(path, {"w": np.ones(20)})
    finally:
        os.seteuid(user)
        tmp_path.chmod(0o755)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_or_an_interrupt_leaves_no_file(tmp_path, error):
    def interrupted():
        with writing(tmp_path / "a") as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        interrupted()
    assert list(tmp_path.iterdir()) == []


@posix
def test_permissions_links_and_long_names_are_kept(tmp_path):
    target = tmp_path / "a.msgpack"
    checkpoint.save(target, {"w": 1})
    target.chmod(0o640)
    link = tmp_path / "last.msgpack"
    link.symlink_to(target)
    checkpoint.save(link, {"w": 2})
    assert link.is_symlink()
    assert checkpoint.load(target) == {"w": 2}
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    long = tmp_path / ("é" * 120 + ".msgpack")
    checkpoint.save(long, {"w": 3})
    assert checkpoint.load(long) == {"w": 3}


@posix
def test_what_is_no_file_is_written_and_never_replaced():
    with writing(os.devnull) as file:
        file.write(b"gone")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize("name", NAMES)
def test_a_function_of_atexit_saves_and_loads(tmp_path, name):
    path = tmp_path / name
    script = f"""
import atexit, numpy as np
from funcnet import checkpoint
tree = {{"w": np.arange(2.0**20)}}
checkpoint.save({str(path)!r}, tree)
def last():
    checkpoint.save({str(path)!r}, {{"w": -tree["w"]}})
    print(checkpoint.load({str(path)!r})["w"][3])
atexit.register(last)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""
    assert ran.stdout.split() == ["-3.0"]
