"""PyTorch's words for pools."""

from typing import Final

from funcnet.compat._core.shapes import no_dimension
from funcnet.compat._messages.words.shared import not_implemented
from funcnet.compat._messages.words.types import Facts, Told, Words

_NUMBERS: Final = {2: "two", 3: "three"}
_POSITIONS: Final = {
    name: position
    for position, name in enumerate(
        ("kernel_size", "stride", "padding", "dilation"), start=2
    )
} | {"output_size": 2}


def _dims(facts: Facts) -> int:
    """How many spatial dimensions the pool has, which its name says."""
    return int(facts["name"][-2])


def _sizes_of_axes(letter: str, sizes: list[int]) -> str:
    """Sizes as the kernels for 2 and 3 dimensions print them: "kH: 2 kW: 2"."""
    axes = "THW"[-len(sizes) :]
    return " ".join(
        f"{letter}{axis}: {size}" for axis, size in zip(axes, sizes, strict=True)
    )


def _least(facts: Facts) -> Told:
    what, sizes = facts["what"], facts["numbers"]
    least = min(sizes)
    if facts["name"] in ("max_pool1d", "MaxPool1d"):
        wanted = "non-negative" if what == "padding" else "greater than zero"
        return RuntimeError, f"max_pool1d() {{what}} must be {wanted}, but got {least}"
    if len(sizes) == 1:  # which is computed in two dimensions
        sizes = [1, *sizes]
    match what:
        case "padding":
            return RuntimeError, f"pad must be non-negative, but got pad: {least}"
        case "dilation":
            shown = _sizes_of_axes("dilation", sizes)
            return RuntimeError, (
                f"dilation should be greater than zero, but got {shown}"
            )
    if 0 in sizes:  # the stride is the size of the windows unless it is given
        return RuntimeError, "stride should not be zero"
    label, letter = ("stride", "d") if what == "stride" else ("kernel size", "k")
    shown = _sizes_of_axes(letter, sizes)
    return RuntimeError, f"{label} should be greater than zero, but got {shown}"


def _count(facts: Facts) -> Told:
    name, what, value = facts["name"], facts["what"], facts["value"]
    if not isinstance(value, list):
        position = _POSITIONS[what]
        return TypeError, (
            f"{{name}}(): argument '{{what}}' (position {position}) must be tuple of "
            f"ints, not {type(value).__name__}"
        )
    count = len(value)
    if name == "max_pool1d":
        optional = "None, an int" if what == "stride" else "an int"
        comma = "," if what in ("stride", "padding") else ""
        return RuntimeError, (
            f"max_pool1d() {{what}} must be {optional}, list of ints{comma} or tuple "
            f"of ints of size 1 but got size {count}"
        )
    if name.endswith("1d"):
        return RuntimeError, (
            f"{{name}}() argument '{{what}}' should contain one int (got {count})"
        )
    either = "be either" if what == "dilation" else "either be"
    either = "be" if name == "avg_pool3d" else either
    omitted = "omitted, " * (what == "stride")
    return RuntimeError, (
        f"{{name}}: {{what}} must {either} {omitted}a single int, or a tuple of "
        f"{_NUMBERS[_dims(facts)]} ints"
    )


def _padding(facts: Facts) -> Told:
    if facts["name"] == "max_pool1d":
        return RuntimeError, (
            "max_pool1d() padding should be at most half of kernel size, but got "
            "padding={pad} and kernel_size={kernel_size}"
        )
    return RuntimeError, (
        "pad should be at most half of effective kernel size, but got pad={pad}, "
        "kernel_size={kernel_size} and dilation={dilation}"
    )


def _no_output(facts: Facts) -> Told:
    input, output = facts["input"][2:], facts["output"]
    if facts["name"] == "max_pool1d":
        return RuntimeError, f"max_pool1d() Invalid computed output size: {output[0]}"
    if facts["name"] == "avg_pool3d":
        sizes = _sizes_of_axes("", input)
        kernel = _sizes_of_axes("k", facts["kernel_size"])
        return RuntimeError, (
            f"input image ({sizes}) smaller than kernel size ({kernel})"
        )
    one = [1] * (len(output) == 1)
    channels = facts["input"][1]
    before, after = (
        "x".join(map(str, [channels, *one, *sizes])) for sizes in (input, output)
    )
    return RuntimeError, (
        f"Given input size: ({before}). Calculated output size: ({after}). Output size "
        "is too small"
    )


def _of_one_dimension(facts: Facts) -> Told:
    name = facts["name"].replace("lp", "avg")
    return RuntimeError, (
        "Expected 2 to 3 dimensions, but got {ndim}-dimensional tensor for argument #1 "
        f"'self' (while checking arguments for {name})"
    )


