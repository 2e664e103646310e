"""Write wheels named torch and torchvision, whose modules are those of funcnet.compat.

A package that requires PyTorch takes the requirement for met once they are installed,
so that pip does not bring PyTorch in; and `import torch` needs no launcher then.
"""

import argparse
import base64
import hashlib
import zipfile
from pathlib import Path
from typing import Final

from funcnet.torch_alias import VERSIONS

NAME: Final = "wheels"
HELP: Final = "write wheels with which pip takes PyTorch for installed"
EXAMPLES: Final = """
  funcnet wheels wheels/
  pip install wheels/torch-*.whl wheels/torchvision-*.whl
  pip install transformers
"""

_MODULE: Final = '''"""funcnet.compat under the name of {name}."""

import importlib
import sys

from funcnet.torch_alias import install

del sys.modules[__name__]
install(even_if_installed=True)
importlib.import_module(__name__)
'''
_WHEEL: Final = """Wheel-Version: 1.0
Generator: funcnet
Root-Is-Purelib: true
Tag: py3-none-any
"""
_DATE: Final = (2020, 1, 1, 0, 0, 0)  # two wheels of one version are the same file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("folder", metavar="FOLDER", help="where to write them")


def run(options: argparse.Namespace) -> int:
    """Write the wheels and print their paths."""
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in VERSIONS:
        print(write_wheel(name, folder))
    return 0


def write_wheel(name: str, folder: Path) -> Path:
    """Write the wheel of torch or torchvision; return its path."""
    version = VERSIONS[name]
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": _MODULE.format(name=name),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        "Summary: funcnet.compat under another name\nRequires-Dist: funcnet\n",
        f"{info}/WHEEL": _WHEEL,
        f"{info}/top_level.txt": f"{name}\n",
    }
    rows = [f"{path},{_digest(text)},{len(text)}" for path, text in files.items()]
    record = f"{info}/RECORD"
    files[record] = "\n".join([*rows, f"{record},,", ""])
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for file, text in files.items():
            wheel.writestr(zipfile.ZipInfo(file, _DATE), text)
    return path


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
