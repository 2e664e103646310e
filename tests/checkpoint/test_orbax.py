"""Folders of Orbax, an extra."""

import os
import subprocess
import sys

import numpy as np
import pytest

from funcnet import checkpoint
from funcnet.checkpoint import CheckpointError
from tests.checkpoint.trees import assert_same_tree

TREE = {
    "params": {"w": np.ones((2, 3), np.float32), "h": np.ones(2, "bfloat16")},
    "steps": [3, 2.5, "text", None],
}


def test_without_the_library_the_error_says_what_to_install(tmp_path):
    code = (
        "import sys; sys.modules['orbax'] = sys.modules['orbax.checkpoint'] = None;"
        "from funcnet import checkpoint; checkpoint.save(sys.argv[1], {'w': 1})"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.orbax")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "pip install 'funcnet[orbax]'" in done.stderr


def test_folders_that_are_none_of_orbax_are_named_with_their_files(tmp_path):
    (tmp_path / "a.pth").touch()
    with pytest.raises(CheckpointError, match=r"no checkpoint of Orbax.* a\.pth"):
        checkpoint.load(tmp_path)


def test_a_tree_comes_back_and_orbax_restores_it(tmp_path):
    ocp = pytest.importorskip("orbax.checkpoint")
    path = tmp_path / "a.orbax"
    checkpoint.save(path, TREE)
    assert_same_tree(checkpoint.load(path), TREE)
    with ocp.PyTreeCheckpointer() as checkpointer:
        restored = checkpointer.restore(path)
    np.testing.assert_array_equal(restored["params"]["w"], TREE["params"]["w"])
    with pytest.raises(CheckpointError, match="the folder exists"):
        checkpoint.save(path, TREE)
    checkpoint.convert(path, tmp_path / "a.msgpack")
    assert_same_tree(checkpoint.load(tmp_path / "a.msgpack"), TREE)
    listed = {one.name: one.shape for one in checkpoint.entries(path)}
    assert listed["params.w"] == (2, 3)


def test_steps_of_a_checkpoint_manager_are_read(tmp_path):
    ocp = pytest.importorskip("orbax.checkpoint")
    params = TREE["params"]
    with ocp.CheckpointManager(tmp_path / "run") as manager:
        manager.save(7, args=ocp.args.StandardSave(params))
        manager.wait_until_finished()
    assert_same_tree(checkpoint.load(tmp_path / "run" / "7", like=params), params)
    with pytest.raises(CheckpointError, match=rf"the steps 7; .*{os.sep}7\."):
        checkpoint.load(tmp_path / "run")
