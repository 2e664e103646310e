"""List which public names of torch and torchvision there are in funcnet.compat.

A name is there, or it is refused with what to use instead, or it is absent. Without
arguments, a line for each module; with names of modules, what is not there of each.
"""

import argparse
import importlib
import sys
from collections.abc import Mapping
from importlib import resources
from typing import Final, NamedTuple

from funcnet.torch_alias import VERSIONS

NAME: Final = "coverage"
HELP: Final = "list which names of torch are there"
EXAMPLES: Final = """
  funcnet coverage
  funcnet coverage torch.nn torch.linalg
  funcnet coverage --markdown > docs/coverage.md
"""


class Module(NamedTuple):
    """What there is of a module of torch.

    Attributes:
        name: such as "torch.nn".
        there: the names that `funcnet.compat` has.
        refused: those that it refuses, with what it says.
        absent: the others.
    """

    name: str
    there: list[str]
    refused: dict[str, str]
    absent: list[str]

    @property
    def size(self) -> int:
        """How many names the module has in PyTorch."""
        return len(self.there) + len(self.refused) + len(self.absent)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("modules", metavar="MODULE", nargs="*", help="such as torch.nn")
    parser.add_argument("--markdown", action="store_true", help="as a page")


def run(options: argparse.Namespace) -> int:
    """Print what is asked for; 2 where a module is not known."""
    names = known_names()
    unknown = [one for one in options.modules if one not in names]
    if unknown:
        said = f"funcnet coverage: no module {', '.join(unknown)}"
        print(said, file=sys.stderr)
        return 2
    modules = [coverage(name, names[name]) for name in options.modules or names]
    if options.markdown:
        print(_page(modules))
    elif options.modules:
        for module in modules:
            print(f"{module.name}: {len(module.there)} of {module.size}")
            print(*_missing_lines(module), sep="\n", end="\n" if module.size else "")
    else:
        for module in modules:
            print(f"{module.name:40} {len(module.there):4} of {module.size:4}")
        print(_total(modules))
    return 0


def known_names() -> dict[str, list[str]]:
    """The public names of each module of torch and torchvision that is documented."""
    text = resources.files(__name__).joinpath("names.txt").read_text()
    pairs = [line.split(": ", 1) for line in text.splitlines()]
    return {module: names.split() for module, names in pairs}


def coverage(name: str, names: list[str]) -> Module:
    """Which names of a module of torch there are."""
    module, reasons = _module(name), _reasons(name)
    from funcnet.compat._messages.refused import refusal  # imports all of compat

    result = Module(name, [], {}, [])
    prefix = name.partition(".")[2]
    for one in names:
        path = f"{prefix}.{one}" if prefix else one
        value = _value(module, one)
        if value is not _NOTHING:
            why = refusal(value)
            if why is None:
                result.there.append(one)
            else:
                result.refused[one] = why.partition(": ")[2].rstrip(".")
        elif path in reasons or prefix in reasons:
            result.refused[one] = reasons.get(path) or reasons[prefix]
        else:
            result.absent.append(one)
    return result


def _module(name: str) -> object:
    root, _, rest = name.partition(".")
    value: object = importlib.import_module(
        "funcnet.compat" if root == "torch" else f"funcnet.compat.{root}"
    )
    path = getattr(value, "__name__", "")
    for part in rest.split(".") if rest else ():
        path = f"{path}.{part}"
        try:
            value = importlib.import_module(path)
        except ModuleNotFoundError:
            try:
                value = getattr(value, part)
            except (AttributeError, ImportError):
                return None
    return value


_NOTHING: Final = object()


def _value(module: object, name: str) -> object:
    try:
        return _NOTHING if module is None else getattr(module, name, _NOTHING)
    except ImportError:
        return _NOTHING


def _reasons(name: str) -> Mapping[str, str]:
    """What is said of names that are refused, by path without the root."""
    if name.startswith("torchvision"):
        source = "funcnet.compat.torchvision._missing"
    else:
        source = "funcnet.compat._messages.unsupported"
    return importlib.import_module(source).LATER  # type: ignore[no-any-return]


def _missing_lines(module: Module) -> list[str]:
    lines = [f"  {name}: {reason}" for name, reason in module.refused.items()]
    return lines + [f"  {name}" for name in module.absent]


def _total(modules: list[Module]) -> str:
    there, size = sum(len(x.there) for x in modules), sum(x.size for x in modules)
    refused = sum(len(one.refused) for one in modules)
    return (
        f"{there} of {size} names are there, {refused} are refused with what to use "
        f"instead, {size - there - refused} are absent."
    )


def _page(modules: list[Module]) -> str:
    versions = " and ".join(f"{x} {y.partition('+')[0]}" for x, y in VERSIONS.items())
    lines = [
        "# Names of torch that are there",
        "",
        f"The public names of the documented modules of {versions}, made by `funcnet "
        "coverage --markdown`.",
        _total(modules),
        "",
        "| module | there | not there |",
        "|---|---:|---|",
    ]
    for module in modules:
        missing = ", ".join([f"`{one}`" for one in module.absent])
        refused = _by_reason(module.refused)
        text = "; ".join(filter(None, [missing, *refused]))
        lines.append(
            f"| `{module.name}` | {len(module.there)} of {module.size} | {text} |"
        )
    return "\n".join(lines)


def _by_reason(refused: Mapping[str, str]) -> list[str]:
    by_reason: dict[str, list[str]] = {}
    for name, reason in refused.items():
        by_reason.setdefault(reason, []).append(f"`{name}`")
    return [f"{', '.join(names)}: {reason}" for reason, names in by_reason.items()]
