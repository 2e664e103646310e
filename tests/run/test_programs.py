"""`funcnet run`: a script that imports torch runs as Python itself would run it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def funcnet(*arguments: str, cwd: Path, **environment: str) -> tuple[int, str, str]:
    """Run the command line in a process of its own: exit code, output, errors."""
    done = subprocess.run(
        [sys.executable, "-m", "funcnet", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def lines_of(script: str, folder: Path, *arguments: str) -> list[str]:
    (folder / "script.py").write_text(script)
    code, out, err = funcnet("run", "script.py", *arguments, cwd=folder)
    assert code == 0, err
    return out.splitlines()


def test_a_script_trains_with_its_own_arguments(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("from torch import nn\nlayer = nn.Linear(2, 1)")
    script = """
import sys
import torch, torch.nn.functional as F
from torch.utils.data import DataLoader
from beside import layer
print(sys.argv, __name__, torch.__name__)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
x = torch.randn(64, 2)
for batch in DataLoader(x, batch_size=8):
    optimizer.zero_grad()
    loss = F.mse_loss(layer(batch), batch.sum(1, keepdim=True))
    loss.backward()
    optimizer.step()
print(loss.item() < 10)
"""
    assert lines_of(script, tmp_path, "--epochs", "3", "-m", "x", "--report") == [
        "['script.py', '--epochs', '3', '-m', 'x', '--report'] __main__ torch",
        "True",
    ]


def test_packages_that_look_for_torch_find_it(tmp_path: Path) -> None:
    script = """
import importlib.metadata as metadata, importlib.util, sys
print(importlib.util.find_spec("torch") is not None, "funcnet.compat" in sys.modules)
print(metadata.version("torch"), metadata.version("torchvision"))
print(sorted({x.name for x in metadata.distributions() if x.name.startswith("torch")}))
import torch
print(torch.__version__ >= (2, 1), torch.__version__ == metadata.version("torch"))
import torchvision
print(torchvision.__version__, sys.modules["torch.nn"] is torch.nn)
try:
    import torch._inductor
except ModuleNotFoundError as error:
    print(error.name)
"""
    assert lines_of(script, tmp_path) == [
        "True False",
        "2.13.0+funcnet 0.28.0+funcnet",
        "['torch', 'torchvision']",
        "True True",
        "0.28.0+funcnet True",
        "torch._inductor",
    ]


def test_child_processes_have_torch_too(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('site of the user')")
    script = """
import multiprocessing, os, pickle, subprocess, sys
import torch
class Point:
    x = 3
def work(queue):
    queue.put((torch.__name__, torch.ones(2).sum().item()))
if __name__ == "__main__":
    os.chdir("..")
    code = "import sys, torch; print(torch.__name__, 'startup' in ''.join(sys.path))"
    path = os.pathsep.join([os.environ["PYTHONPATH"], FOLDER])
    environment = os.environ | {"PYTHONPATH": path}
    print(subprocess.run([sys.executable, "-c", code], env=environment,
        capture_output=True, text=True, check=True).stdout.splitlines())
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    print(queue.get())
    process.join()
    print(pickle.loads(pickle.dumps(Point())).x)
"""
    folder = tmp_path / "inside"
    folder.mkdir()
    script = script.replace("FOLDER", repr(str(tmp_path)))
    assert lines_of(script, folder) == [
        "['site of the user', 'torch False']",
        "('torch', 2.0)",
        "3",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("-c", "import torch; print(int(torch.ones(2).sum()))"), 0, "2"),
        (("-c", "import sys; print(sys.argv)", "-x"), 0, "['-c', '-x']"),
        (("-m", "package.train", "-n", "3"), 0, "package.train ['-n', '3']"),
        (("-m", "package", "4"), 0, "package.__main__ ['4']"),
        (("package", "5"), 0, "__main__ ['5']"),
        (("-c", "raise SystemExit(3)"), 3, ""),
    ],
)
def test_what_python_runs(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    package = tmp_path / "package"
    package.mkdir()
    text = (
        "import sys, torch\n"
        "print((__spec__ and __spec__.name) or __name__, sys.argv[1:])"
    )
    for name in ("__init__", "train", "__main__"):
        (package / f"{name}.py").write_text("" if name == "__init__" else text)
    result, out, err = funcnet("run", *arguments, cwd=tmp_path)
    assert (result, out.strip()) == (code, said), err


BROKEN = """
import torch
from torch import nn
def step(model):
    try:
        return model(torch.ones(2, 5))
    except RuntimeError as error:
        raise ValueError("the step failed") from error
step(nn.Sequential(nn.ReLU(), nn.Linear(3, 4)))
"""


def test_errors_show_the_frames_of_the_script_alone(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(BROKEN)
    code, _, err = funcnet("run", "broken.py", cwd=tmp_path)
    files = [line for line in err.splitlines() if line.strip().startswith("File ")]
    assert code == 1
    assert len(files) == 3
    assert all("broken.py" in line for line in files)
    assert "mat1 and mat2 shapes cannot be multiplied (2x5 and 3x4)" in err
    assert "ValueError: the step failed" in err
    _, _, whole = funcnet("run", "broken.py", cwd=tmp_path, FUNCNET_TRACEBACK="full")
    assert "nn/_module" in whole


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nothing.py",), 2, "funcnet run: nothing.py: No such file or directory"),
        ((), 2, "funcnet run: name a script, or -m MODULE, or -c CODE"),
        (("-m", "no_such_module"), 1, "No module named no_such_module"),
    ],
)
def test_what_cannot_be_run_is_said_in_a_line(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    result, _, err = funcnet("run", *arguments, cwd=tmp_path)
    assert result == code
    assert err.strip().splitlines()[-1].endswith(said)


def test_the_report_names_lines_sizes_and_missing_names(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        "import torch\n"
        "for size in range(3, 9):\n"
        "    total = torch.ones(size).exp().sum().item()\n"
        "print(hasattr(torch, 'no_such_name'))\n"
    )
    code, out, err = funcnet(
        "run", "--report", "--check", "2", "script.py", cwd=tmp_path
    )
    assert (code, out) == (0, "False\n")
    assert "script.py:3: 6 programs that differ in sizes only" in err
    assert "6 × " in err
    assert "torch.no_such_name  " in err
    assert "funcnet run: 2 programs ran interpreted and compiled" in err
