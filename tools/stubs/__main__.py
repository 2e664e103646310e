"""Write the stubs, or compare: `python -m tools.stubs [--check]`."""

import argparse
import subprocess
import sys
from pathlib import Path

from tools.stubs.modules import PACKAGE, stubs


def formatted(text: str, path: Path) -> str:
    """A stub as ruff formats it."""
    ruff = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(path), "-"]
    done = subprocess.run(ruff, input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def outdated() -> dict[Path, str]:
    """The stubs that are not as they would be made now, with the text they need."""
    result = {}
    for path, writer in stubs():
        text = formatted(writer.text(), path)
        if not path.exists() or path.read_text() != text:
            result[path] = text
    return result


def main() -> int:
    """Write what is outdated; with `--check` only name it."""
    parser = argparse.ArgumentParser(prog="python -m tools.stubs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    result = outdated()
    for path, text in result.items():
        print("outdated:" if check else "wrote", path.relative_to(PACKAGE.parent))
        if not check:
            path.write_text(text)
    if check and result:
        print("Run `make stubs` and commit what it writes.")
    return int(check and bool(result))


if __name__ == "__main__":
    sys.exit(main())
