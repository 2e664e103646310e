"""What layers draw: values, gradients and what is drawn after them, by the same seed.

A program is run on PyTorch and on compat, each seeded alike; it gives tensors, and
behind them three numbers are drawn, which tell where the generator stands.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.report import Tally, Trial

Program = Callable[[Any], Any]

KINDS = ("float32", "float64", "float16", "bfloat16")
RATES = (0.0, 0.1, 0.5, 0.9, 1.0)
SHAPES = (
    (),
    (7,),
    (3, 5),
    (2, 3, 4),
    (2, 3, 4, 5),
    (2, 3, 4, 5, 2),
    (0, 3),
    (600, 700),
)
DROPOUTS = (
    *("dropout", "dropout1d", "dropout2d", "dropout3d"),
    *("alpha_dropout", "feature_alpha_dropout"),
)


def numbers(lib: Any, *shape: int, kind: str = "float32") -> Any:
    x = np.cos(np.arange(np.prod(shape, dtype=int)) * 0.7 + 0.3).reshape(shape)
    return lib.tensor(x.astype("float32")).to(getattr(lib, kind))


# Tensors whose elements PyTorch keeps in memory in another order than that of indices.
PLACED: dict[str, Program] = {
    "transposed": lambda t: numbers(t, 4, 5).t(),
    "permuted": lambda t: numbers(t, 2, 3, 4, 5).permute(2, 0, 3, 1),
    "sliced": lambda t: numbers(t, 4, 6)[:, ::2],
    "sliced and permuted": lambda t: numbers(t, 4, 6, 3)[:, ::2].permute(2, 0, 1),
    "expanded": lambda t: numbers(t, 4, 1, 3).expand(4, 5, 3),
    "expanded and permuted": lambda t: (
        numbers(t, 4, 1, 3).expand(4, 5, 3).permute(2, 0, 1)
    ),
    "turned": lambda t: numbers(t, 4, 5).flip(0),
    "of one row": lambda t: numbers(t, 1, 5).t(),
    "computed, then transposed": lambda t: (numbers(t, 4, 5) * 2).t(),
    "transposed, then computed": lambda t: numbers(t, 4, 5).t() * 2,
    "a chain": lambda t: ((numbers(t, 2, 3, 4).transpose(0, 1) + 1).tanh() * 2).relu(),
    "a module": lambda t: t.nn.GELU()(numbers(t, 2, 3, 4).transpose(1, 2)),
    "a row of modules": lambda t: t.nn.Sequential(t.nn.ReLU(), t.nn.Tanh())(
        numbers(t, 2, 3, 4).transpose(1, 2)
    ),
    "a sum": lambda t: numbers(t, 3, 2, 4) + numbers(t, 2, 3, 4).transpose(0, 1),
    "another sum": lambda t: numbers(t, 2, 3, 4).transpose(0, 1) + numbers(t, 3, 2, 4),
    "with a row": lambda t: numbers(t, 2, 3, 4).transpose(0, 1) + numbers(t, 4),
    "with a column": lambda t: (
        numbers(t, 3, 1, 4) + numbers(t, 2, 3, 4).transpose(0, 1)
    ),
    "made contiguous": lambda t: numbers(t, 4, 5).t().contiguous(),
    "cloned": lambda t: numbers(t, 4, 5).t().clone(),
    "cast": lambda t: numbers(t, 4, 5).t().double(),
    "detached": lambda t: (numbers(t, 4, 5).t() * 2).detach(),
    "softmax": lambda t: numbers(t, 4, 5).t().softmax(-1),
    "layer norm": lambda t: t.nn.functional.layer_norm(
        numbers(t, 2, 3, 4).transpose(0, 1), (4,)
    ),
    "linear": lambda t: t.nn.functional.linear(
        numbers(t, 2, 3, 4).transpose(0, 1), numbers(t, 5, 4), numbers(t, 5)
    ),
    "linear without bias": lambda t: t.nn.functional.linear(
        numbers(t, 2, 3, 4).transpose(0, 1), numbers(t, 5, 4)
    ),
    "convolution": lambda t: t.nn.functional.conv1d(
        numbers(t, 2, 5, 3).transpose(1, 2), numbers(t, 4, 3, 2)
    ),
    "convolution of images": lambda t: t.nn.functional.conv2d(
        numbers(t, 2, 5, 4, 3).permute(0, 3, 1, 2), numbers(t, 4, 3, 2, 2)
    ),
    "pooled": lambda t: t.nn.functional.max_pool1d(
        numbers(t, 2, 6, 3).transpose(1, 2), 2
    ),
    "batch norm": lambda t: t.nn.functional.batch_norm(
        numbers(t, 2, 6, 3).transpose(1, 2), None, None, training=True
    ),
    "product": lambda t: numbers(t, 4, 5).t() @ numbers(t, 4, 6),
    "batched product": lambda t: numbers(t, 2, 4, 5).mT @ numbers(t, 2, 4, 6),
    "einsum": lambda t: t.einsum("ij,kj->ki", numbers(t, 3, 4), numbers(t, 5, 4)),
    "einsum of attention": lambda t: t.einsum(
        "bhqk,bkhd->bqhd", numbers(t, 2, 3, 4, 5), numbers(t, 2, 5, 3, 6)
    ),
    "sum over time": lambda t: numbers(t, 2, 6, 3, 4).permute(2, 0, 1, 3).sum(2),
    "joined": lambda t: t.cat([numbers(t, 4, 5).t(), numbers(t, 4, 5).t()]),
    "looked up": lambda t: t.nn.functional.embedding(
        t.tensor([[1, 2, 0], [3, 1, 1]]), numbers(t, 4, 5)
    ).transpose(0, 1),
    "looked up, with places": lambda t: (
        t.nn.functional.embedding(
            t.tensor([[1, 2, 0], [3, 1, 1]]), numbers(t, 4, 5)
        ).transpose(0, 1)
        + numbers(t, 3, 1, 5)
    ),
    "masked": lambda t: numbers(t, 4, 5).t().masked_fill(numbers(t, 5, 4) > 0, 0.0),
    "chosen": lambda t: t.where(numbers(t, 5, 4) > 0, numbers(t, 4, 5).t(), 1.0),
    "written in place": lambda t: numbers(t, 4, 5).t().mul_(2),
    "dropped before": lambda t: t.nn.functional.dropout(numbers(t, 4, 5).t(), 0.2),
    "halves": lambda t: (numbers(t, 3, 4, 2).transpose(0, 1) * 2).chunk(2, 1)[1],
    "lstm, batch first": lambda t: t.nn.LSTM(3, 4, batch_first=True)(
        numbers(t, 2, 5, 3)
    )[0],
    "gru, batch first": lambda t: t.nn.GRU(3, 4, batch_first=True, bidirectional=True)(
        numbers(t, 2, 5, 3)
    )[0],
    "lstm": lambda t: t.nn.LSTM(3, 4)(numbers(t, 2, 5, 3))[0],
    "lstm, batch first, computed": lambda t: t.nn.LSTM(3, 4, batch_first=True)(
        numbers(t, 2, 5, 3)
    )[0].relu(),
    "attention, batch first": lambda t: t.nn.MultiheadAttention(4, 2, batch_first=True)(
        *[numbers(t, 2, 5, 4)] * 3
    )[0],
    "attention": lambda t: t.nn.MultiheadAttention(4, 2)(*[numbers(t, 2, 5, 4)] * 3)[0],
    "scaled products": lambda t: t.nn.functional.scaled_dot_product_attention(
        *[numbers(t, 2, 3, 5, 4)] * 3
    ),
    "scaled products of heads": lambda t: t.nn.functional.scaled_dot_product_attention(
        *[numbers(t, 2, 5, 3, 4).transpose(1, 2)] * 3
    ),
    "looked at before": lambda t: _looked_at(numbers(t, 4, 5).t() * 2),
    "a parameter": lambda t: t.nn.Parameter(numbers(t, 4, 5).t()),
}


def _looked_at(x: Any) -> Any:
    str(x)
    return x


def _rnn(
    kind: str, *args: Any, shape: tuple[int, ...] = (6, 3, 4), **kwargs: Any
) -> Program:
    def run(t: Any) -> Any:
        model = getattr(t.nn, kind)(*args, **kwargs)
        x = numbers(t, *shape).requires_grad_()
        y, _ = model(x)
        y.square().sum().backward()
        return [y, x.grad, *[p.grad for p in model.parameters()]]

    return run


def _packed(t: Any, **kwargs: Any) -> Any:
    rnn = t.nn.utils.rnn
    x = [numbers(t, n, 4) for n in (3, 5, 2)]
    y, last = t.nn.LSTM(4, 6, 3, dropout=0.4, **kwargs)(
        rnn.pack_sequence(x, enforce_sorted=False)
    )
    return [y.data, *last]


def _attention(
    dim: int, p: float, shape: Any, call: Any = None, **kwargs: Any
) -> Program:
    def run(t: Any) -> Any:
        model = t.nn.MultiheadAttention(dim, 2, p, **kwargs)
        x, y = numbers(t, *shape), numbers(t, *shape).cos()
        result = model(x, y, y, **(call or {}))
        return [part for part in result if part is not None]

    return run


def _module(make: Program, *shape: int, steps: int = 1) -> Program:
    def run(t: Any) -> Any:
        model = make(t.nn)
        x = numbers(t, *shape).requires_grad_()
        y = x
        for _ in range(steps):
            y = model(y)
        y.square().sum().backward()
        return [y, x.grad]

    return run


def _scaled(t: Any, mask: Any = None, **kwargs: Any) -> Any:
    q, k = numbers(t, 2, 4, 5, 3).requires_grad_(), numbers(t, 2, 4, 6, 3)
    y = t.nn.functional.scaled_dot_product_attention(q, k, k.sin(), mask, 0.3, **kwargs)
    y.square().sum().backward()
    return [y, q.grad]


def _checkpointed(t: Any) -> Any:
    model = t.nn.Sequential(t.nn.Linear(4, 8), t.nn.Dropout(0.4), t.nn.Linear(8, 2))
    x = numbers(t, 3, 4).requires_grad_()
    y = t.utils.checkpoint.checkpoint(model, x, use_reentrant=False)
    y.square().sum().backward()
    return [y, x.grad, *[p.grad for p in model.parameters()]]


def _forked(t: Any) -> Any:
    x = t.ones(9)
    with t.random.fork_rng():
        inside = t.nn.functional.dropout(x)
    state = t.get_rng_state()
    after = t.nn.functional.dropout(x)
    t.set_rng_state(state)
    return [inside, after, t.nn.functional.dropout(x)]


def _own_generator(t: Any) -> Any:
    g = t.Generator().manual_seed(5)
    x = t.empty(6).bernoulli_(0.3, generator=g)
    y = t.bernoulli(t.full((4,), 0.6), generator=g)
    return [x, y, t.rand(2, generator=g), t.nn.functional.dropout(t.ones(3))]


def _lazy(make: Program, *shape: int) -> Program:
    def run(t: Any) -> Any:
        result = make(t.nn)
        before = t.rand(2)
        y = result(numbers(t, *shape))
        return [before, y, *result.state_dict().values()]

    return run


def _shuffled(t: Any) -> Any:
    data = t.utils.data.TensorDataset(numbers(t, 12, 3))
    loader = t.utils.data.DataLoader(data, batch_size=4, shuffle=True)
    drop = t.nn.Dropout(0.5)
    return [drop(x) for _ in range(3) for (x,) in loader]


def _recomputed(t: Any) -> Any:
    """Double backward goes through the same mask."""
    x = numbers(t, 6).requires_grad_()
    y = (t.nn.functional.dropout(x, 0.3) ** 3).sum()
    (slope,) = t.autograd.grad(y, x, create_graph=True)
    (curve,) = t.autograd.grad(slope.sum(), x)
    return [slope, curve]


PROGRAMS: dict[str, Program] = {
    "LSTM": _rnn("LSTM", 4, 5, 3, dropout=0.3),
    "LSTM of one layer": lambda t: _quietly(lambda: _rnn("LSTM", 4, 5, dropout=0.3)(t)),
    "LSTM, batch first": _rnn("LSTM", 4, 5, 2, dropout=0.3, batch_first=True),
    "LSTM both ways": _rnn("LSTM", 4, 5, 2, dropout=0.3, bidirectional=True),
    "LSTM of projections": _rnn("LSTM", 4, 5, 2, dropout=0.3, proj_size=3),
    "LSTM of one sequence": _rnn("LSTM", 4, 5, 2, dropout=0.3, shape=(6, 4)),
    "LSTM that drops all": _rnn("LSTM", 4, 5, 2, dropout=1.0),
    "GRU": _rnn("GRU", 4, 5, 3, dropout=0.3),
    "RNN": _rnn("RNN", 4, 5, 3, dropout=0.3, batch_first=True, bidirectional=True),
    "packed": _packed,
    "packed, both ways": partial(_packed, bidirectional=True),
    "attention": _attention(4, 0.3, (5, 2, 4)),
    "attention, batch first": _attention(4, 0.3, (5, 2, 4), batch_first=True),
    "attention of one": _attention(4, 0.3, (5, 4)),
    "attention without weights": _attention(4, 0.3, (5, 2, 4), {"need_weights": False}),
    "attention that drops all": _attention(4, 1.0, (5, 2, 4)),
    "attention to more": _attention(
        4, 0.3, (5, 2, 4), add_bias_kv=True, add_zero_attn=True
    ),
    "scaled products": _scaled,
    "scaled products, causal": partial(_scaled, is_causal=True),
    "dropout modules": _module(
        lambda nn: nn.Sequential(
            nn.Dropout(0.2), nn.Dropout1d(0.3), nn.AlphaDropout(0.1),
            nn.FeatureAlphaDropout(0.4), nn.Dropout(0.3, inplace=True),
        ),
        *(3, 4, 5),
    ),
    "images": _module(
        lambda nn: nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Dropout2d(0.3), nn.Dropout(0.2),
            nn.Flatten(), nn.Dropout(0.5),
        ),
        *(2, 3, 6, 6),
    ),
    "RReLU": _module(lambda nn: nn.RReLU(), 4, 5, steps=2),
    "RReLU in place": lambda t: t.nn.RReLU(inplace=True)(numbers(t, 4, 5)),
    "rrelu_": lambda t: t.rrelu_(numbers(t, 4, 5).t(), 0.1, 0.2, True),
    "rrelu": lambda t: t.rrelu(numbers(t, 4, 5, kind="float64").t(), 0.1, 0.2, True),
    "fractional": lambda t: t.nn.functional.fractional_max_pool2d(
        numbers(t, 2, 3, 8, 8), 2, 4
    ),
    "fractional, one": lambda t: t.nn.FractionalMaxPool2d(2, output_ratio=0.6)(
        numbers(t, 3, 8, 8)
    ),
    "fractional volumes": lambda t: t.nn.functional.fractional_max_pool3d(
        numbers(t, 2, 3, 6, 6, 6, kind="float64"), 2, 3, return_indices=True
    )[0],
    "gumbel": lambda t: t.nn.functional.gumbel_softmax(numbers(t, 4, 5), 0.7),
    "gumbel, hard": lambda t: t.nn.functional.gumbel_softmax(
        numbers(t, 4, 5, 2), hard=True, dim=1
    ),
    "gumbel, double": lambda t: t.nn.functional.gumbel_softmax(
        numbers(t, 4, 5, kind="float64").t()
    ),
    "encoder layer": _module(
        lambda nn: nn.TransformerEncoderLayer(8, 2, 16, 0.2, batch_first=True),
        *(2, 5, 8),
    ),
    "encoder layer, time first": _module(
        lambda nn: nn.TransformerEncoderLayer(8, 2, 16, 0.2, norm_first=True), 2, 5, 8
    ),
    "encoder": _module(
        lambda nn: nn.TransformerEncoder(
            nn.TransformerEncoderLayer(8, 2, 16, 0.3, batch_first=True), 2
        ),
        *(2, 5, 8),
    ),
    "transformer": lambda t: t.nn.Transformer(8, 2, 1, 2, 16, 0.3)(
        numbers(t, 4, 2, 8), numbers(t, 5, 2, 8)
    ),
    "transformer, batch first": lambda t: t.nn.Transformer(
        8, 2, 1, 2, 16, 0.3, batch_first=True
    )(numbers(t, 2, 4, 8), numbers(t, 2, 5, 8)),
    "checkpoint": _checkpointed,
    "forked": _forked,
    "own generator": _own_generator,
    "shuffled": _shuffled,
    "twice differentiated": _recomputed,
    "in place": lambda t: t.nn.functional.dropout(numbers(t, 4, 5), 0.4, inplace=True),
    "dropout_": lambda t: t.dropout_(numbers(t, 4, 5), 0.4, True),
    "feature_dropout": lambda t: t.feature_dropout(numbers(t, 4, 5, 2), 0.4, True),
    "feature_dropout_": lambda t: t.feature_dropout_(numbers(t, 4, 5), 0.4, True),
    "alpha_dropout_": lambda t: t.alpha_dropout_(numbers(t, 4, 5), 0.4, True),
    "not numbers": lambda t: t.nn.functional.dropout(
        t.tensor([float("nan"), float("inf"), -float("inf"), 1.0] * 8), 0.5
    ),
    "not numbers, all": lambda t: t.nn.functional.dropout(
        t.tensor([float("nan"), float("inf"), 1.0]), 1.0
    ),
    "svd_lowrank": lambda t: t.svd_lowrank(numbers(t, 9, 7) + t.eye(9, 7), 3)[1],
    "pca_lowrank": lambda t: t.pca_lowrank(numbers(t, 9, 7) + t.eye(9, 7), 3)[1],
    "LazyLinear": _lazy(lambda nn: nn.LazyLinear(3), 2, 4),
    "LazyConv1d": _lazy(lambda nn: nn.LazyConv1d(3, 2), 2, 4, 5),
    "LazyConv2d": _lazy(lambda nn: nn.LazyConv2d(4, 2, groups=2), 2, 4, 5, 5),
    "LazyConv3d": _lazy(lambda nn: nn.LazyConv3d(3, 2, bias=False), 1, 2, 3, 3, 3),
    "LazyConvTranspose1d": _lazy(lambda nn: nn.LazyConvTranspose1d(3, 2), 2, 4, 5),
    "LazyConvTranspose2d": _lazy(lambda nn: nn.LazyConvTranspose2d(3, 2), 1, 4, 3, 3),
    "LazyConvTranspose3d": _lazy(
        lambda nn: nn.LazyConvTranspose3d(3, 2), *(1, 2, 3, 3, 3)
    ),
    "LazyBatchNorm1d": _lazy(lambda nn: nn.LazyBatchNorm1d(), 4, 3),
    "LazyBatchNorm2d": _lazy(lambda nn: nn.LazyBatchNorm2d(), 2, 3, 4, 4),
    "LazyInstanceNorm2d": _lazy(lambda nn: nn.LazyInstanceNorm2d(), 2, 3, 4, 4),
    "lazy in a row": _lazy(
        lambda nn: nn.Sequential(
            nn.LazyConv2d(3, 2), nn.Dropout(0.4), nn.Flatten(), nn.LazyLinear(2)
        ),
        *(2, 2, 4, 4),
    ),
}  # fmt: skip


def _quietly(run: Callable[[], Any]) -> Any:
    with quiet():
        return run()


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for name in DROPOUTS:
        for shape in SHAPES:
            yield Trial(f"{name} {shape}", "rates", partial(_rates, name, shape))
        for kind in KINDS:
            yield Trial(f"{name} {kind}", "numbers", partial(_dtypes, name, kind))
    for name, make in PLACED.items():
        program = partial(_dropped, make)
        yield Trial(f"in memory: {name}", "dropped", partial(_compare, program))
    for name, program in PROGRAMS.items():
        yield Trial(name, "program", partial(_compare, program))


def _rates(name: str, shape: tuple[int, ...]) -> None:
    for p in RATES:
        _compare(
            lambda t, p=p: getattr(t.nn.functional, name)(
                numbers(t, *shape), p, training=True
            ),
        )


def _dtypes(name: str, kind: str) -> None:
    _compare(
        lambda t: getattr(t.nn.functional, name)(
            numbers(t, 3, 4, 5, kind=kind), 0.3, training=True
        ),
    )


def _dropped(make: Program, t: Any) -> Any:
    x = make(t)
    return [t.nn.functional.dropout(x, 0.4), t.rand_like(x), t.randn_like(x)]


def _compare(program: Program) -> None:
    wanted, result = _run(program, torch), _run(program, compat)
    if isinstance(wanted, str) or isinstance(result, str):
        assert result == wanted, f"{result}, PyTorch {wanted}"
        return
    assert len(result) == len(wanted), f"{len(result)} tensors, PyTorch {len(wanted)}"
    for place, (mine, theirs) in enumerate(zip(result, wanted, strict=True)):
        assert mine.shape == theirs.shape, f"{place}: {mine.shape}, {theirs.shape}"
        rough = str(theirs.dtype).removeprefix("torch.") in ("float16", "bfloat16")
        np.testing.assert_allclose(
            mine.detach().double().numpy(),
            theirs.detach().double().numpy(),
            *((1e-2, 1e-2) if rough else (1e-4, 1e-5)),
            err_msg=f"tensor {place} of {len(wanted)}, the last is drawn afterwards",
        )


def _run(program: Program, lib: Any) -> Any:
    with quiet():
        lib.manual_seed(11)
        try:
            result = program(lib)
        except (RuntimeError, NotImplementedError, ValueError) as error:
            return type(error).__name__
        result = list(result) if isinstance(result, list | tuple) else [result]
        return [*result, lib.rand(3)]
