"""The command line: `funcnet run`, `wheels`, `coverage`, `convert`, `inspect`.

Each command is a module with `NAME`, `HELP`, `EXAMPLES`, `add_arguments(parser)`
and `run(options) -> exit code`; its docstring is the description. One that passes
arguments on has `split(arguments)`, which says where its own end; the others are
`options.arguments`.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from funcnet._errors import LocatedError
from funcnet.cli import _convert, _coverage, _inspect, _run, _wheels

__all__ = ["main"]

_COMMANDS = (_run, _wheels, _coverage, _convert, _inspect)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code: 2 after an error, which is one line.

    Example:
        >>> import numpy as np, os, tempfile
        >>> from funcnet import checkpoint
        >>> path = os.path.join(tempfile.mkdtemp(), "a.msgpack")
        >>> checkpoint.save(path, {"weight": np.ones((2, 3), np.float32)})
        >>> main(["inspect", "--no-header", path])
        weight  float32  (2, 3)  24 B
        0
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    passed_on: list[str] = []
    if given[:1] == [_run.NAME]:
        own, passed_on = _run.split(given[1:])
        given[1:] = own
    options = _parser().parse_args(given)
    options.arguments = passed_on
    try:
        code = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except (LocatedError, OSError) as error:
        print(f"funcnet {options.command}: {_say(error)}", file=sys.stderr)
        return 2
    return int(code)


def _parser() -> argparse.ArgumentParser:
    from funcnet import __version__

    parser = argparse.ArgumentParser(
        prog="funcnet", description="Deep learning on JAX for people who know PyTorch."
    )
    parser.add_argument("--version", action="version", version=f"funcnet {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        subparser = commands.add_parser(
            command.NAME,
            help=command.HELP,
            description=command.__doc__,
            epilog=f"examples:{command.EXAMPLES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser


def _say(error: Exception) -> str:
    """An error as one that was not programmed here: `file: what is wrong`."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{os.fspath(error.filename)}: {error.strerror}"
    return str(error)
