"""PyTorch's words for padding."""

from typing import Final

from funcnet.compat._messages.words.types import Facts, Told, Words

_SIDES: Final = {1: ("W",), 2: ("H", "W"), 3: ("D", "H", "W")}
# As the kernels for 1, 2 and 3 dimensions write their lists.
_INPUTS: Final = {1: "W: {}", 2: "H: {}, W: {} ", 3: "D: {} H: {}, W: {}"}


def _integers(facts: Facts) -> Told:
    pad = facts["pad"]
    wanted = "pad(): argument 'pad' (position 2) must be tuple of ints,"
    if not isinstance(pad, list):
        return TypeError, f"{wanted} not {type(pad).__name__}"
    position = next(i for i, n in enumerate(pad) if not isinstance(n, int))
    kind = type(pad[position]).__name__
    return TypeError, f"{wanted} but found element of type {kind} at pos {position}"


def _count(facts: Facts) -> Told:
    if facts["count"] % 2:
        return RuntimeError, "Padding length must be divisible by 2"
    return RuntimeError, (
        "Padding length should be less than or equal to two times the input dimension "
        f"but got padding length {{count}} and input of dimension {len(facts['input'])}"
    )


def _cut(facts: Facts) -> Told:
    match facts["mode"]:
        case "constant":
            return RuntimeError, "narrow(): length must be non-negative."
        case "circular":
            return RuntimeError, (
                "Negative padding value is resulting in an empty dimension"
            )
    pad = facts["pad"]
    dims = len(pad) // 2
    if dims not in _SIDES:
        return _rank(facts | {"count": len(pad)})
    input = facts["input"][-dims:]
    output = [n + pad[2 * i] + pad[2 * i + 1] for i, n in enumerate(input[::-1])][::-1]
    calculated = " ".join(
        f"{side}: {n}" for side, n in zip(_SIDES[dims], output, strict=True)
    )
    return RuntimeError, (
        f"input ({_INPUTS[dims].format(*input)}) is too small. Calculated output "
        f"{calculated}"
    )


def _rank(facts: Facts) -> Told:
    return NotImplementedError, (
        f"Padding size {facts['count']} is not supported for {len(facts['input'])}D "
        "input tensor."
    )


def _extent(facts: Facts) -> Told:
    input, dim = facts["input"], facts["dim"]
    match facts["mode"]:
        case "circular":
            return RuntimeError, (
                "Padding value causes wrapping around more than once."
            )
        case "replicate":
            ranks = "{ranks[0]}D or {ranks[1]}D"
            return RuntimeError, (
                f"Expected {ranks} (batch mode) tensor with possibly 0 batch size and "
                "other non-zero dimensions for input, but got: {input}"
            )
    before, after = facts["pair"]
    return RuntimeError, (
        f"Argument #{2 * (len(input) - dim) + 2}: Padding size should be less than the "
        f"corresponding input dimension, but got: padding ({before}, {after}) at "
        "dimension {dim} of input {input}"
    )


def _layer_rank(facts: Facts) -> Told:
    dims, ndim = facts["dims"], len(facts["input"])
    if facts["name"].startswith("Circular"):
        return ValueError, (
            f"expected {dims + 1}D or {dims + 2}D input (got {ndim}D input)"
        )
    return _rank(facts | {"count": 2 * dims})


WORDS: Final[dict[str, Words]] = {
    "pad/choice": (NotImplementedError, "Unrecognised padding mode {value}"),
    "pad.integers": _integers,
    "pad.count": _count,
    "pad.cut": _cut,
    "pad.value": (
        RuntimeError,
        'Padding mode "{mode}" doesn\'t take in value argument',
    ),
    "pad.rank": _rank,
    "pad.extent": _extent,
    "pad_layer.rank": _layer_rank,
}
