"""Every error of a native check has PyTorch's words, made of the facts it is given."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import funcnet
from funcnet._errors import InputError, InputTypeError
from funcnet._messages import MESSAGES
from funcnet.compat._messages.translate import to_pytorch_error
from funcnet.compat._messages.words import WITHOUT_WORDS, WORDS

ROOT = Path(funcnet.__file__).parent


def raised() -> dict[str, list[set[str]]]:
    """The names of the facts of each `InputError("code", ...)` in the package."""
    result: dict[str, list[set[str]]] = {}
    for path in ROOT.rglob("*.py"):
        for block in ast.walk(ast.parse(path.read_text())):
            for statements in (
                getattr(block, "body", None),
                getattr(block, "orelse", None),
            ):
                if isinstance(statements, list):
                    note(result, statements)
    return result


def note(found: dict[str, list[set[str]]], statements: list[ast.stmt]) -> None:
    before: ast.stmt | None = None
    for statement in statements:
        call = statement.exc if isinstance(statement, ast.Raise) else None
        if isinstance(call, ast.Call) and call.keywords and is_error(call.func):
            (code,) = call.args
            assert isinstance(code, ast.Constant), ast.unparse(call)
            names = {k.arg for k in call.keywords if k.arg}
            if any(k.arg is None for k in call.keywords):  # **facts, made just before
                assert isinstance(before, ast.Assign | ast.AnnAssign), ast.unparse(call)
                assert isinstance(before.value, ast.Dict), ast.unparse(call)
                names |= {ast.literal_eval(key) for key in before.value.keys if key}
            found.setdefault(code.value, []).append(names)
        before = statement


def is_error(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id in (
        "InputError",
        "InputTypeError",
    )


def fields(template: str) -> set[str]:
    names = (name for _, name, _, _ in string.Formatter().parse(template) if name)
    return {name.partition(".")[0].partition("[")[0] for name in names}


RAISED = raised()


def test_every_code_is_raised_and_has_a_message() -> None:
    files = {"file.damaged", "file.refused"}  # which have classes of their own
    assert RAISED.keys() | files == MESSAGES.keys()


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_facts_fill_in_the_messages(code: str) -> None:
    words = [w for key, w in WORDS.items() if key.rpartition("/")[2] == code]
    templates = [MESSAGES[code], *(w[1] for w in words if not callable(w))]
    for facts in RAISED.get(code, []):
        assert "name" in facts
        assert "[-" not in MESSAGES[code]  # which `format` takes for a name
        for template in templates:
            assert fields(template) <= facts | {"op"}


# Where errors are raised that compat never translates: of native models, by a text.
WITHOUT_CODES = (
    "_base.py",
    "_binding.py",
    "_containers.py",
    "_frozen.py",
    "_loss/base.py",
    "_model.py",
)


def test_functions_and_layers_raise_with_a_code() -> None:
    texts = set()
    for room in ("functional", "nn"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                call = node.exc if isinstance(node, ast.Raise) else None
                raised = isinstance(call, ast.Call) and is_error(call.func)
                if raised and not call.keywords:
                    texts.add(str(path.relative_to(ROOT / room)))
    assert texts == set(WITHOUT_CODES)


def test_every_code_has_pytorchs_words_or_a_reason() -> None:
    told = {key.rpartition("/")[2] for key in WORDS}
    assert told <= MESSAGES.keys()
    assert told | WITHOUT_WORDS.keys() == MESSAGES.keys()
    assert not {key for key in WORDS if "/" not in key} & WITHOUT_WORDS.keys()


def test_facts_are_printed_as_pytorch_prints_them() -> None:
    error = InputError("conv.groups", name="conv2d", groups=0)
    told = to_pytorch_error(error, "nn.functional.conv2d")
    assert type(told) is RuntimeError
    assert str(told) == "non-positive groups is not supported"
    assert told.__notes__ == ["conv2d: groups is 0, it must be at least 1."]
    facts = {"what": "input", "dtype": np.dtype("int64")}
    told = to_pytorch_error(InputTypeError("dtype.floating", name="f", **facts), "a.f")
    assert type(told) is NotImplementedError
    assert str(told).startswith("\"f\" not implemented for 'Long'.")


def test_a_mistake_that_pytorch_does_not_know() -> None:
    assert type(to_pytorch_error(InputError("No."))) is RuntimeError
    assert type(to_pytorch_error(InputTypeError("No."))) is TypeError
    told = to_pytorch_error(InputError("No."), otherwise=ValueError)
    assert type(told) is ValueError
    assert str(told) == "No."


def reads_text(node: ast.AST, name: str) -> bool:
    """Whether a node looks at the message of the exception called `name`."""
    return any(
        ast.unparse(part) in (f"str({name})", f"{name}.args")
        for part in ast.walk(node)
        if isinstance(part, ast.Call | ast.Attribute)
    )


SEARCHES = ("search", "match", "fullmatch", "startswith", "endswith", "find", "count")
# What may look at a message, as nothing else says what it wants to know.
MATCHED = {
    "_engine/executor.py": "the status code of XLA stands in its message only",
    "_messages/suggestions.py": "Python's TypeError has its keyword in the message",
}


def test_no_module_matches_the_text_of_an_error() -> None:
    result = set()
    for path in (ROOT / "compat").rglob("*.py"):
        tree = ast.parse(path.read_text())
        names = {"error", "exception"} | {
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ExceptHandler) and node.name
        }
        for node in ast.walk(tree):
            is_search = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in SEARCHES
            )
            if (isinstance(node, ast.Compare) or is_search) and any(
                reads_text(node, name) for name in names
            ):
                result.add(str(path.relative_to(ROOT / "compat")))
    assert result == MATCHED.keys()


def said(node: ast.expr | None) -> str | None:
    """What a text says, with the same mark for everything that is filled in."""
    match node:
        case ast.Constant(value=str(text)):
            parts = [text]
        case ast.JoinedStr(values=values):
            parts = [v.value if isinstance(v, ast.Constant) else "{}" for v in values]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            parts = [said(left) or "", said(right) or ""]
        case _:
            return None
    return re.sub(r"\{+[^{}]*\}+", "{}", "".join(parts)).strip(" .")


def texts_of(path: Path) -> Iterator[str]:
    """The texts that a file's functions and tables hold, whole."""
    tree = ast.parse(path.read_text())
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.BinOp)
        for part in ast.iter_child_nodes(node)
    }
    for node in ast.walk(tree):
        text = said(node) if isinstance(node, ast.expr) else None
        if text and id(node) not in parts and len(text) > 25 and " " in text:
            yield text


# Operations without a native function that fail as one with a native function does.
SAID_OF_OTHERS = {
    "_ops/linalg/einsum.py": "two dtypes in a sum of products",
    "_ops/linalg/matmul.py": "products of matrices, as linear layers make them",
    "_ops/random/checks.py": "what PyTorch says of any kernel",
    "_ops/reduce/histograms.py": "what PyTorch says of any kernel",
    "_ops/shape/splitting.py": "`narrow`, which PyTorch's padding calls",
    "nn/_module/encoder_fast_path.py": "what PyTorch asserts of inference",
}


def test_words_of_the_table_are_raised_by_nothing_else() -> None:
    rooms = [ROOT / "compat" / name for name in ("_ops", "nn")]
    words = ROOT / "compat" / "_messages" / "words"
    table = {text for path in words.glob("[!_]*.py") for text in texts_of(path)}
    result: dict[str, list[str]] = {}
    for path in (path for room in rooms for path in room.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            call = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(call, ast.Call) and call.args:
                text = said(call.args[0])
                if text in table:
                    name = str(path.relative_to(ROOT / "compat"))
                    result.setdefault(name, []).append(text)
    assert result.keys() == SAID_OF_OTHERS.keys(), result
