"""What `importlib.metadata` says of torch and torchvision, as if they were installed.

Packages look there for whether PyTorch can be imported, and for its version.
"""

import importlib.metadata
import os
from collections.abc import Iterator
from pathlib import Path

from funcnet.torch_alias.versions import VERSIONS


class AliasDistribution(importlib.metadata.Distribution):
    """A distribution whose modules are those of `funcnet.compat`."""

    def __init__(self, name: str) -> None:
        self._files = {
            "METADATA": f"Metadata-Version: 2.1\nName: {name}\n"
            f"Version: {VERSIONS[name]}\nSummary: funcnet.compat under another name\n",
            "top_level.txt": f"{name}\n",
            "INSTALLER": "funcnet\n",
        }

    def read_text(self, filename: str | os.PathLike[str]) -> str | None:
        """The text of a file of the metadata; None where there is no such file."""
        return self._files.get(str(filename))

    def locate_file(self, path: str | os.PathLike[str]) -> Path:
        """Where a file of the distribution would lie."""
        return Path(__file__).parent / path


def distributions(
    context: importlib.metadata.DistributionFinder.Context,
) -> Iterator[AliasDistribution]:
    """Those that are asked for: the one of a name, or all."""
    for name in VERSIONS:
        if context.name is None or context.name.lower() == name:
            yield AliasDistribution(name)