def _max_rank(facts: Facts) -> Told:
    if _dims(facts) == 1:
        return RuntimeError, (
            "max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim "
            "batch size for input, but got:{shape}"
        )
    return RuntimeError, (
        "non-empty {ranks[0]}D or {ranks[1]}D (batch mode) tensor expected for input"
    )


def _average_rank(facts: Facts) -> Told:
    """Say which ranks there are; PyTorch asks for the size of the channels first."""
    ndim, dim = facts["ndim"], -facts["ranks"][0]
    match _dims(facts):
        case 1:
            return _of_one_dimension(facts)
        case 3:
            return _max_rank(facts)
    if ndim < -dim:
        return IndexError, no_dimension(dim, ndim)
    return RuntimeError, (
        "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for "
        "input, but got:{shape}"
    )


def _adaptive_rank(facts: Facts) -> Told:
    if _dims(facts) == 1:
        return _of_one_dimension(facts)
    colon = "" if "avg" in facts["name"] else ":"
    return RuntimeError, (
        "{name}(): Expected {ranks[0]}D or {ranks[1]}D tensor, but got"
        f"{colon} {{shape}}"
    )


def _adaptive_count(facts: Facts) -> Told:
    dims, value = _dims(facts), facts["value"]
    given = [n for n in value if not isinstance(n, int)]
    if given:
        return TypeError, (
            "{name}(): argument 'output_size' (position 2) must be tuple of ints, not "
            f"{type(given[0]).__name__}"
        )
    if dims == 1:
        return _count(facts)
    if "avg" in facts["name"]:
        return RuntimeError, f"{{name}}: output_size must be {dims}"
    return RuntimeError, (
        f"{{name}}(): internal error: output_size.size() must be {dims}"
    )


def _adaptive_least(facts: Facts) -> Told:
    sizes = facts["numbers"]
    if "avg" not in facts["name"]:
        return RuntimeError, (
            f"Trying to create tensor with negative dimension {min(sizes)}"
        )
    dims = max(len(sizes), 2)  # one dimension is computed in two
    first, *rest = [1] * (dims - len(sizes)) + sizes
    shown = f"{first}, {','.join(map(str, rest))}"
    return RuntimeError, (
        f"adaptive_avg_pool{dims}d: elements of output_size must be greater than or "
        f"equal to 0 but received {{{{{shown}}}}}"
    )


def _adaptive_empty(facts: Facts) -> Told:
    name, input = facts["name"], facts["input"]
    if name == "adaptive_avg_pool1d":
        name, input = "adaptive_avg_pool2d", [*input[:2], 1, *input[2:]]
    return RuntimeError, (
        f"{name}(): Expected input to have non-zero size for non-batch dimensions, but "
        f"input has sizes {input} with dimension {input.index(0, 1)} being empty"
    )


def _kernel(facts: Facts) -> str:
    """The name of a fractional pool in errors."""
    return facts["name"] + "_out" * (_dims(facts) == 3)


def _fractional_rank(facts: Facts) -> Told:
    return RuntimeError, (
        f"{_kernel(facts)}(): Expected {{ranks[0]}}D or {{ranks[1]}}D tensor, but got: "
        "{shape}"
    )


def _fractional_count(facts: Facts) -> Told:
    value = facts["value"]
    if not isinstance(value, list):
        return _count(facts)
    three = "three " * (_dims(facts) == 3)
    return RuntimeError, (
        f"{{name}}: {{what}} must either be a single Int or tuple of {three}Ints"
    )


def _no_fit(facts: Facts) -> Told:
    axes = ("time", "height", "width")[-_dims(facts) :]
    sizes = zip(
        axes, facts["counts"], facts["kernel_size"], facts["sizes"], strict=True
    )
    axis, kernel, size = next((a, k, n) for a, c, k, n in sizes if c + k - 1 > n)
    return RuntimeError, (
        f"{_kernel(facts)}(): pool {axis} {kernel} too large relative to input {axis} "
        f"{size}"
    )


def _samples(facts: Facts) -> Told:
    samples, wanted = facts["samples"], facts["wanted"]
    if len(samples) != 3:
        return RuntimeError, (
            f"Expect _random_samples to have 3 dimensions, got {len(samples)}"
        )
    if samples[0] < wanted[0]:
        return RuntimeError, (
            "Expect _random_samples.size(0) no less then input batch size."
        )
    if samples[1] != wanted[1]:
        return RuntimeError, (
            "Expect _random_samples.size(1) equals to input channel size."
        )
    return RuntimeError, (
        f"Expect _random_samples.size(2) equals to {wanted[2]}; got {samples[2]}."
    )


