"""PyTorch's words for convolutions."""

from typing import Final

from funcnet.compat._messages.words.shared import two_dtypes
from funcnet.compat._messages.words.types import Facts, Told, Words


def _times(sizes: list[int]) -> str:
    """Sizes as "3 x 5"."""
    return " x ".join(map(str, sizes))


def _rank(facts: Facts) -> Told:
    unbatched, batched = facts["ranks"]
    return RuntimeError, (
        f"Expected {unbatched}D (unbatched) or {batched}D (batched) input to {{name}}, "
        "but got input of size: {shape}"
    )


def _same_dtype(facts: Facts) -> Told:
    dtypes = facts["dtypes"]
    given, bias = dtypes["input"], dtypes.get("bias", dtypes["input"])
    if bias is given:
        return two_dtypes(facts)
    return RuntimeError, (
        f"Input type ({given.c_name}) and bias type ({bias.c_name}) should be the same"
    )


def _count(facts: Facts) -> Told:
    if isinstance(facts["value"], list):
        return RuntimeError, (
            "expected {what} to be a single integer value or a list of {dims} values "
            "to match the convolution dimensions, but got {what}={value}"
        )
    kind = type(facts["value"]).__name__
    return TypeError, (
        "{name}() received an invalid combination of arguments - got (Tensor, Tensor, "
        f"{{what}}={kind}): it must be an int or {{dims}} of them"
    )


def _least(facts: Facts) -> Told:
    what, sign = facts["what"], "negative" if facts["least"] == 0 else "non-positive"
    if what == "dilation":
        return RuntimeError, "dilation should be greater than zero, but got {numbers}"
    return RuntimeError, f"{sign} {what} is not supported"


def _weight(facts: Facts) -> Told:
    if len(facts["weight"]) == facts["ndim"]:
        names = _NAMES[-len(facts["weight"]) + 2 :]
        kernel = zip(names, facts["weight"][2:], strict=True)
        return RuntimeError, (
            "kernel size should be greater than zero, but got "
            + " ".join(f"kernel_{name}: {size}" for name, size in kernel)
        )
    return RuntimeError, (
        "Expected {ndim}D weight for {name}, but got weight of size: {weight}"
    )


_NAMES: Final = ("depth", "height", "width")


def _groups(facts: Facts) -> Told:
    if facts["weight"][0] < facts["groups"]:
        return RuntimeError, (
            "Given groups={groups}, expected weight to be at least {groups} at "
            "dimension 0, but got weight of size {weight} instead"
        )
    return RuntimeError, (
        "Given groups={groups}, expected weight to be divisible by {groups} at "
        "dimension 0, but got weight of size [{weight}] instead"
    )


def _transposed_channels(facts: Facts) -> Told:
    if facts["weight"][0] == facts["input"][1]:
        return _groups(facts)
    return RuntimeError, (
        "Given transposed=1, weight of size {weight}, expected input{input} to have "
        "{weight[0]} channels, but got {input[1]} channels instead"
    )


def _bias(facts: Facts) -> Told:
    transposed = "transposed=1, " if "transpose" in facts["name"] else ""
    return RuntimeError, (
        f"Given {transposed}weight of size {{weight}}, expected bias to be "
        "1-dimensional with {channels} elements, but got bias of size {bias} instead"
    )


def _kernel_too_large(facts: Facts) -> Told:
    return RuntimeError, (
        "Calculated padded input size per channel: "
        f"({_times(facts['padded'])}). Kernel size: ({_times(facts['kernel'])}). "
        "Kernel size can't be greater than actual input size"
    )


def _output_padding(facts: Facts) -> Told:
    """PyTorch computes one dimension as two."""
    count = max(2, len(facts["extras"]))
    amounts = []
    for what, fact, filler in (
        ("output_padding", "extras", 0),
        ("stride", "strides", 1),
        ("dilation", "dilations", 1),
    ):
        sizes = [filler] * (count - len(facts[fact])) + facts[fact]
        named = zip(_NAMES[-count:], sizes, strict=True)
        amounts += [f"{what}_{name}: {size}" for name, size in named]
    return RuntimeError, (
        "output padding must be smaller than either stride or dilation, but got "
        + " ".join(amounts)
    )


def _no_output(facts: Facts) -> Told:
    return RuntimeError, (
        f"Given input size per channel: ({_times(facts['input'])}). Calculated output "
        f"size per channel: ({_times(facts['output'])}). Output size is too small"
    )


def _layer_padding(facts: Facts) -> Told:
    if facts["what"] == "padding":
        return (
            ValueError,
            "Invalid padding string {value!r}, should be one of {choices}",
        )
    if len(facts["choices"]) == 1:
        return ValueError, 'Only "zeros" padding mode is supported for {name}'
    return ValueError, "padding_mode must be one of {choices}, but got {what}={value!r}"


def _layer_groups(facts: Facts) -> Told:
    groups = facts["groups"]
    if groups <= 0:
        return ValueError, "groups must be a positive integer"
    side = "in_channels" if facts["in_channels"] % groups else "out_channels"
    return ValueError, f"{side} must be divisible by groups"


WORDS: Final[dict[str, Words]] = {
    "conv.weight": _weight,
    "conv.groups": (RuntimeError, "non-positive groups is not supported"),
    "conv.out_channels": _groups,
    "conv.channels": (
        RuntimeError,
        "Given groups={groups}, weight of size {weight}, expected input{input} to have "
        "{needed} channels, but got {input[1]} channels instead",
    ),
    "conv.bias": _bias,
    "conv.same_strided": (
        RuntimeError,
        "padding='same' is not supported for strided convolutions",
    ),
    "conv.kernel_too_large": _kernel_too_large,
    "conv_transpose.channels": _transposed_channels,
    "conv_transpose.output_padding": _output_padding,
    "conv_transpose.no_output": _no_output,
    "conv_layer.groups": _layer_groups,
}
for _family in ("conv", "conv_transpose", "Conv", "ConvTranspose"):
    WORDS[f"{_family}/rank"] = _rank
    WORDS[f"{_family}/dtype.same"] = _same_dtype
    WORDS[f"{_family}/spatial.count"] = _count
    WORDS[f"{_family}/spatial.least"] = _least
    WORDS[f"{_family}/choice"] = _layer_padding
WORDS["conv/choice"] = (RuntimeError, "Invalid padding string: {value!r}")
WORDS["Conv/conv.same_strided"] = (
    ValueError,
    "padding='same' is not supported for strided convolutions",
)
