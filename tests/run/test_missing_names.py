"""`funcnet run --missing`: the names of torch that source code asks for."""

from pathlib import Path

import pytest

from funcnet.cli import main
from funcnet.cli._run.names import files_of_script, is_there, uses

SOURCE = '''
import torch, torchvision.transforms as T
import torch.nn.functional as F
from torch.nn import Linear, Linaer
from torch import optim as o
from other import torch_like

try:
    from torch.package import PackageExporter
except (ImportError, KeyError):
    PackageExporter = None

def f(x):
    """torch.not_code"""
    F.relu(x).backward
    return torch.cuda.is_available(), o.SGD.step, T.ToTensor, torch.foo.bar
'''


def test_uses_are_imports_and_attributes(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(SOURCE)
    named = {use.name: (use.line, use.guarded) for use in uses(path)}
    assert named["torch.nn.functional.relu"] == (15, False)
    assert named["torch.package.PackageExporter"] == (9, True)
    assert named["torch.optim.SGD.step"] == (16, False)
    assert named["torchvision.transforms.ToTensor"] == (16, False)
    assert named["torch.foo.bar"] == (16, False)
    assert "torch.not_code" not in named


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("torch", True),
        ("torch.nn.functional.relu", True),
        ("torch.nn.Module.forward", True),
        ("torch.utils.data.DataLoader", True),
        ("torch.float32.itemsize", True),
        ("torchvision.transforms.ToTensor", True),
        ("torch.nn.Linaer", False),
        ("torch.nn.Linear.no_such", False),
        ("torch._inductor", False),
        ("torch.utils.no_such.name", False),
        ("torchvision.models.resnet18", True),
    ],
)
def test_names_are_looked_up(name: str, there: bool) -> None:
    assert is_there(name) is there


def test_files_of_a_script_are_those_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import b, json\nfrom pkg import c\nimport a")
    (tmp_path / "b.py").write_text("import a")
    (tmp_path / "other.py").write_text("")
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("")
    (tmp_path / "pkg" / "c.py").write_text("import torch")
    names = [str(x.relative_to(tmp_path)) for x in files_of_script(f"{tmp_path}/a.py")]
    assert names == ["a.py", "b.py", "pkg/__init__.py", "pkg/c.py"]


def test_the_list_is_short(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.py"
    path.write_text(SOURCE)
    assert main(["run", "--missing", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"torch.foo  {path}:16",
        f"torch.nn.Linaer  {path}:4",
        f"torch.package.PackageExporter  {path}:9 (in a try)",
        "15 names asked for, 3 not there",
    ]
    path.write_text("import torch\ntorch.ones(2)")
    assert main(["run", "--missing", str(path)]) == 0
