"""Run a script or a package that is written for PyTorch, with no PyTorch installed.

`import torch` and `import torchvision` give funcnet.compat, in child processes too, and
`importlib.metadata` says that they are installed. Everything after the script's name is
the script's. Errors show the script's own frames; set FUNCNET_TRACEBACK=full for all.
"""

import argparse
import contextlib
import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from funcnet.cli._run import names, report, tracebacks
from funcnet.cli._run.program import Program
from funcnet.torch_alias import install, install_in_children

NAME: Final = "run"
HELP: Final = "run a script that imports torch"
EXAMPLES: Final = """
  funcnet run train.py --epochs 3
  funcnet run -m package.train --epochs 3
  funcnet run -c "import torch; print(torch.ones(2))"
  funcnet run --report train.py
  funcnet run --missing train.py
"""

_INTERRUPTED: Final = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.usage = (
        "funcnet run [-h] [--report] [--check N] [--missing] "
        "(SCRIPT | -m MODULE | -c CODE) [ARGUMENT ...]"
    )
    parser.add_argument(
        "--report",
        action="store_true",
        help="print at the end what was compiled, the lines that needed values, sizes "
        "that changed and names that were missing",
    )
    parser.add_argument(
        "--check",
        type=int,
        metavar="N",
        help="run the first N programs interpreted and compiled, and compare",
    )
    parser.add_argument(
        "--missing",
        action="store_true",
        help="list the names of torch that it asks for and are not there; run nothing",
    )
    parser.add_argument("-m", dest="module", metavar="MODULE", help="run a module")
    parser.add_argument("-c", dest="code", metavar="CODE", help="run a string of code")
    parser.add_argument("script", metavar="SCRIPT", nargs="?", help="run a file")


def split(arguments: Sequence[str]) -> tuple[Sequence[str], list[str]]:
    """The arguments of this command, and those of what it runs."""
    end = 0
    while end < len(arguments) and arguments[end].startswith("-"):
        if arguments[end] in ("-m", "-c"):
            end += 1
            break
        end += 2 if arguments[end] == "--check" else 1
    return arguments[: end + 1], list(arguments[end + 1 :])


def run(options: argparse.Namespace) -> int:
    """Run what is asked for; return 1 where it ends with an error."""
    program = _program(options)
    if program is None:
        print("funcnet run: name a script, or -m MODULE, or -c CODE", file=sys.stderr)
        return 2
    if program.kind == "script" and not Path(program.name).exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), program.name)
    if options.missing:
        return _list_missing(program)
    install(even_if_installed=True)
    install_in_children()
    try:
        with contextlib.ExitStack() as around:
            if options.report:
                around.enter_context(report.reported())
            if options.check is not None:
                around.enter_context(report.checked(options.check))
            program.run()
    except KeyboardInterrupt as error:
        tracebacks.show(error)
        return _INTERRUPTED
    except Exception as error:
        tracebacks.show(error)
        return 1
    return 0


def _list_missing(program: Program) -> int:
    """List what a program asks for and is not there; 1 if there is something."""
    if program.kind == "code":
        said = "funcnet run: --missing reads files: name a script or -m MODULE"
        print(said, file=sys.stderr)
        return 2
    if program.kind == "module":
        # To find a module, Python imports what it is in.
        install(even_if_installed=True)
        files = names.files_of_module(program.name)
    else:
        files = names.files_of_script(program.name)
    return int(report.list_missing(files) > 0)


def _program(options: argparse.Namespace) -> Program | None:
    for kind in ("module", "code", "script"):
        name = getattr(options, kind)
        if name is not None:
            return Program(kind, name, options.arguments)
    return None
