"""`funcnet wheels`: pip takes PyTorch for installed, and `import torch` works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from funcnet.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip installed the wheels."""
    folder = tmp_path_factory.mktemp("wheels")
    assert main(["wheels", str(folder)]) == 0
    target = folder / "installed"
    wheels = [str(path) for path in folder.glob("*.whl")]
    assert len(wheels) == 2
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
    options = ["--quiet", "--no-index", "--no-deps", "--target", str(target)]
    subprocess.run([*pip, *options, *wheels], check=True)
    return target


def test_torch_is_imported_without_a_launcher(installed: Path) -> None:
    code = (
        "import importlib.metadata as m; print(m.version('torch'))\n"
        "import torch.nn as nn\n"
        "from torchvision import transforms\n"
        "import torch\n"
        "print(torch.__name__, nn.Linear(2, 3)(torch.ones(1, 2)).shape)\n"
    )
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)])
    }
    out = subprocess.check_output(
        [sys.executable, "-c", code], env=environment, text=True
    )
    assert out.splitlines() == ["2.13.0+funcnet", "torch torch.Size([1, 3])"]


def test_the_files_are_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        main(["wheels", str(tmp_path / name)])
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
