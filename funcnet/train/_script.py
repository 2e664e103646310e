"""Command line, logging and results of a script that trains a model."""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from funcnet import checkpoint
from funcnet._errors import InputError
from funcnet.train._plot import plot_history
from funcnet.train._records import Record
from funcnet.train._state import TrainState

_log = logging.getLogger("funcnet.train")


def arguments(
    description: str | None, *, name: str, epochs: int, smoke_epochs: int = 1
) -> argparse.ArgumentParser:
    """Make a parser with the options that every experiment has.

    They are `--epochs`, `--seed`, `--out`, `--resume` and `--smoke`, which sets the
    number of epochs to `smoke_epochs`. Add others with `add_argument`.

    Example:
        >>> parser = arguments("Train a network.", name="digits", epochs=20)
        >>> parser.parse_args(["--seed", "3"]).out
        'runs/digits'
    """
    parser = argparse.ArgumentParser(description=description)
    parser.set_defaults(smoke_epochs=smoke_epochs)
    parser.add_argument("--epochs", type=int, default=epochs, help=f"({epochs})")
    parser.add_argument("--seed", type=int, default=0, help="of all that is random (0)")
    parser.add_argument("--out", default=f"runs/{name}", help=f"folder (runs/{name})")
    parser.add_argument(
        "--resume", action="store_true", help="resume from the folder's last checkpoint"
    )
    parser.add_argument(
        "--smoke", action="store_true", help="a run of seconds that shows it works"
    )
    return parser


def run_script(
    main: Callable[[argparse.Namespace], Any],
    parser: argparse.ArgumentParser,
    argv: Sequence[str] | None = None,
) -> Any:
    """Parse the command line and call `main(args)`, with logging set up.

    Progress goes to the standard output and to `log.txt` in the folder of the run, the
    arguments to `arguments.json`. Ctrl-C ends the script with the exit status 130.

    Example:
        >>> import tempfile
        >>> parser = arguments("A script.", name="example", epochs=9)
        >>> argv = ["--smoke", "--out", tempfile.mkdtemp()]
        >>> run_script(lambda args: args.epochs, parser, argv)
        1
    """
    args = parser.parse_args(argv)
    if args.smoke:
        args.epochs = args.smoke_epochs
    folder = Path(args.out)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "arguments.json").write_text(json.dumps(vars(args), indent=2) + "\n")
    try:
        with _logging_to(folder / "log.txt", "a" if args.resume else "w"):
            return main(args)
    except KeyboardInterrupt:
        print(f"stopped; --resume goes on from the last checkpoint in {folder}")
        raise SystemExit(130) from None


@contextmanager
def _logging_to(path: Path, mode: str) -> Iterator[None]:
    """Send the log to the standard output and to a file."""
    root, console = logging.getLogger(), logging.StreamHandler(sys.stdout)
    file = logging.FileHandler(path, mode=mode)
    level = root.level
    root.setLevel(logging.INFO)
    for handler in (console, file):
        handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
        handler.addFilter(_is_ours)
        root.addHandler(handler)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(console)
        root.removeHandler(file)
        file.close()


def _is_ours(entry: logging.LogRecord) -> bool:
    """Keep messages of the script and of funcnet, and warnings of others."""
    is_chatter = entry.name.startswith(("jax", "matplotlib", "PIL", "absl"))
    return not is_chatter or entry.levelno >= logging.WARNING


def finish(folder: str | Path, ts: TrainState, history: list[Record]) -> None:
    """Save the results of a training in its folder.

    Writes `params.msgpack`, which holds `{"params": ..., "state": ...}`, and the
    learning curves as `curves.png`, if matplotlib is installed.
    """
    folder = Path(folder)
    result = {"params": ts.params, "state": ts.state}
    checkpoint.save(
        folder / "params.msgpack", result, metadata=history[-1] if history else None
    )
    try:
        plot_history(history, folder / "curves.png")
    except InputError as error:
        _log.warning("no curves.png: %s", error)
    _log.info("wrote %s", folder)
