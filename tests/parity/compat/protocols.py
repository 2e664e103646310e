"""Small programs on what surrounds tensors: subclasses, modes, hooks, storages.

Each is run on torch and on compat; what its last expression gives is compared as text,
with the numbers of tensors rounded, or the error's type and first words.
"""

import ast
from collections.abc import Iterator
from functools import partial
from typing import Any

import torch

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.cases import narrow as narrow_programs
from tests.parity.cases import protocols as protocol_programs
from tests.parity.report import Tally, Trial

WORDS = 60  # of an error's first line


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    groups = protocol_programs.GROUPS | narrow_programs.GROUPS
    for group, (preamble, text) in groups.items():
        for line in text.strip().splitlines():
            for program in split(line):
                yield Trial(group, program, partial(compare, preamble, program))


def split(line: str) -> list[str]:
    """The programs of a line, between bars that stand alone."""
    return [part.strip() for part in line.split(" | ") if part.strip()]


def compare(preamble: str, program: str) -> None:
    theirs, ours = (outcome(lib, preamble, program) for lib in (torch, compat))
    assert ours == theirs, f"{ours} for {theirs}"


def outcome(lib: Any, preamble: str, program: str) -> str:
    """What the last statement of a program gives, or how it fails."""
    names = {"torch": lib, "nn": lib.nn, "F": lib.nn.functional}
    lib.manual_seed(0)
    with quiet():
        exec(preamble, names)
        tree = ast.parse(program)
        last = tree.body[-1]
        try:
            if isinstance(last, ast.Expr):
                exec(compile(ast.Module(tree.body[:-1], []), "program", "exec"), names)
                return told(
                    lib, eval(compile(ast.Expression(last.value), "", "eval"), names)
                )
            exec(compile(tree, "program", "exec"), names)
        except Exception as error:
            first = str(error).strip().partition("\n")[0]
            return f"{type(error).__name__}: {first[:WORDS]}"
    return "done"


def told(lib: Any, value: Any) -> str:
    """A value as text that does not depend on the library."""
    if isinstance(value, lib.Tensor):
        kind = type(value).__name__
        facts = [kind, str(value.dtype), str(tuple(value.shape))]
        facts += ["requires grad"] * value.requires_grad
        if not value.is_meta:
            plain = value.detach().as_subclass(lib.Tensor)
            facts.append(str(rounded(plain.tolist())))
        else:
            facts.append(repr(value))
        return " ".join(facts)
    if isinstance(value, tuple | list):
        return "[" + ", ".join(told(lib, one) for one in value) + "]"
    return str(rounded(value))


def rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return round(value, 4) + 0.0 if isinstance(value, float) else value
