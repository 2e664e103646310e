"""The alias in child processes: what they find in their environment.

Python imports `sitecustomize` when it starts, from the first folder of its path that
has one; ours installs the import hook.
"""

import os
from pathlib import Path
from typing import Final

STARTUP: Final = str(Path(__file__).parent / "startup")


def install_in_children() -> None:
    """Let processes of Python that this one starts have the alias, too.

    Those of `multiprocessing` and `subprocess` have it, if they inherit the
    environment and Python is not told to ignore it (`-I`, `-E`, `-S`).
    """
    paths = [
        path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path
    ]
    if STARTUP not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([STARTUP, *paths])
