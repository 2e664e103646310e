"""Functions that PyTorch's own code calls: with moments, masks, numbers for modes.

The expected numbers are PyTorch's.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat.nn import functional as F

aten = torch.ops.aten
INF, NAN = float("inf"), float("nan")
X = torch.tensor([[1.0, 3.0, 5.0, 7.0], [2.0, 2.0, 4.0, 8.0]])
IMAGE = torch.arange(16.0).reshape(1, 1, 4, 4)
DATA = torch.arange(6.0)
ROWS = torch.tensor([[0], [5], [-1], [-9]])
KEPT = torch.tensor([[True], [False], [True], [True]])


def segments(reduce: str, **settings: Any) -> Any:
    return torch.segment_reduce(
        DATA, reduce, lengths=torch.tensor([2, 0, 4]), **settings
    )


def offset_segments(reduce: str) -> Any:
    return torch.segment_reduce(DATA, reduce, offsets=torch.tensor([1, 3, 3, 5]))


VALUES: dict[str, tuple[Callable[[], Any], Any]] = {
    "layer norm's mean": (
        lambda: torch.native_layer_norm(X, [4], None, None, 0.0)[1],
        [[4.0], [4.0]],
    ),
    "layer norm's scale": (
        lambda: torch.native_layer_norm(X, [4], None, None, 0.0)[2],
        [[5**-0.5], [6**-0.5]],
    ),
    "group norm's mean": (
        lambda: torch.native_group_norm(X, None, None, 2, 4, 1, 2, 0.0)[1],
        [[2.0, 6.0], [2.0, 6.0]],
    ),
    "batch norm's mean": (
        lambda: torch.native_batch_norm(X, None, None, None, None, True, 0.1, 0.0)[1],
        [1.5, 2.5, 4.5, 7.5],
    ),
    "batch norm's scale": (
        lambda: torch._native_batch_norm_legit(X, None, None, True, 0.1, 0.0)[2],
        [2.0] * 4,
    ),
    "safe softmax": (
        lambda: torch._safe_softmax(torch.tensor([[0.0, 0.0], [-INF, -INF]]), 1),
        [[0.5, 0.5], [0.0, 0.0]],
    ),
    "softmax backward": (
        lambda: torch._softmax_backward_data(
            torch.tensor([1.0, 3.0]), torch.tensor([0.5, 0.5]), 0, torch.float32
        ),
        [-0.5, 0.5],
    ),
    "log softmax backward": (
        lambda: torch._log_softmax_backward_data(
            torch.tensor([1.0, 3.0]), torch.zeros(2), 0, torch.float32
        ),
        [-3.0, -1.0],
    ),
    "dropout backward": (
        lambda: aten.native_dropout_backward(
            DATA[:3], torch.tensor([1, 0, 1]) > 0, 2.0
        ),
        [0.0, 0.0, 4.0],
    ),
    "pad": (lambda: torch.constant_pad_nd(DATA[:2], [1, -1], 7), [7.0, 0.0]),
    "sampler of the nearest": (
        lambda: torch.grid_sampler_2d(IMAGE, torch.full((1, 1, 1, 2), 2.0), 1, 1, True),
        [[[[15.0]]]],
    ),
    "antialiased": (
        lambda: aten._upsample_bilinear2d_aa(IMAGE, [2, 2], False),
        [[[[3.5714285, 5.142857], [9.857143, 11.428572]]]],
    ),
    "antialiased by factors": (
        lambda: aten._upsample_bilinear2d_aa.vec(IMAGE, None, False, [0.5, 0.5]),
        [[[[3.5714285, 5.142857], [9.857143, 11.428572]]]],
    ),
    "a size, and another scale": (
        lambda: aten.upsample_nearest1d(DATA.reshape(1, 1, 6), [3], 0.25),
        [[[0.0, 4.0, 5.0]]],
    ),
    "bilinear": (
        lambda: aten.upsample_bilinear2d(IMAGE, [1, 2], True),
        [[[[0.0, 3.0]]]],
    ),
    "chunks": (
        lambda: torch._chunk_cat([DATA[:3], torch.full((2, 2), 9.0)], 0, 2),
        [[0.0, 1.0, 9.0, 9.0], [2.0, 0.0, 9.0, 9.0]],
    ),
    "masked index": (
        lambda: torch._unsafe_masked_index(X.T, KEPT, [ROWS, torch.arange(2)], 7),
        [[1.0, 2.0], [7.0, 7.0], [7.0, 8.0], [1.0, 2.0]],
    ),
    "masked index of nothing": (
        lambda: torch._unsafe_masked_index(torch.zeros(0), KEPT[0], [ROWS[:2, 0]], 7),
        [7.0, 7.0],
    ),
    "masked put": (
        lambda: torch._unsafe_masked_index_put_accumulate(
            torch.zeros(4, 1), KEPT, [ROWS, torch.zeros(1).long()], torch.ones(4, 1)
        ),
        [[2.0], [0.0], [0.0], [1.0]],
    ),
    "sums of segments": (lambda: segments("sum"), [1.0, 0.0, 14.0]),
    "means of segments": (lambda: segments("mean"), [0.5, NAN, 3.5]),
    "maxima of segments": (lambda: segments("max"), [1.0, -INF, 5.0]),
    "minima of segments": (lambda: segments("min"), [0.0, INF, 2.0]),
    "products of segments": (lambda: segments("prod"), [0.0, 1.0, 120.0]),
    "means from 3": (lambda: segments("mean", initial=3), [2.0, 3.0, 4.25]),
    "maxima from 3": (lambda: segments("max", initial=3), [3.0, 3.0, 5.0]),
    "products from 3": (lambda: segments("prod", initial=3), [0.0, 3.0, 360.0]),
    "sums between offsets": (lambda: offset_segments("sum"), [3.0, 0.0, 7.0]),
    "means between offsets": (lambda: offset_segments("mean"), [1.5, NAN, 3.5]),
    "segments of each row": (
        lambda: torch._segment_reduce(
            X, "sum", lengths=torch.tensor([[1, 3], [4, 0]]), axis=1
        ),
        [[1.0, 15.0], [16.0, 0.0]],
    ),
    "segments of rows": (
        lambda: torch.segment_reduce(X, "max", lengths=torch.tensor([2])),
        [[2.0, 3.0, 5.0, 8.0]],
    ),
    "hash of integers": (lambda: torch.hash_tensor(torch.arange(3)), 3),
    "hash of doubles' bits": (
        lambda: torch.hash_tensor(torch.arange(3.0)),
        9218868437227405312,
    ),
    "hash of a negative": (
        lambda: torch.tensor([-1], dtype=torch.int8).hash_tensor(0, keepdim=True),
        [18446744073709551615],
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_are_pytorchs(name: str) -> None:
    run, expected = VALUES[name]
    np.testing.assert_allclose(run().numpy(), np.array(expected), rtol=1e-6)


GRADIENTS: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "equal maxima share": (
        lambda x: torch.segment_reduce(x, "max", lengths=torch.tensor([3, 1])),
        [2.0, 2.0, 1.0, 5.0],
        [0.5, 0.5, 0.0, 1.0],
    ),
    "a maximum as large as the start": (
        lambda x: torch.segment_reduce(
            x, "max", lengths=torch.tensor([2, 2]), initial=2
        ),
        [2.0, 1.0, 0.0, 1.0],
        [1.0, 0.0, 0.0, 0.0],
    ),
    "a product with a zero": (
        lambda x: torch.segment_reduce(x, "prod", lengths=torch.tensor([3, 1])),
        [2.0, 0.0, 3.0, 5.0],
        [0.0, 6.0, 0.0, 1.0],
    ),
    "a row that is masked": (
        lambda x: torch._safe_softmax(x, 0) * torch.ones(2),
        [-INF, -INF],
        [0.0, 0.0],
    ),
    "masked indices": (
        lambda x: torch._unsafe_masked_index(x, KEPT[:, 0], [ROWS[:, 0]], 7.0),
        [1.0, 2.0, 3.0],
        [2.0, 0.0, 1.0],
    ),
    "moments of groups": (
        lambda x: sum(torch.native_group_norm(x[None], None, None, 1, 2, 1, 1, 0.0)),
        [1.0, 2.0],
        [5.0, -3.0],
    ),
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients(name: str) -> None:
    run, values, expected = GRADIENTS[name]
    x = torch.tensor(values, requires_grad=True)
    run(x).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), expected, rtol=1e-6)


def test_max_pool_backward_is_the_gradient_of_max_pool() -> None:
    x = (IMAGE * 7 % 5).requires_grad_()
    y, indices = F.max_pool2d(x, 3, 1, 1, return_indices=True)
    grad = torch.arange(16.0).reshape(y.shape)
    y.backward(grad)
    settings = ([3, 3], [1, 1], [1, 1], [1, 1], False)
    again = aten.max_pool2d_with_indices_backward(grad, x, *settings, indices)
    assert torch.equal(again, x.grad)


def test_batch_norm_updates_the_running_statistics() -> None:
    mean, var = torch.zeros(4), torch.ones(4)
    weight = bias = torch.ones(4)
    result = aten._batch_norm_with_update(X, weight, bias, mean, var, 0.5, 0.0)
    assert mean.tolist() == [0.75, 1.25, 2.25, 3.75]
    assert var.tolist() == [0.75, 0.75, 0.75, 0.75]
    assert result[3].dtype == torch.uint8
    evaluated = torch.native_batch_norm(X, None, None, mean, var, False, 0.5, 0.0)
    assert [part.shape for part in evaluated] == [(2, 4), (0,), (0,)]


def test_only_moments_of_groups_have_a_gradient() -> None:
    x = X.clone().requires_grad_()
    layer = torch.native_layer_norm(x, [4], None, None, 1e-5)
    group = torch.native_group_norm(x, None, None, 2, 4, 1, 2, 1e-5)
    assert [part.requires_grad for part in layer] == [True, False, False]
    assert [part.requires_grad for part in group] == [True, True, True]


def test_moments_of_narrow_inputs_have_the_dtype_of_the_parameters() -> None:
    x, weight = X.bfloat16(), torch.ones(4)
    y, mean, _ = torch.native_layer_norm(x, [4], weight, weight, 1e-5)
    assert (y.dtype, mean.dtype) == (torch.bfloat16, torch.float32)


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "too few": (
        lambda: torch.segment_reduce(DATA, "max", lengths=torch.tensor([5])),
        "Expected all rows of lengths along axis to sum",
    ),
    "negative": (
        lambda: torch.segment_reduce(DATA, "max", lengths=torch.tensor([7, -1])),
        "negative value",
    ),
    "backwards": (
        lambda: torch.segment_reduce(DATA, "max", offsets=torch.tensor([0, 6, 3, 6])),
        "segment_length >= 0",
    ),
    "other rows": (
        lambda: torch.segment_reduce(X, "max", lengths=torch.tensor([[4]]), axis=1),
        "do not fit data",
    ),
    "no segments": (lambda: torch.segment_reduce(DATA, "max"), "must be defined"),
    "an image as a volume": (
        lambda: torch.grid_sampler_3d(IMAGE, torch.zeros(1, 1, 1, 2), 0, 0, False),
        "expected 5D input",
    ),
    "an unknown mode": (
        lambda: torch.grid_sampler(IMAGE, torch.zeros(1, 1, 1, 2), 3, 0, False),
        "interpolation_mode is 3",
    ),
    "other sizes": (
        lambda: torch.native_group_norm(X, None, None, 3, 4, 1, 2, 1e-5),
        "N \\* C \\* HxW",
    ),
    "no chunks": (lambda: torch._chunk_cat([X], 0, 0), "positive num_chunks"),
    "another hash": (lambda: torch.hash_tensor(X, mode=1), "Unknown hash_tensor mode"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused(name: str) -> None:
    run, message = REFUSED[name]
    with pytest.raises(RuntimeError, match=message):
        run()
