"""The command line: what it prints, and one helpful line for every error."""

import subprocess
import sys

import numpy as np
import pytest

from funcnet import checkpoint
from funcnet.cli import main

TREE = {
    "fc": {"weight": np.arange(6, dtype=np.float32).reshape(2, 3)},
    "half": np.ones(1500, "bfloat16"),
    "step": np.array(3),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    checkpoint.save("a.msgpack", TREE | {"epoch": 7}, metadata={"net": "mlp"})
    checkpoint.save("a.pth", TREE)
    return tmp_path


def test_inspect_shows_names_dtypes_shapes_and_bytes(folder, capsys):
    assert main(["inspect", "a.msgpack"]) == 0
    assert capsys.readouterr().out == (
        "a.msgpack: msgpack\n"
        "\n"
        "name       dtype     shape     bytes\n"
        "fc.weight  float32   (2, 3)     24 B\n"
        "half       bfloat16  (1500,)  3.0 kB\n"
        "step       int64     ()          8 B\n"
        "epoch      int       = 7\n"
        "\n"
        "3 arrays, 1,507 numbers (1,500 bfloat16, 6 float32, 1 int64), 3.0 kB; "
        "1 other value\n"
        "metadata: {'net': 'mlp'}\n"
    )


def test_inspect_shows_statistics_of_a_part(folder, capsys):
    checkpoint.save(
        "b.msgpack",
        {"x": {"a": np.array([1.0, np.nan, 3]), "b": np.ones((0, 2)), "c": "text"}},
    )
    assert main(["inspect", "b.msgpack", "--stats", "--prefix", "x"]) == 0
    lines = capsys.readouterr().out.splitlines()
    titles = "name dtype shape bytes min max mean std not finite"
    assert " ".join(lines[2].split()) == titles
    assert " ".join(lines[3].split()) == "x.a float64 (3,) 24 B 1 3 2 1 1"
    assert " ".join(lines[4].split()) == "x.b float64 (0, 2) 0 B"
    assert " ".join(lines[5].split()) == "x.c str = text"
    assert main(["inspect", "b.msgpack", "--filter", "*.a", "--no-header"]) == 0
    assert capsys.readouterr().out == "x.a  float64  (3,)  24 B\n"


def test_inspect_lists_what_differs(folder, capsys):
    other = {
        "fc": {"weight": TREE["fc"]["weight"] + [[0, 0, 0], [0, 0, 0.5]]},
        "half": TREE["half"],
        "step": np.array([3]),
        "new": np.ones(2),
    }
    other["fc"]["weight"] = other["fc"]["weight"].astype(np.float32)
    checkpoint.save("b.safetensors", other)
    assert main(["inspect", "a.pth", "--diff", "b.safetensors"]) == 1
    assert capsys.readouterr().out == (
        "only in b.safetensors (1):\n"
        "  new  float64 (2,)\n"
        "of another shape or dtype (1):\n"
        "  step  int64 ()  -> int64 (1,)\n"
        "of other values (1):\n"
        "  fc.weight  1 of 6 numbers, by up to 0.5\n"
        "1 leaf the same\n"
    )


def test_convert_keeps_names_and_says_what_was_left_out(folder, capsys):
    assert main(["convert", "a.msgpack", "b.pth"]) == 0
    assert capsys.readouterr().out == (
        "b.pth: 4 leaves, 3.0 kB of arrays\n  left out: the metadata {'net': 'mlp'}\n"
    )
    assert main(["convert", "a.pth", "b.safetensors"]) == 0
    assert main(["inspect", "a.pth", "--diff", "b.safetensors"]) == 0
    assert capsys.readouterr().out.endswith("3 leaves the same\n")
    assert main(["convert", "a.pth", "c.pth", "--filter", "fc.*"]) == 0
    assert list(checkpoint.load("c.pth")) == ["fc"]
    arguments = ["--max-shard-size", "3010"]
    assert main(["convert", "a.pth", "d.safetensors.index.json", *arguments]) == 0
    assert len(list(folder.glob("d-*.safetensors"))) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["inspect", "none.pth"], "inspect: none.pth: No such file or directory\n"),
        (["inspect", "text"], "inspect: text: the file is no checkpoint of a known"),
        (["inspect", "cut.pth"], "inspect: cut.pth: "),
        (["inspect", "a.pth", "--diff", "cut.msgpack"], "cut.msgpack: at byte"),
        (["inspect", "a.pth", "--prefix", "fd"], "nothing lies below 'fd'"),
        (["convert", "a.pth", "no/b.pth"], "no/b.pth: No such file or directory; noth"),
        (["convert", "a.pth", "b.txt"], "b.txt: the suffix does not say the format"),
        (["convert", "a.msgpack", "b.safetensors"], "b.safetensors: epoch is a int"),
        (
            ["convert", "a.pth", "b.safetensors", "--max-shard-size", "1KB"],
            "give a path that ends in .safetensors.index.json",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_every_error_is_one_line_and_exit_code_2(folder, capsys, arguments, message):
    (folder / "text").write_text("hello world")
    for name in ("a.pth", "a.msgpack"):
        data = (folder / name).read_bytes()
        (folder / name.replace("a.", "cut.")).write_bytes(data[: len(data) // 2])
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert message in shown.err
    assert shown.err.startswith(f"funcnet {arguments[0]}: ")
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [[], ["frobnicate"], ["inspect"], ["convert", "a"]]
)
def test_wrong_arguments_show_the_usage(folder, capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: funcnet" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["convert", "inspect"])
def test_help_shows_examples(capsys, command):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert f"  funcnet {command} " in capsys.readouterr().out


def test_names_of_a_file_cannot_write_to_the_terminal(folder, capsys):
    checkpoint.save("b.msgpack", {"\x1b[2Jevil": np.ones(1), "text": "\x1b[31m\n"})
    assert main(["inspect", "b.msgpack"]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_the_module_runs_and_a_reader_may_stop_reading(folder):
    count = {f"layer{i}": np.ones(1) for i in range(5000)}
    checkpoint.save("many.msgpack", count)
    command = f"{sys.executable} -m funcnet inspect many.msgpack | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.stdout == "many.msgpack: msgpack\n"
    assert done.stderr == ""


def test_inspecting_starts_without_jax(folder):
    code = (
        "import sys; from funcnet.cli import main;"
        "main(['inspect', 'a.pth', '--stats']); print('jax' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")
