"""PyTorch's words for attention."""

import math
from typing import Final

from funcnet.compat._core.shapes import cannot_broadcast, cannot_write
from funcnet.compat._messages.words.types import Facts, Told, Words


def _shapes(facts: Facts) -> Told:
    query, key, value = facts["query"], facts["key"], facts["value"]
    if min(map(len, (query, key, value))) < 2:
        return RuntimeError, (
            "Expected query, key, and value to all be  at least 2 dimensional, but got "
            f"query.dim: {len(query)} key.dim: {len(key)} and value.dim: {len(value)} "
            "instead."
        )
    for one, other in ((query, key), (key, value)):
        refusal = cannot_broadcast([*one[:-2], 1, 1], [*other[:-2], 1, 1])
        if refusal is not None:
            return RuntimeError, refusal
    batch = math.prod(query[:-2])
    if query[-1] != key[-1]:
        wanted, given = query[-1], key[-1]
    else:
        wanted, given = key[-2], value[-2]
    return RuntimeError, (
        "Expected size for first two dimensions of batch2 tensor to be: "
        f"[{batch}, {wanted}] but got: [{batch}, {given}]."
    )


def _mask_dtype(facts: Facts) -> Told:
    return RuntimeError, (
        "Expected attn_mask dtype to be bool or float or to match query dtype, but got "
        f"attn_mask.dtype: {facts['dtype'].c_name} and  query.dtype: "
        f"{facts['query'].c_name} instead."
    )


def _mask(facts: Facts) -> Told:
    refusal = cannot_broadcast(facts["scores"], facts["mask"])
    return RuntimeError, refusal or cannot_write(facts["scores"], facts["mask"])


def _same_dtype(facts: Facts) -> Told:
    dtypes = {what: dtype.c_name for what, dtype in facts["dtypes"].items()}
    return RuntimeError, (
        "Expected query, key, and value to have the same dtype, but got query.dtype: "
        f"{dtypes['query']} key.dtype: {dtypes['key']} and value.dtype: "
        f"{dtypes['value']} instead."
    )


def _multi_head_dtype(facts: Facts) -> Told:
    first, *others = facts["dtypes"].values()
    other = next(dtype for dtype in others if dtype is not first)
    return RuntimeError, (
        "mat1 and mat2 must have the same dtype, but got "
        f"{first.type_name} and {other.type_name}"
    )


def _ranks(facts: Facts) -> Told:
    query, key, value = (len(facts[what]) for what in ("query", "key", "value"))
    if query not in (2, 3):
        return AssertionError, (
            "query should be unbatched 2D or batched 3D tensor but received "
            f"{query}-D query tensor"
        )
    kind = "unbatched" if query == 2 else "batched"
    return AssertionError, (
        f"For {kind} ({query}-D) `query`, expected `key` and `value` to be {query}-D "
        f"but found {key}-D and {value}-D tensors respectively"
    )


def _key_value(facts: Facts) -> Told:
    return AssertionError, (
        f"key shape torch.Size({facts['key']}) does not match value shape "
        f"torch.Size({facts['value']})"
    )


def _batch(facts: Facts) -> Told:
    batch, heads, _, width = facts["heads"]
    return RuntimeError, (
        f"shape '[{facts['keys']}, {batch * heads}, {width}]' is invalid for input of "
        f"size {math.prod(facts['key'])}"
    )


_PARTS: Final = {"q": "query", "k": "key", "v": "value"}


def _projection(facts: Facts) -> Told:
    wanted = ", ".join(map(str, facts["wanted"]))
    return AssertionError, (
        f"expecting {_PARTS[facts['what']]} weights shape of ({wanted}), but got "
        f"torch.Size({facts['weight']})"
    )


def _bias_kv(facts: Facts) -> Told:
    missing = "v" if facts["given"] == "k" else "k"
    return AssertionError, f"bias_{{given}} is set but bias_{missing} is None"


def _static(facts: Facts) -> Told:
    shape, rows = facts["shape"], facts["rows"]
    place, wanted = (0, rows) if shape[0] != rows else (2, facts["width"])
    return AssertionError, (
        f"expecting {{what}}.size({place}) of {wanted}, but got {shape[place]}"
    )


def _multi_head_mask(facts: Facts) -> Told:
    mask = facts["mask"]
    if facts["what"] == "key_padding_mask":
        if len(mask) != 2:
            return AssertionError, (
                "For batched (3-D) `query`, expected `key_padding_mask` to be `None` "
                f"or 2-D but found {len(mask)}-D tensor instead"
            )
        wanted = facts["shapes"][-1]
        place = 0 if mask[0] != wanted[0] else 1
        return AssertionError, (
            f"Expected key_padded_mask.shape[{place}] to be {wanted[place]}, but got "
            f"{mask[place]}"
        )
    for wanted in facts["shapes"]:
        if len(wanted) == len(mask):
            return RuntimeError, (
                f"The shape of the {len(mask)}D attn_mask is torch.Size({mask}), but "
                f"should be ({', '.join(map(str, wanted))})."
            )
    return AssertionError, (
        "For batched (3-D) `query`, expected `attn_mask` to be `None`, 2-D or 3-D but "
        f"found {len(mask)}-D tensor instead"
    )


def _transformer(facts: Facts) -> Told:
    src, tgt = facts["src"], facts["tgt"]
    if src[-1] == tgt[-1] and len(src) == len(tgt):
        return RuntimeError, "the batch number of src and tgt must be equal"
    return RuntimeError, ("the feature number of src and tgt must be equal to d_model")


WORDS: Final[dict[str, Words]] = {
    "attention.heads": (
        RuntimeError,
        "Number of heads in key and value must divide the number of heads in ",
    ),
    "attention.shapes": _shapes,
    "attention.mask_dtype": _mask_dtype,
    "attention.mask": _mask,
    "scaled_dot_product_attention/dtype.same": _same_dtype,
    "scaled_dot_product_attention/dtype.floating": (
        RuntimeError,
        "expected scalar type Float but found {dtype.type_name}",
    ),
    "multi_head.sizes": (
        ValueError,
        "embed_dim and num_heads must be greater than 0, got embed_dim={embed_dim} and "
        "num_heads={num_heads} instead",
    ),
    "multi_head.heads": (
        AssertionError,
        "embed_dim {embed_dim} not divisible by num_heads {num_heads}",
    ),
    "MultiheadAttention/multi_head.heads": (
        AssertionError,
        "embed_dim must be divisible by num_heads",
    ),
    "multi_head.ranks": _ranks,
    "multi_head.query": (
        AssertionError,
        "was expecting embedding dimension of {embed_dim}, but got {query[2]}",
    ),
    "multi_head.key_value": _key_value,
    "multi_head.batch": _batch,
    "multi_head.no_in_proj": (
        AssertionError,
        "use_separate_proj_weight is False but in_proj_weight is None",
    ),
    "multi_head.no_projection": (
        AssertionError,
        "use_separate_proj_weight is True but {what}_proj_weight is None",
    ),
    "multi_head.projection": _projection,
    "multi_head.bias_kv": _bias_kv,
    "multi_head.static": _static,
    "multi_head.mask_dtype": (
        AssertionError,
        "only bool and floating types of {what} are supported",
    ),
    "multi_head.mask": _multi_head_mask,
    "multi_head_attention_forward/dtype.same": _multi_head_dtype,
    "transformer.inputs": _transformer,
}
