"""PyTorch's words for reshaping, and for images as columns of blocks."""

from typing import Final

from funcnet.compat._messages.words.types import Facts, Told, Words


def _no_block(facts: Facts) -> Told:
    if facts["name"] == "fold":
        return _blocks(facts)
    windows = {name: tuple(sizes) for name, sizes in facts["windows"].items()}
    blocks = ", ".join(str(n) for n in windows["outputs"])
    return RuntimeError, (
        f"Given input with spatial size ({_listed(facts['sizes'])}), "
        f"{_settings(facts, 'kernel_size', 'dilation', 'padding')}, calculated shape "
        f"of the array of sliding blocks as ({blocks}), but its components must be at "
        "least one."
    )


def _listed(sizes: list[int]) -> str:
    return ", ".join(map(str, sizes))


def _settings(facts: Facts, *names: str) -> str:
    return ", ".join(f"{name}=({_listed(facts['windows'][name])})" for name in names)


def _columns(facts: Facts) -> Told:
    place = len(facts["input"]) - 2
    columns = facts["input"][place]
    if columns % facts["taps"]:
        kernel = _settings(facts, "kernel_size")
        return RuntimeError, (
            f"Expected size of input's dimension {place} to be divisible by the "
            f"product of kernel_size, but got input.size({place})={columns} and "
            f"{kernel}."
        )
    return _blocks(facts)


def _blocks(facts: Facts) -> Told:
    rows, columns = facts["windows"]["outputs"]
    settings = _settings(facts, "kernel_size", "dilation", "padding", "stride")
    given = ""
    if "input" in facts:
        place = len(facts["input"]) - 1
        given = f", but got input.size({place})={facts['input'][place]}"
    return RuntimeError, (
        f"Given output_size=({_listed(facts['sizes'])}), {settings}, expected size of "
        "input's dimension 2 to match the calculated number of sliding blocks "
        f"{rows} * {columns} = {rows * columns}{given}."
    )


_SHORT: Final = {"kernel_size": "kernel", "padding": "pad"}


def _least(facts: Facts) -> Told:
    what = facts["what"]
    short = _SHORT.get(what, what)
    least = "non-negative" if facts["least"] == 0 else "greater than zero"
    height, width = facts["numbers"]
    return RuntimeError, (
        f"{what.replace('_', ' ')} should be {least}, but got {short}_height: {height} "
        f"{short}_width: {width}"
    )


def _count(facts: Facts) -> Told | None:
    if not isinstance(facts["value"], list):
        return None
    return RuntimeError, (
        f"It is expected {{what}} equals to {{dims}}, but got size "
        f"{len(facts['value'])}"
    )


WORDS: Final[dict[str, Words]] = {
    "flatten.order": (
        RuntimeError,
        "flatten() has invalid args: start_dim cannot come after end_dim",
    ),
    "unflatten.sizes": (
        RuntimeError,
        "unflatten: Provided sizes {sizes} don't multiply up to the size of dim {dim} "
        "({size}) in the input tensor",
    ),
    "fold.no_block": _no_block,
    "fold.columns": _columns,
    "fold/rank": (
        RuntimeError,
        "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size "
        "and non-zero dimensions for input, but got: {shape}",
    ),
    "unfold/rank": (
        RuntimeError,
        "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other "
        "non-zero dimensions for input, but got: {shape}",
    ),
}
for _family in ("fold", "unfold"):
    WORDS[f"{_family}/spatial.least"] = _least
    WORDS[f"{_family}/spatial.count"] = _count
