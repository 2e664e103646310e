"""Load each file of a folder in this process; print what each took, as JSON lines.

`python -m tests.checkpoint.pth.measure FOLDER` for memory and time.
"""

import json
import sys
import time
from pathlib import Path

from funcnet.checkpoint import CheckpointError, pth

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def memory(field: str) -> int:
    """Bytes of this process, now ("VmRSS") or at most since `reset` ("VmHWM")."""
    for line in STATUS.read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise ValueError(field)


def outcome(path: Path) -> str:
    try:
        pth.load(path)
    except CheckpointError:
        return "refused"
    except BaseException as error:
        return f"escaped: {type(error).__name__}: {error}"
    return "loaded"


def main(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        RESET.write_text("5")
        before, start = memory("VmRSS"), time.perf_counter()
        said = outcome(path)
        spent, grown = time.perf_counter() - start, memory("VmHWM") - before
        size = path.stat().st_size
        print(json.dumps([path.name, said, size, grown, spent]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
