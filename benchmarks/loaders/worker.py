"""The process of one library on one case: an epoch for each line that it reads.

It answers with a line of JSON: at the start the seconds until the first batch, asked
for as soon as the loader is there; then, each time, the seconds of an epoch.
"""

import json
import os
import platform
import sys
import time
from importlib import import_module, metadata
from pathlib import Path

from benchmarks.loaders import CASES


def main(peer: str, case: str, folder: str) -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    if peer == "compat":
        import_module("funcnet.compat").install(even_if_installed=True)
    name = "in_funcnet" if peer == "funcnet" else "in_torch"
    try:
        library = import_module(f"benchmarks.loaders.{name}")
    except ModuleNotFoundError as error:
        print(json.dumps({"missing": f"{error.name} is not installed"}), file=answers)
        return
    loader = library.loader(CASES[case], Path(folder))
    start = time.perf_counter()
    next(iter(loader))
    first = time.perf_counter() - start
    package = "torch" if peer == "torch" else "numpy"
    versions = {
        "Python": platform.python_version(),
        **{name: metadata.version(name) for name in (package, "pillow")},
    }
    print(json.dumps({"first": first, "versions": versions}), file=answers)
    for _ in sys.stdin:
        start = time.perf_counter()
        samples = sum(len(labels) for _, labels in loader)
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "samples": samples}), file=answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
