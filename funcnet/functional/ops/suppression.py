"""Non-maximum suppression: of boxes that overlap, the one with the highest score."""

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._check import is_concrete
from funcnet._errors import InputError, InputTypeError
from funcnet._types import Array, ArrayLike


def nms(boxes: ArrayLike, scores: ArrayLike, iou_threshold: float) -> np.ndarray:
    """Return the indices of the boxes that are kept; equals `torchvision.ops.nms`.

    How many there are depends on the values, so that numpy computes it at once; inside
    of `jax.jit` use `nms_mask`.

    Args:
        boxes: `(n, 4)`, corners `(x1, y1, x2, y2)`.
        scores: `(n,)`, of the same dtype. Of equal scores the first box comes first.
        iou_threshold: a box goes whose IoU with a kept one is greater.

    Returns:
        Indices in int64, by falling scores.

    Raises:
        InputError: shapes do not fit, or the arrays are traced.
        InputTypeError: the dtypes differ.

    Example:
        >>> import numpy as np
        >>> boxes = np.array([[0, 0, 2, 2], [0, 0, 2, 1.9], [5, 5, 6, 6]], "f4")
        >>> nms(boxes, np.array([0.5, 0.9, 0.1], "f4"), 0.5).tolist()
        [1, 2]
    """
    if not (is_concrete(boxes) and is_concrete(scores)):
        raise InputError("nms.traced", name="nms")
    boxes, scores = np.asarray(boxes), np.asarray(scores)
    _check(boxes, scores)
    count = len(scores)
    # The last of the reversed come first, so that equal scores keep their order.
    order = count - 1 - np.argsort(scores[::-1], kind="stable")[::-1]
    x1, y1, x2, y2 = np.ascontiguousarray(boxes[order].T)
    area = (x2 - x1) * (y2 - y1)
    gone = np.zeros(count, bool)
    threshold = _below(iou_threshold, boxes.dtype)
    with np.errstate(all="ignore"):
        for i in range(count):
            if gone[i]:
                continue
            rest = slice(i + 1, None)
            shared = np.minimum(x2[i], x2[rest]) - np.maximum(x1[i], x1[rest])
            np.maximum(shared, 0, out=shared)
            high = np.minimum(y2[i], y2[rest]) - np.maximum(y1[i], y1[rest])
            shared *= np.maximum(high, 0, out=high)
            gone[rest] |= shared / (area[i] + area[rest] - shared) > threshold
    return order[~gone].astype(np.int64)


def nms_mask(boxes: Array, scores: Array, iou_threshold: float) -> Array:
    """Return which boxes `nms` keeps, in the order of the boxes: for `jax.jit`.

    Args:
        boxes, scores: as in `nms`.
        iou_threshold: a number, not traced.

    Returns:
        `(n,)` booleans.

    Raises:
        InputError, InputTypeError: as in `nms`.

    Example:
        >>> import jax.numpy as jnp
        >>> boxes = jnp.array([[0, 0, 2, 2], [0, 0, 2, 1.9], [5, 5, 6, 6.0]])
        >>> nms_mask(boxes, jnp.array([0.5, 0.9, 0.1]), 0.5).tolist()
        [False, True, True]
    """
    _check(boxes, scores)
    if not boxes.size:
        return jnp.ones(0, bool)
    order = jnp.argsort(scores, descending=True, stable=True)
    x1, y1, x2, y2 = boxes[order].T
    area = (x2 - x1) * (y2 - y1)
    places = jnp.arange(scores.shape[0])
    threshold = _below(iou_threshold, boxes.dtype)

    def suppress(i: Array, kept: Array) -> Array:
        width = jnp.minimum(x2[i], x2) - jnp.maximum(x1[i], x1)
        height = jnp.minimum(y2[i], y2) - jnp.maximum(y1[i], y1)
        shared = jnp.maximum(width, 0) * jnp.maximum(height, 0)
        close = shared / (area[i] + area - shared) > threshold
        return kept & ~(close & kept[i] & (places > i))

    kept = jax.lax.fori_loop(
        0, scores.shape[0], suppress, jnp.ones(scores.shape[0], bool)
    )
    return jnp.zeros_like(kept).at[order].set(kept)


def batched_nms(
    boxes: ArrayLike,
    scores: ArrayLike,
    idxs: ArrayLike,
    iou_threshold: float,
    *,
    few: int = 4000,
) -> np.ndarray:
    """Return what `nms` keeps of each class; equals `torchvision.ops.batched_nms`.

    As there, a few boxes are moved apart by class and suppressed together, which rounds
    their corners; more are taken class by class.

    Args:
        boxes, scores, iou_threshold: as in `nms`.
        idxs: `(n,)` integers: boxes of different classes do not suppress each other.
        few: how many numbers of boxes are suppressed together; as there on a CPU.

    Returns:
        Indices in int64, by falling scores.

    Raises:
        InputError, InputTypeError: as in `nms`.
    """
    if not (is_concrete(boxes) and is_concrete(scores) and is_concrete(idxs)):
        raise InputError("nms.traced", name="batched_nms")
    boxes, scores, idxs = np.asarray(boxes), np.asarray(scores), np.asarray(idxs)
    _check(boxes, scores)
    if boxes.size > few:
        kept = np.zeros(len(scores), bool)
        for one in np.unique(idxs):
            places = np.flatnonzero(idxs == one)
            kept[places[nms(boxes[places], scores[places], iou_threshold)]] = True
        places = np.flatnonzero(kept)
        order = np.argsort(scores[places][::-1], kind="stable")[::-1]
        return places[len(places) - 1 - order].astype(np.int64)
    if not boxes.size:
        return np.zeros(0, np.int64)
    apart = idxs.astype(boxes.dtype) * (boxes.max() + boxes.dtype.type(1))
    return nms(boxes + apart[:, None], scores, iou_threshold)


def _below(threshold: float, dtype: np.dtype) -> np.floating:
    """The greatest number of a dtype that is not above: exact for `>`."""
    result = dtype.type(threshold)
    if float(result) > threshold:
        result = np.nextafter(result, dtype.type(-np.inf))
    return result  # type: ignore[no-any-return]


def _check(boxes: Array | np.ndarray, scores: Array | np.ndarray) -> None:
    shapes = tuple(np.shape(boxes)), tuple(np.shape(scores))
    if len(shapes[0]) != 2 or shapes[0][1] != 4 or shapes[1] != shapes[0][:1]:
        raise InputError("nms.shapes", name="nms", boxes=shapes[0], scores=shapes[1])
    if boxes.dtype != scores.dtype:
        dtypes = {"boxes": boxes.dtype, "scores": scores.dtype}
        listed = ", ".join(f"{what} {dtype}" for what, dtype in dtypes.items())
        raise InputTypeError("dtype.same", name="nms", dtypes=dtypes, listed=listed)
