"""Masks of dropout, PyTorch's own or fast ones, and what is drawn after them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import jax
import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._engine import executor
from funcnet.compat.nn import functional as F

random = torch.random


@pytest.fixture(autouse=True)
def pytorchs_masks() -> Iterator[None]:
    with random.set_mask_source("pytorch"):
        yield


def ones(*shape: int) -> Any:
    return torch.ones(shape)


def drop(x: Any) -> Any:
    return F.dropout(x, 0.4)


def packed(*lengths: int) -> Any:
    return nn.utils.rnn.pack_sequence([ones(n, 2) for n in lengths])


# Where masks lie, and which share of the generator they take.
MASKS: dict[str, Callable[[], Any]] = {
    "dropout": lambda: drop(ones(3, 5)),
    "module": lambda: nn.Dropout(0.4)(ones(3, 5)),
    "in place": lambda: F.dropout(ones(3, 5), 0.4, inplace=True),
    "double": lambda: drop(ones(3, 5).double()),
    "bfloat16": lambda: drop(ones(3, 5).bfloat16()),
    "transposed": lambda: drop(ones(5, 3).t()),
    "computed of transposed": lambda: drop((ones(5, 3).t() * 2).relu()),
    "contiguous again": lambda: drop((ones(5, 3).t() * 2).contiguous()),
    "expanded": lambda: drop(ones(3, 1).expand(3, 5)),
    "dropout1d": lambda: F.dropout1d(ones(3, 5, 2), 0.4),
    "dropout1d of one": lambda: F.dropout1d(ones(5, 2), 0.4),
    "dropout2d": lambda: F.dropout2d(ones(2, 5, 1, 2), 0.4),
    "dropout3d": lambda: F.dropout3d(ones(2, 5, 1, 2, 1), 0.4),
    "dropout3d of one": lambda: F.dropout3d(ones(5, 1, 2, 1), 0.4),
    "alpha_dropout": lambda: F.alpha_dropout(ones(3, 5), 0.4, True) > 0,
    "feature_alpha_dropout": lambda: (
        F.feature_alpha_dropout(ones(3, 5, 2), 0.4, True) > 0
    ),
    "feature_dropout": lambda: torch.feature_dropout(ones(3, 5, 2), 0.4, True),
    "all": lambda: F.dropout(ones(5), 1.0),
    "none": lambda: F.dropout(ones(5), 0.0),
    "in eval": lambda: F.dropout(ones(5), 0.4, training=False),
    "nothing": lambda: drop(ones(0, 3)),
    "many": lambda: drop(ones(70_000))[69_985:],
    "scaled products": lambda: F.scaled_dot_product_attention(
        ones(1, 2, 3, 4), ones(1, 2, 3, 4), torch.eye(3)[None, None], dropout_p=0.4
    ),
    "after an lstm, batch first": lambda: drop(
        nn.LSTM(2, 3, batch_first=True)(ones(2, 3, 2))[0]
    ),
    "after attention, batch first": lambda: drop(
        nn.MultiheadAttention(2, 1, batch_first=True)(*[ones(2, 3, 2)] * 3)[0]
    ),
    "bernoulli_": lambda: torch.empty(15).bernoulli_(0.6),
}
# Layers that draw, and other draws that a program needs.
VALUES: dict[str, Callable[[], Any]] = {
    "alpha_dropout": lambda: F.alpha_dropout(ones(4), 0.4, True),
    "not a number": lambda: drop(torch.tensor([float("nan")] * 4)).isnan() * 1.0,
    "lstm": lambda: nn.LSTM(2, 2, 3, dropout=0.4)(ones(2, 2, 2))[0],
    "lstm both ways": lambda: nn.LSTM(2, 2, 2, dropout=0.4, bidirectional=True)(
        ones(1, 2, 2)
    )[0],
    "gru, batch first": lambda: nn.GRU(2, 2, 2, dropout=0.4, batch_first=True)(
        ones(2, 2, 2)
    )[0],
    "packed": lambda: nn.LSTM(2, 2, 2, dropout=0.4)(packed(3, 1))[0].data,
    "attention": lambda: nn.MultiheadAttention(2, 1, 0.4)(*[ones(3, 1, 2)] * 3)[1],
    "attention without weights": lambda: nn.MultiheadAttention(
        2, 2, 0.4, add_zero_attn=True
    )(*[ones(2, 2, 2)] * 3, need_weights=False)[0],
    "encoder layer": lambda: nn.TransformerEncoderLayer(4, 2, 4, 0.4, batch_first=True)(
        torch.arange(16.0).reshape(2, 2, 4)
    ),
    "rrelu": lambda: F.rrelu(torch.tensor([-1.0, 1.0, -2.0]), 0.1, 0.3, training=True),
    "fractional": lambda: F.fractional_max_pool2d(
        torch.arange(25.0).reshape(1, 1, 5, 5), 2, 2
    ),
    "gumbel_softmax": lambda: F.gumbel_softmax(torch.zeros(2, 3)),
    "LazyLinear": lambda: nn.LazyLinear(2)(ones(1, 3)),
    "LazyConv2d": lambda: nn.LazyConv2d(2, 2)(ones(1, 1, 2, 2)),
    "svd_lowrank": lambda: torch.svd_lowrank(torch.arange(12.0).reshape(4, 3), 2)[1],
}


# What PyTorch 2.13 gives on CPUs for the seed 7: what is kept, and the next number.
KEPT = {
    "dropout": ("110000110011111", 0.8559),
    "module": ("110000110011111", 0.8559),
    "in place": ("110000110011111", 0.8559),
    "double": ("110000110011111", 0.8559),
    "bfloat16": ("110000110011111", 0.8559),
    "transposed": ("101011011100011", 0.8559),
    "computed of transposed": ("101011011100011", 0.8559),
    "contiguous again": ("110000110011111", 0.8559),
    "expanded": ("110000110011111", 0.8559),
    "dropout1d": ("111100000000111100001111111111", 0.8559),
    "dropout1d of one": ("1111000000", 0.8549),
    "dropout2d": ("11110000000011110000", 0.8829),
    "dropout3d": ("11110000000011110000", 0.8829),
    "dropout3d of one": ("1111000000", 0.8549),
    "alpha_dropout": ("110000110011111", 0.8559),
    "feature_alpha_dropout": ("111100000000111100001111111111", 0.8559),
    "feature_dropout": ("111100000000111100001111111111", 0.8559),
    "all": ("00000", 0.5349),
    "none": ("11111", 0.5349),
    "in eval": ("11111", 0.5349),
    "nothing": ("", 0.5349),
    "many": ("001001000111101", 0.7775),
    "scaled products": ("110000110011111010", 0.3887),
    "after an lstm, batch first": ("111101000101110000", 0.5999),
    "after attention, batch first": ("011101110100", 0.2332),
    "bernoulli_": ("110000110011111", 0.8559),
}
FOUND: dict[str, tuple[list[float], float]] = {
    "alpha_dropout": ([1.4704, 1.4704, -0.9106, -0.9106], 0.3653),
    "not a number": ([1.0, 1.0, 1.0, 1.0], 0.3653),
    "lstm": (
        [-0.1956, 0.1744, -0.1956, 0.1744, -0.2932, 0.2058, -0.2931, 0.2059],
        0.1460,
    ),
    "lstm both ways": (
        [-0.0061, 0.0287, -0.0815, 0.1955, -0.0119, 0.0231, -0.1086, 0.2308],
        0.3641,
    ),
    "gru, batch first": (
        [0.0482, -0.0912, 0.1246, -0.1481, -0.0866, -0.0559, 0.0813, -0.1485],
        0.5278,
    ),
    "packed": (
        [-0.0062, -0.0374, -0.0062, -0.0323, -0.0101, -0.0516, 0.0097, -0.0772],
        0.6192,
    ),
    "attention": (
        [0.0, 0.5556, 0.5556, 0.5556, 0.5556, 0.5556, 0.0, 0.5556, 0.0],
        0.3887,
    ),
    "attention without weights": (
        [0.0663, -0.0785, 0.0749, -0.039, 0.0576, -0.118, 0.1499, -0.0781],
        0.2147,
    ),
    "encoder layer": (
        [
            -1.3872,
            -0.5136,
            1.003,
            0.8977,
            -1.0676,
            -0.8422,
            0.5504,
            1.3594,
            -1.0568,
            0.1975,
            -0.6827,
            1.542,
            -0.8447,
            -0.0171,
            -0.7764,
            1.6381,
        ],
        0.7446,
    ),
    "rrelu": ([-0.1559, 1.0, -0.3095], 0.2328),
    "fractional": ([6.0, 9.0, 21.0, 24.0], 0.6592),
    "gumbel_softmax": ([0.4566, 0.4679, 0.0755, 0.4994, 0.2087, 0.2918], 0.2868),
    "LazyLinear": ([-0.4619, -0.0641], 0.3653),
    "LazyConv2d": ([-0.0849, -0.1541], 0.8549),
    "svd_lowrank": ([22.4467, 1.4641], 0.2868),
}
PYTORCHS_ORDER = [3.0, 0.0, 1.0, 4.0, 2.0, 5.0]


@pytest.mark.parametrize("name", MASKS)
def test_a_mask_and_what_follows_are_pytorchs(name: str) -> None:
    torch.manual_seed(7)
    result = "".join("01"[x != 0] for x in MASKS[name]().detach().flatten().tolist())
    assert (result, round(torch.rand(1).item(), 4)) == KEPT[name]


@pytest.mark.parametrize("name", VALUES)
def test_what_layers_draw_is_pytorchs(name: str) -> None:
    torch.manual_seed(7)
    result, after = VALUES[name]().detach().flatten().tolist(), torch.rand(1).item()
    assert result == pytest.approx(FOUND[name][0], abs=2e-4)
    assert after == pytest.approx(FOUND[name][1], abs=1e-4)


def test_the_order_of_a_shuffle_follows_the_masks() -> None:
    def order(source: str) -> list[float]:
        torch.manual_seed(7)
        with random.set_mask_source(source):
            drop(ones(4))
        data = torch.utils.data.TensorDataset(torch.arange(6.0))
        return [x.item() for (x,) in torch.utils.data.DataLoader(data, shuffle=True)]

    assert order("pytorch") == PYTORCHS_ORDER
    assert order("fast") != PYTORCHS_ORDER


def test_a_step_that_draws_compiles_once_and_draws_anew() -> None:
    model = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), 0.0)
    x, losses = ones(4, 3), []
    for _ in range(6):
        optimizer.zero_grad()
        loss = model(x).square().sum()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if len(losses) == 2:
            before = executor.counts.compiles
    assert executor.counts.compiles == before
    assert len(set(losses)) == 6


def test_the_gradient_goes_through_the_same_mask() -> None:
    x = ones(40).requires_grad_()
    y = drop(x)
    y.sum().backward()
    assert x.grad.tolist() == y.tolist()


def test_a_mask_does_not_change_when_a_number_is_looked_at() -> None:
    def dropped(look: bool) -> list[float]:
        torch.manual_seed(7)
        x = ones(5, 3).t() * 2
        if look:
            str(x)
        return drop(x).tolist()

    assert dropped(True) == dropped(False)


def test_a_state_is_restored_with_its_masks() -> None:
    state = torch.get_rng_state()
    first = drop(ones(30)).tolist()
    with random.fork_rng():
        drop(ones(30))
    second = drop(ones(30)).tolist()
    torch.set_rng_state(state)
    assert [drop(ones(30)).tolist() for _ in range(2)] == [first, second]


def test_fast_masks_leave_the_generator_alone() -> None:
    torch.manual_seed(7)
    after = torch.rand(1).item()
    for name in ("dropout", "dropout2d", "scaled products"):
        torch.manual_seed(7)
        with random.set_mask_source("fast"):
            first, second = (MASKS[name]().tolist() for _ in range(2))
        assert first != second
        assert torch.rand(1).item() == after
        torch.manual_seed(7)
        with random.set_mask_source("fast"):
            assert MASKS[name]().tolist() == first


def test_the_source_is_set_for_a_block_or_from_now_on() -> None:
    with random.set_mask_source("fast"):
        assert random.get_mask_source() == "fast"
        random.set_mask_source("pytorch")
        assert random.get_mask_source() == "pytorch"
    assert random.get_mask_source() == "pytorch"
    with pytest.raises(ValueError, match="'pytorch', 'fast', not 'quick'"):
        random.set_mask_source("quick")


def test_the_environment_says_how_to_begin() -> None:
    code = "import funcnet.compat as torch; print(torch.random.get_mask_source())"
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"FUNCNET_MASKS": "fast"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "fast\n"


def test_pure_functions_draw_with_their_key() -> None:
    apply, params, state = torch.pure(nn.Dropout(0.5))
    run = jax.jit(lambda key: apply(params, state, x, key=key, train=True)[0])
    x = jax.numpy.ones(40)
    torch.manual_seed(7)
    first, second = (run(jax.random.key(seed)).tolist() for seed in (0, 1))
    assert first != second
    assert torch.rand(1).item() == pytest.approx(0.5349, abs=1e-4)
