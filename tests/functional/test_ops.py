"""`funcnet.functional.ops` against definitions in plain numpy, element by element."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funcnet import InputError
from funcnet.functional import ops
from tests.functional import brute_regions as brute

sizes = st.integers(1, 4)


def regions(random: np.random.Generator, count: int, images: int) -> np.ndarray:
    """Some that leave the map, that are empty, or that lie outside."""
    start = random.uniform(-6, 30, (count, 2))
    end = start + random.uniform(-1, 20, (count, 2)) * (random.random((count, 2)) < 0.9)
    image = random.integers(0, images, (count, 1))
    return np.concatenate([image, start, end], 1).astype("f4")


def check(
    run: Callable[..., Any], value: Callable[..., Any], grad: Callable[..., Any], x: Any
) -> None:
    result, pull = jax.vjp(run, jnp.asarray(x))
    np.testing.assert_allclose(result, value(x), atol=2e-5, rtol=1e-5)
    g = np.random.default_rng(1).normal(size=result.shape).astype("f4")
    np.testing.assert_allclose(
        pull(jnp.asarray(g))[0], grad(g, x), atol=1e-4, rtol=1e-4
    )


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 99), st.integers(0, 4), sizes, sizes, st.sampled_from([-1, 1, 2]))
def test_roi_align_is_the_mean_of_bilinear_samples(
    seed: int, count: int, tall: int, wide: int, ratio: int
) -> None:
    random = np.random.default_rng(seed)
    x = random.normal(size=(2, 3, 9, 7)).astype("f4")
    rois, size = regions(random, count, 2), (tall, wide)
    for aligned in (False, True):
        setting = size, 0.5, ratio, aligned
        check(
            lambda x, s=setting: ops.roi_align(x, jnp.asarray(rois), *s),
            lambda x, s=setting: brute.roi_align(x, rois, *s),
            lambda g, x, s=setting: brute.roi_align_grad(g, x, rois, *s),
            x,
        )


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 99), st.integers(0, 4), sizes, sizes)
def test_pooling_of_regions_reads_whole_pixels(
    seed: int, count: int, tall: int, wide: int
) -> None:
    random = np.random.default_rng(seed)
    rois, size = regions(random, count, 2), (tall, wide)
    x = random.normal(size=(2, 2 * tall * wide, 9, 7)).astype("f4")
    check(
        lambda x: ops.roi_pool(x, jnp.asarray(rois), size, 0.5)[0],
        lambda x: brute.roi_pool(x, rois, size, 0.5)[0],
        lambda g, x: brute.roi_pool_grad(g, x, rois, size, 0.5),
        x,
    )
    _, place = ops.roi_pool(jnp.asarray(x), jnp.asarray(rois), size, 0.5)
    np.testing.assert_array_equal(place, brute.roi_pool(x, rois, size, 0.5)[1])
    check(
        lambda x: ops.ps_roi_pool(x, jnp.asarray(rois), size, 0.5),
        lambda x: brute.ps_roi_pool(x, rois, size, 0.5),
        lambda g, x: brute.ps_roi_pool_grad(g, x, rois, size, 0.5),
        x,
    )


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 99), sizes, sizes, st.sampled_from([-1, 2]))
def test_ps_roi_align_has_channels_for_each_bin(
    seed: int, tall: int, wide: int, ratio: int
) -> None:
    random = np.random.default_rng(seed)
    rois, size = regions(random, 3, 2), (tall, wide)
    rois[:, 3:] = rois[:, 1:3] + 1 + np.abs(rois[:, 3:] - rois[:, 1:3])
    x = random.normal(size=(2, 2 * tall * wide, 9, 7)).astype("f4")
    check(
        lambda x: ops.ps_roi_align(x, jnp.asarray(rois), size, 0.5, ratio),
        lambda x: brute.ps_roi_align(x, rois, size, 0.5, ratio),
        lambda g, x: brute.ps_roi_align_grad(g, x, rois, size, 0.5, ratio),
        x,
    )


@settings(max_examples=6, deadline=None)
@given(
    st.integers(0, 99),
    st.tuples(sizes, sizes),
    *[st.tuples(st.integers(1, 2), st.integers(1, 2)) for _ in range(2)],
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    st.booleans(),
)
def test_deform_conv2d_reads_where_offsets_say(
    seed: int, kernel: Any, stride: Any, dilation: Any, padding: Any, masked: bool
) -> None:
    random = np.random.default_rng(seed)
    x = random.normal(size=(1, 4, 8, 9))
    weight, bias = random.normal(size=(4, 2, *kernel)), random.normal(size=4)
    out = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, p, d, k, s in zip((8, 9), padding, dilation, kernel, stride, strict=True)
    ]
    taps = 2 * kernel[0] * kernel[1]
    offset = random.normal(0, 2, (1, 2 * taps, *out))
    mask = random.random((1, taps, *out)) if masked else None
    numbers = [None if a is None else a.astype("f4") for a in (x, offset, weight, bias)]
    result = ops.deform_conv2d(
        *map(jnp.asarray, numbers),
        *(stride, padding, dilation),
        None if mask is None else jnp.asarray(mask, jnp.float32),
    )
    wanted = brute.deform_conv2d(
        x, offset, weight, bias, stride, padding, dilation, mask
    )
    np.testing.assert_allclose(result, wanted, atol=1e-3)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 999),
    st.integers(0, 40),
    st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]),
    st.sampled_from(["f4", "f8"]),
)
def test_nms_keeps_what_its_definition_keeps_ties_too(
    seed: int, count: int, threshold: float, kind: str
) -> None:
    random = np.random.default_rng(seed)
    corner = random.integers(0, 8, (count, 2))  # whole numbers: IoUs are ties, too
    boxes = np.concatenate([corner, corner + random.integers(0, 6, (count, 2))], 1)
    boxes, scores = boxes.astype(kind), random.integers(0, 9, count).astype(kind)
    kept = ops.nms(boxes, scores, threshold)
    assert kept.dtype == np.int64
    assert kept.tolist() == brute.nms(boxes, scores, threshold)
    if kind == "f4":
        mask = jax.jit(ops.nms_mask, static_argnums=2)(boxes, scores, threshold)
        assert np.flatnonzero(mask).tolist() == sorted(kept.tolist())


@pytest.mark.parametrize("count", [30, 1300])
def test_batched_nms_is_nms_of_each_class(count: int) -> None:
    random = np.random.default_rng(count)
    corner = random.uniform(0, 50, (count, 2))
    boxes = np.concatenate([corner, corner + random.uniform(1, 30, (count, 2))], 1)
    boxes, classes = boxes.astype("f4"), random.integers(0, 3, count)
    scores = random.permutation(count).astype("f4")
    kept = ops.batched_nms(boxes, scores, classes, 0.4)
    wanted = [
        place
        for one in range(3)
        for places in [np.flatnonzero(classes == one)]
        for place in places[brute.nms(boxes[places], scores[places], 0.4)]
    ]
    assert kept.tolist() == sorted(wanted, key=lambda place: -scores[place])


def test_nms_of_traced_boxes_names_the_function_for_them() -> None:
    with pytest.raises(InputError, match="use nms_mask"):
        jax.jit(lambda b, s: ops.nms(b, s, 0.5))(jnp.ones((2, 4)), jnp.ones(2))


def test_a_scale_of_regions_moves_no_gradient_to_them() -> None:
    x, rois = jnp.ones((1, 1, 4, 4)), jnp.array([[0.0, 0.0, 0.0, 3.0, 3.0]])
    grad = jax.grad(lambda r: ops.roi_align(x, r, (2, 2), 1.0, 2).sum())(rois)
    assert not grad.any()


@pytest.mark.parametrize("angle", [0.0, 30.0, 45.0, 90.0, -60.0])
def test_overlap_of_rotated_boxes_is_the_share_of_points(angle: float) -> None:
    boxes = np.array([[5, 5, 6, 3, angle], [6, 4, 2, 7, 20]], "f4")
    grid = np.stack(np.meshgrid(*[np.arange(-2, 13, 0.02)] * 2), -1)
    inside = []
    for x, y, w, h, degrees in boxes:
        cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        to = grid - [x, y]
        along = to[..., 0] * cos - to[..., 1] * sin
        down = to[..., 0] * sin + to[..., 1] * cos
        inside.append((abs(along) <= w / 2) & (abs(down) <= h / 2))
    wanted = (inside[0] & inside[1]).sum() / (inside[0] | inside[1]).sum()
    found = ops.box_iou_rotated(jnp.asarray(boxes[:1]), jnp.asarray(boxes[1:]))
    assert abs(float(found[0, 0]) - wanted) < 4e-3


def test_rotated_boxes_that_are_the_same_or_apart() -> None:
    boxes = jnp.array([[3.0, 4, 5, 2, 33], [103.0, 4, 5, 2, 33], [3.0, 4, 0, 2, 33]])
    iou = ops.box_iou_rotated(boxes, boxes)
    np.testing.assert_allclose(iou, np.diag([1.0, 1.0, 0.0]), atol=1e-5)


def test_formats_of_boxes_are_converted_back() -> None:
    box = jnp.array([[1.0, 2.0, 4.0, 8.0]])
    for fmt in ("xywh", "cxcywh"):
        again = ops.box_convert(ops.box_convert(box, "xyxy", fmt), fmt, "xyxy")
        np.testing.assert_allclose(again, box)
    turned = jnp.array([[3.0, 4.0, 5.0, 2.0, 33.0]])
    for fmt in ("xywhr", "xyxyxyxy"):
        there = ops.box_convert(turned, "cxcywhr", fmt)
        again = ops.box_convert(there, fmt, "cxcywhr")
        np.testing.assert_allclose(again, turned, rtol=1e-5)
    with pytest.raises(InputError, match="upright"):
        ops.box_convert(box, "xyxy", "xywhr")


def test_complete_iou_of_equal_boxes_is_one_and_its_loss_zero() -> None:
    box = jnp.array([[1.0, 2.0, 4.0, 8.0], [0.0, 0.0, 1.0, 1.0]])
    for name in ("generalized", "distance", "complete"):
        iou = getattr(ops, f"{name}_box_iou")(box, box)
        np.testing.assert_allclose(jnp.diagonal(iou), 1, atol=1e-6)
        loss = getattr(ops, f"{name}_box_iou_loss")(box, box, "mean")
        assert abs(float(loss)) < 1e-6
        none = getattr(ops, f"{name}_box_iou_loss")(box[:0], box[:0], "mean")
        assert float(none) == 0.0


def test_masks_without_pixels_have_boxes_of_zeros() -> None:
    masks = jnp.zeros((2, 5, 6)).at[0, 2:4, 1:5].set(1)
    assert ops.masks_to_boxes(masks).tolist() == [[1, 2, 4, 3], [0, 0, 0, 0]]
