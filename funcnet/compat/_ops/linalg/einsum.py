"""Einstein summation: spellings of the equation, and its mistakes."""

import string
from collections.abc import Iterable, Sequence
from typing import Any

import jax.numpy as jnp

from funcnet.compat._ops.checks import type_name

LETTERS = string.ascii_uppercase + string.ascii_lowercase


def spelled(args: Sequence[Any]) -> tuple[str, list[Any]]:
    """The equation and the operands, from any form in which PyTorch takes them."""
    if not args:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or "
            "at least one operand and its subscripts list"
        )
    if isinstance(args[0], str):
        equation, *operands = args
        if len(operands) == 1 and isinstance(operands[0], list | tuple):
            operands = list(operands[0])
        if not operands:
            raise ValueError("einsum(): must provide at least one operand")
        return equation, operands
    ends = list(args)
    output = "->" + _letters(ends.pop()) if len(ends) % 2 else ""
    return ",".join(map(_letters, ends[1::2])) + output, ends[::2]


def _letters(subscripts: Iterable[Any]) -> str:
    return "".join(
        "..." if index is Ellipsis else LETTERS[index] for index in subscripts
    )


def contracted(equation: str, operands: Sequence[Any]) -> Any:
    """Run an equation on arrays."""
    for x in operands[1:]:
        if x.dtype != operands[0].dtype:
            raise RuntimeError(
                f"expected scalar type {type_name(operands[0])} but found "
                f"{type_name(x)}"
            )
    _check(equation.replace(" ", ""), operands)
    return jnp.einsum(equation.replace(" ", ""), *operands)


def _check(equation: str, operands: Sequence[Any]) -> None:
    left, arrow, right = equation.partition("->")
    parts = left.split(",")
    if len(parts) != len(operands):
        few = "fewer" if len(parts) > len(operands) else "more"
        raise RuntimeError(
            f"einsum(): {few} operands were provided than specified in the equation"
        )
    sizes: dict[str, int] = {}
    for index, (part, x) in enumerate(zip(parts, operands, strict=True)):
        letters = part.replace("...", "")
        for letter in letters:
            if letter not in LETTERS:
                raise RuntimeError(
                    "einsum(): invalid subscript given at index "
                    f"{equation.index(letter)} in the equation string, subscripts must "
                    "be in [a-zA-Z]"
                )
        if "..." in part:
            _check_ellipsis(letters, x.ndim, index)
            before, _, after = part.partition("...")
            shape = x.shape[: len(before)] + x.shape[x.ndim - len(after) :]
        else:
            _check_count(letters, x.ndim, index)
            shape = x.shape
        for letter, size in zip(letters, shape, strict=True):
            seen = sizes.get(letter, 1)
            if seen != size and seen != 1 and size != 1:
                raise RuntimeError(
                    f"einsum(): subscript {letter} has size {size} for operand {index} "
                    f"which does not broadcast with previously seen size {seen}"
                )
            sizes[letter] = max(seen, size) if size else 0
    for letter in right.replace("...", "") if arrow else "":
        if letter not in sizes:
            raise RuntimeError(
                f"einsum(): output subscript {letter} does not appear in the equation "
                "for any input operand"
            )


def _check_count(letters: str, ndim: int, index: int) -> None:
    if len(letters) != ndim:
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({len(letters)}) does "
            f"not match the number of dimensions ({ndim}) for operand {index} and no "
            "ellipsis was given"
        )


def _check_ellipsis(letters: str, ndim: int, index: int) -> None:
    if len(letters) > ndim:
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({len(letters)}) is "
            f"more than the number of dimensions ({ndim}) for operand {index}"
        )
