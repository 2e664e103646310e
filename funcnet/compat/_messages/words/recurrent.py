"""PyTorch's words for recurrent networks and their cells."""

from typing import Final

from funcnet.compat._messages.words.types import Facts, Told, Words

# What the layer of a function is called.
_LAYERS: Final = {
    "rnn_tanh": "RNN",
    "rnn_relu": "RNN",
    "lstm": "LSTM",
    "gru": "GRU",
    "rnn_tanh_cell": "RNNCell",
    "rnn_relu_cell": "RNNCell",
    "lstm_cell": "LSTMCell",
    "gru_cell": "GRUCell",
}


def _rank(facts: Facts) -> Told:
    layer = _LAYERS[facts["name"]]
    tensor = " tensor" if layer == "RNN" else ""
    return ValueError, (
        f"{layer}: Expected input to be 2D or 3D, got {{ndim}}D{tensor} instead"
    )


def _cell_rank(facts: Facts) -> Told:
    layer, what = _LAYERS[facts["name"]], facts["what"]
    if what == "hx":
        what = "hx[0]" if layer == "LSTMCell" else "hidden"
    return ValueError, f"{layer}: Expected {what} to be 1D or 2D, got {{ndim}}D instead"


def _dtype(facts: Facts) -> Told | None:
    if "weight" not in facts["dtypes"]:
        return None
    given, weight = facts["dtypes"]["input"], facts["dtypes"]["weight"]
    return ValueError, (
        f"RNN input dtype ({given}) does not match weight dtype ({weight}). Convert "
        f"input: input.to({weight}), or convert model: model.to({given})"
    )


def _cell_dtype(facts: Facts) -> Told:
    given = facts["dtypes"]["input"]
    other = next(d for d in facts["dtypes"].values() if d is not given)
    return RuntimeError, (
        "mat1 and mat2 must have the same dtype, but got "
        f"{given.type_name} and {other.type_name}"
    )


def _hx_ranks(facts: Facts) -> Told:
    ranks, wanted = facts["ranks"], facts["ndim"]
    kind = "batched" if wanted == 3 else "unbatched"
    if len(ranks) == 2:
        which = "hx and cx"
        given = f"({ranks[0]}-D, {ranks[1]}-D) tensors"
    else:
        which, given = "hx", f"{ranks[0]}-D tensor"
    return RuntimeError, (
        f"For {kind} {wanted}-D input, {which} should also be {wanted}-D but got "
        f"{given}"
    )


def _hx(facts: Facts) -> Told:
    pairs = enumerate(zip(facts["hx"], facts["wanted"], strict=False))
    place, (given, wanted) = next(pair for pair in pairs if pair[1][0] != pair[1][1])
    which = f"hidden[{place}]" if len(facts["wanted"]) > 1 else "hidden"
    return RuntimeError, (f"Expected {which} size {tuple(wanted)}, got {given}")


def _proj_size(facts: Facts) -> Told:
    if facts["proj_size"] < 0:
        return ValueError, (
            "proj_size should be a positive integer or zero to disable projections"
        )
    return ValueError, "proj_size has to be smaller than hidden_size"


def _features(facts: Facts) -> Told:
    return RuntimeError, (
        "input.size(-1) must be equal to input_size. Expected "
        f"{facts['weight'][-1]}, got {facts['input'][-1]}"
    )


def _cell_features(facts: Facts) -> Told:
    return RuntimeError, (
        f"input has inconsistent input_size: got {facts['input'][-1]} expected "
        f"{facts['weight'][-1]}"
    )


def _cell_hx(facts: Facts) -> Told:
    for place, shape in enumerate(facts["hx"]):
        given, wanted = ([1, *s][-2:] for s in (shape, facts["wanted"]))
        if given[0] != wanted[0]:
            if len(shape) < len(facts["wanted"]):
                given = shape
            return RuntimeError, (
                f"Input batch size {wanted[0]} doesn't match hidden{place} batch size "
                f"{given[0]}"
            )
        if given[1] != wanted[1]:
            return RuntimeError, (
                f"hidden{place} has inconsistent hidden_size: got {given[1]}, expected "
                f"{wanted[1]}"
            )
    return RuntimeError, "hidden has shape {hx}, expected {wanted}"


WORDS: Final[dict[str, Words]] = {
    "recurrent.features": _features,
    "recurrent.empty": (
        RuntimeError,
        "Expected sequence length to be larger than 0 in RNN",
    ),
    "recurrent.hx_ranks": _hx_ranks,
    "recurrent.hx": _hx,
    "recurrent.proj_size": _proj_size,
    "recurrent_cell.features": _cell_features,
    "recurrent_cell.hx": _cell_hx,
    "RNN/choice": (
        ValueError,
        "Unknown nonlinearity {value!r}. Select from 'tanh' or 'relu'.",
    ),
    "RNNCell/choice": (RuntimeError, "Unknown nonlinearity: {value}"),
}
for _name in ("rnn_tanh", "rnn_relu", "lstm", "gru"):
    WORDS[f"{_name}/rank"] = _rank
    WORDS[f"{_name}/dtype.same"] = _dtype
    WORDS[f"{_name}_cell/rank"] = _cell_rank
    WORDS[f"{_name}_cell/dtype.same"] = _cell_dtype
for _name in ("RNN", "LSTM", "GRU"):
    WORDS[f"{_name}/positive"] = (ValueError, "{what} must be greater than zero")
    WORDS[f"{_name}/range"] = (
        ValueError,
        "dropout should be a number in range [0, 1] representing the probability of an "
        "element being zeroed",
    )