def _one_of(facts: Facts) -> Told:
    if facts["name"].startswith("Fractional"):
        if facts["output_size"] is None:
            return ValueError, (
                "{name} requires specifying either an output size, or a pooling ratio"
            )
        return ValueError, "only one of output_size and output_ratio may be specified"
    return ValueError, (
        "{name} requires specifying either an output_size or an output_ratio"
    )


def _ratio(facts: Facts) -> Told:
    ratio, count = facts["output_ratio"], facts["dims"]
    ratios = ratio if isinstance(ratio, list) else [ratio] * count
    if facts["name"].startswith("Fractional") and len(ratios) == count:
        given = tuple(ratio) if isinstance(ratio, list) else ratio
        return ValueError, f"output_ratio must be between 0 and 1 (got {given})"
    return ValueError, (
        "{name} requires output_ratio to either be a single Int or tuple of Ints."
    )


def _unpool_rank(facts: Facts) -> Told:
    dims = max(_dims(facts), 2)  # one dimension is computed in two
    ndim = facts["ndim"] + dims - _dims(facts)
    return RuntimeError, (
        f"Input to max_unpooling{dims}d should be a {dims + 1}d or {dims + 2}d Tensor, "
        f"but got a tensor with {ndim} dimensions."
    )


def _unpool_least(facts: Facts) -> Told | None:
    if _dims(facts) < 3 or facts["what"] == "padding":
        return None
    return RuntimeError, (
        f"strides should be greater than zero, but got stride: {facts['numbers']}"
    )


def _unpool_count(facts: Facts) -> Told | None:
    if _dims(facts) < 3 or not isinstance(facts["value"], list):
        return None
    return RuntimeError, (
        "There should be exactly three elements (depth, height, width) in {what}, but "
        f"got: {len(facts['value'])} elements."
    )


def _unpool_shapes(facts: Facts) -> Told:
    one = [1] * (_dims(facts) == 1)
    return RuntimeError, (
        "Expected shape of indices to be same as that of the input tensor "
        f"({facts['input'] + one}) but got indices tensor with shape: "
        f"{facts['indices'] + one}"
    )


def _unpool_dtype(facts: Facts) -> Told:
    got = "" if _dims(facts) == 3 else f" but got: {facts['dtype'].type_name}"
    return RuntimeError, f"elements in indices should be type int64{got}"


def _unpool_index(facts: Facts) -> Told:
    sizes = "x".join(map(str, facts["output"] + [1] * (_dims(facts) == 1)))
    return RuntimeError, (
        f"Found an invalid max index: {{index}} (output volumes are of size {sizes})"
    )


def _unpool_output(facts: Facts) -> Told:
    chosen, natural, stride = facts["chosen"], facts["natural"], facts["stride"]
    limits = enumerate(zip(chosen, natural, stride, strict=True))
    dim, least, most = next(
        (dim, n - s, n + s) for dim, (m, n, s) in limits if abs(n - m) >= s
    )
    return ValueError, (
        f'invalid output_size "{tuple(chosen)}" (dim {dim} must be between {least} and '
        f"{most})"
    )


WORDS: Final[dict[str, Words]] = {
    "pool.padding": _padding,
    "pool.no_output": _no_output,
    "pool.dtype": not_implemented,
    "pool.divisor": (RuntimeError, "divisor must be not zero"),
    "max_pool/rank": _max_rank,
    "avg_pool/rank": _average_rank,
    "lp_pool/rank": _average_rank,
    "fractional.one_of": _one_of,
    "fractional.ratio": _ratio,
    "fractional.samples": _samples,
    "fractional.no_fit": _no_fit,
    "fractional_max_pool/rank": _fractional_rank,
    "fractional_max_pool/spatial.count": _fractional_count,
    "unpool.dtype": _unpool_dtype,
    "unpool.shapes": _unpool_shapes,
    "unpool.index": _unpool_index,
    "unpool.output_size": _unpool_output,
    "max_unpool/rank": _unpool_rank,
    "max_unpool/spatial.least": _unpool_least,
    "max_unpool/spatial.count": _unpool_count,
}
for _family in ("max_pool", "avg_pool", "lp_pool"):
    WORDS[f"{_family}/spatial.least"] = _least
    WORDS[f"{_family}/spatial.count"] = _count
for _family in ("MaxPool", "AvgPool", "LPPool"):
    WORDS[f"{_family}/spatial.least"] = _least
for _family in ("adaptive_avg_pool", "adaptive_max_pool"):
    WORDS[f"{_family}/rank"] = _adaptive_rank
    WORDS[f"{_family}/empty"] = _adaptive_empty
    WORDS[f"{_family}/spatial.count"] = _adaptive_count
    WORDS[f"{_family}/spatial.least"] = _adaptive_least
