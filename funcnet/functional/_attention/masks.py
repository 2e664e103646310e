"""Masks of attention.

`scaled_dot_product_attention` takes booleans that are True where a query may look, the
multi-head functions booleans that are True where it may not; both take numbers that are
added to the scores.
"""

from typing import NamedTuple

import jax.numpy as jnp

from funcnet._errors import Facts, InputError, InputTypeError
from funcnet._types import Array

_NAME = "multi_head_attention_forward"


def causal_mask(queries: int, keys: int) -> Array:
    """Booleans, True where a query may look: at its own index and before."""
    return jnp.tril(jnp.ones((queries, keys), bool))


def with_rank(x: Array, rank: int) -> Array:
    """Put dimensions of 1 before the others."""
    return x.reshape((1,) * (rank - x.ndim) + x.shape)


def fitting_mask(mask: Array, scores: Array, query: Array) -> Array:
    """Give the mask the rank of the scores; raise if it cannot be broadcast to them."""
    if mask.dtype != bool and not jnp.issubdtype(mask.dtype, jnp.floating):
        facts: Facts = {"dtype": mask.dtype, "query": query.dtype}
        raise InputTypeError("attention.mask_dtype", name="attention", **facts)
    pairs = zip(reversed(mask.shape), reversed(scores.shape), strict=False)
    if mask.ndim > scores.ndim or not all(m in (1, s) for m, s in pairs):
        facts = {"mask": mask.shape, "scores": scores.shape}
        raise InputError("attention.mask", name="attention", **facts)
    return with_rank(mask, scores.ndim)


class Masks(NamedTuple):
    """What `multi_head_attention_forward` is told about where not to look."""

    attn_mask: Array | None
    key_padding_mask: Array | None
    is_causal: bool
    need_weights: bool

    def merged(self, q: Array, k: Array) -> Array | None:
        """One mask for `scaled_dot_product_attention`, four-dimensional, or None."""
        (batch, heads, queries, _), keys = q.shape, k.shape[-2]
        attn_mask, padding = self.attn_mask, self.key_padding_mask
        hint_suffices = padding is None and not self.need_weights
        if self.is_causal and (attn_mask is None or hint_suffices):
            attn_mask = ~causal_mask(queries, keys)
        parts = []
        if attn_mask is not None:
            shapes = {(queries, keys), (batch * heads, queries, keys)}
            _check_mask("attn_mask", attn_mask, shapes)
            full = (1, 1) if attn_mask.ndim == 2 else (batch, heads)
            parts.append(attn_mask.reshape(*full, queries, keys))
        if padding is not None:
            shapes = {(batch, keys), (keys,)} if batch == 1 else {(batch, keys)}
            _check_mask("key_padding_mask", padding, shapes)
            parts.append(padding.reshape(batch, 1, 1, keys))
        if all(part.dtype == bool for part in parts):
            forbidden = parts[:1] if len(parts) < 2 else [parts[0] | parts[1]]
            return ~forbidden[0] if forbidden else None
        added = [_as_added(part, q) for part in parts]
        return added[0] if len(added) == 1 else added[0] + added[1]


def _as_added(mask: Array, q: Array) -> Array:
    """A mask of booleans, True to ignore, as numbers to add."""
    if mask.dtype == bool:
        return jnp.where(mask, jnp.array(-jnp.inf, q.dtype), jnp.array(0, q.dtype))
    return mask.astype(q.dtype)


def _check_mask(what: str, mask: Array, shapes: set[tuple[int, ...]]) -> None:
    if mask.dtype != bool and not jnp.issubdtype(mask.dtype, jnp.floating):
        facts: Facts = {"what": what, "dtype": mask.dtype}
        raise InputTypeError("multi_head.mask_dtype", name=_NAME, **facts)
    if mask.shape not in shapes:
        wanted = " or ".join(str(shape) for shape in sorted(shapes))
        facts = {"what": what, "mask": mask.shape, "shapes": tuple(sorted(shapes))}
        raise InputError("multi_head.mask", name=_NAME, wanted=wanted, **facts)
