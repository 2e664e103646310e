"""Reductions and losses of rows with ties, zeros, infinities and NaN."""

from typing import Any

import numpy as np

from tests.parity.cases.edge_elements import named
from tests.parity.cases.edge_points import INF, NAN, Edge, Left

ROWS = (
    [0, 0, 0, 0],
    [1, 2, 3, 4],
    [1, 1, 1, 1],
    [0, 1, 2, 3],
    [0, 0, 2, 3],
    [-1, 0, -2, -0.0],
    [2, 2, 1, 2],
    [3, 1, 3, 1],
    [1000, -1000, 0, 1],
    [-1, -1, 2, 2],
    [0, -0.0, 0, -0.0],
    [100, 100, -100, -100],
    [INF, 1, 2, 3],
    [-INF, 1, 2, 3],
    [INF, -INF, 1, 2],
    [INF, INF, 0, 1],
    [-INF, -INF, -INF, -INF],
    [NAN, 1, 2, 3],
    [1, NAN, 0, NAN],
    [NAN, NAN, NAN, NAN],
)
FINITE = 12  # the first rows that are finite
LABELS = np.arange(len(ROWS)) % 4


def rows(kind: str) -> list[np.ndarray]:
    return [np.array(ROWS, kind)]


def some(kind: str) -> list[np.ndarray]:
    return [np.array(ROWS[:FINITE], kind)]


def f(name: str, *settings: Any, **named_settings: Any) -> Any:
    return named(f"nn.functional.{name}", *settings, **named_settings)


def _labelled(name: str, **settings: Any) -> Any:
    def run(lib: Any, x: Any) -> Any:
        loss = getattr(lib.nn.functional, name)
        return loss(x, lib.tensor(LABELS[: len(x)]), reduction="none", **settings)

    return run


def _weighted(lib: Any, x: Any) -> Any:
    weight = lib.tensor([1.0, 0.0, 2.0, 3.0], dtype=x.dtype)
    labels = lib.tensor(LABELS)
    return lib.nn.functional.cross_entropy(x, labels, weight, reduction="none")


def _ignored(lib: Any, x: Any) -> Any:
    labels = lib.tensor(np.full(len(ROWS), -100))
    return lib.nn.functional.cross_entropy(x, labels)


def _soft(lib: Any, x: Any) -> Any:
    target = lib.tensor(np.eye(4)[LABELS], dtype=x.dtype)
    return lib.nn.functional.cross_entropy(x, target, reduction="none")


def _others(lib: Any, x: Any) -> Any:
    """The same numbers in another order, which have no gradient."""
    return lib.tensor(np.array(ROWS[: len(x)])[::-1].copy(), dtype=x.dtype)


def _same(lib: Any, x: Any) -> Any:
    return lib.tensor(np.array(ROWS[: len(x)]), dtype=x.dtype)


_DEGREES = (1, 2, 3, 0.5, INF)
NATIVE_ROWS = [
    *[
        Edge(name, f(name, dim=-1), rows)
        for name in ("softmax", "log_softmax", "softmin")
    ],
    *[Edge(f"normalize of {p}", f("normalize", p, -1), rows) for p in (*_DEGREES, -1)],
    *[
        Edge(
            f"pairwise_distance of {p}",
            lambda lib, x, p=p: lib.nn.functional.pairwise_distance(
                x, _same(lib, x), float(p), eps=0.0
            ),
            some,
        )
        for p in _DEGREES
    ],
    *[Edge(f"pdist of {p}", f("pdist", float(p)), some) for p in (*_DEGREES, 0)],
    Edge(
        "cosine_similarity",
        lambda lib, x: lib.nn.functional.cosine_similarity(x, _others(lib, x)),
        some,
    ),
    Edge(
        "triplet_margin_loss",
        lambda lib, x: lib.nn.functional.triplet_margin_loss(
            x, _others(lib, x), _same(lib, x), swap=True, reduction="none"
        ),
        rows,
        1,
    ),
    Edge("cross_entropy", _labelled("cross_entropy"), rows),
    Edge(
        "cross_entropy, smoothed", _labelled("cross_entropy", label_smoothing=0.1), rows
    ),
    Edge("cross_entropy, weighted", _weighted, rows),
    Edge("cross_entropy, ignored", _ignored, rows),
    Edge("cross_entropy, soft", _soft, rows),
    Edge("nll_loss", _labelled("nll_loss"), rows),
    Edge("multi_margin_loss", _labelled("multi_margin_loss"), rows),
    Edge("multi_margin_loss of 2", _labelled("multi_margin_loss", p=2), rows),
    Edge("layer_norm", f("layer_norm", (4,)), rows),
    Edge("rms_norm", f("rms_norm", (4,)), rows),
    Edge("group_norm", f("group_norm", 2), rows),
    Edge(
        "max_pool1d", lambda lib, x: lib.nn.functional.max_pool1d(x[:, None], 2), rows
    ),
    Edge(
        "max_pool1d, overlapping",
        lambda lib, x: lib.nn.functional.max_pool1d(x[:, None], 3, 1),
        rows,
    ),
    Edge(
        "avg_pool1d", lambda lib, x: lib.nn.functional.avg_pool1d(x[:, None], 2), rows
    ),
    Edge(
        "lp_pool1d", lambda lib, x: lib.nn.functional.lp_pool1d(x[:, None], 3, 2), some
    ),
    Edge(
        "attention, masked",
        lambda lib, x: lib.nn.functional.scaled_dot_product_attention(
            *[x[None, :8]] * 3, attn_mask=lib.tensor(np.arange(8)[:, None] > [0] * 8)
        ),
        some,
    ),
]

_REDUCED = (
    "sum",
    "mean",
    "prod",
    "nansum",
    "nanmean",
    "logsumexp",
    "amax",
    "amin",
    "std",
    "var",
)
_RANKED = (
    "max",
    "min",
    "median",
    "nanmedian",
    "mode",
    "cummax",
    "cummin",
    "sort",
    "aminmax",
)
_RUNNING = ("cumsum", "cumprod", "logcumsumexp", "argmax", "argmin")
_DEVIATIONS = ("std", "var")
_QUANTILES = ("linear", "lower", "higher", "nearest", "midpoint")
_SCATTERED = ("sum", "prod", "mean", "amax", "amin")


def _ranked(name: str) -> Any:
    return lambda lib, x: tuple(getattr(lib, name)(x, dim=-1))


def _scattered(how: str) -> Any:
    def run(lib: Any, x: Any) -> Any:
        places = lib.tensor([[0, 1, 0, 1]] * len(ROWS))
        start = lib.ones(len(ROWS), 2, dtype=x.dtype)
        return start.scatter_reduce(1, places, x, how)

    return run


COMPAT_ROWS = [
    *NATIVE_ROWS,
    *[Edge(name, named(name, -1), rows) for name in (*_REDUCED, *_RUNNING)],
    *[Edge(name, _ranked(name), rows) for name in _RANKED],
    *[
        Edge(
            f"{name} of one", lambda lib, x, n=name: getattr(lib, n)(x[:, :1], -1), rows
        )
        for name in _DEVIATIONS
    ],
    *[
        Edge(f"{name}, biased", named(name, -1, correction=0), rows)
        for name in _DEVIATIONS
    ],
    *[
        Edge(f"norm of {p}", named("linalg.vector_norm", p, -1), rows)
        for p in (*_DEGREES, 0, -INF, -1)
    ],
    *[Edge(f"renorm of {p}", named("renorm", p, 0, 1.0), some) for p in _DEGREES],
    *[
        Edge(
            f"cdist of {p}",
            lambda lib, x, p=p: lib.cdist(x, _same(lib, x), float(p)),
            some,
        )
        for p in (*_DEGREES, 0)
    ],
    *[
        Edge(f"quantile, {how}", named("quantile", 0.4, -1, interpolation=how), rows)
        for how in _QUANTILES
    ],
    Edge("nanquantile", named("nanquantile", 0.4, -1), rows),
    *[Edge(f"scatter_reduce, {how}", _scattered(how), rows, 1) for how in _SCATTERED],
    Edge("max of all", lambda lib, x: x[6:8].max(), some),
    Edge("median of all", lambda lib, x: x[6:8].median(), some),
    Edge("prod of all, one zero", lambda lib, x: x[3:4].prod(), some),
    Edge("prod of all, two zeros", lambda lib, x: x[4:5].prod(), some),
    Edge("norm of zeros", lambda lib, x: x[:1].norm(), some),
    Edge("dist of equals", lambda lib, x: lib.dist(x, x.detach()), some),
    Edge("x / sum", lambda lib, x: x / x.sum(-1, keepdim=True), rows),
    Edge(
        "softmax, masked",
        lambda lib, x: x.masked_fill(x > 0, -INF).softmax(-1)[:, 2],
        rows,
    ),
    Edge(
        "max of ties, sorted",
        lambda lib, x: lib.sort(x, descending=True, stable=True)[0][:, :2],
        rows,
    ),
]


def _has(test: Any) -> Any:
    return lambda x: np.broadcast_to(test(x).any(1, keepdims=True), x.shape)


def _row(test: Any) -> Any:
    return lambda x: test(x).any(1)


_OF_NAN = "the value is NaN; PyTorch's gradient is NaN, ours 0 or finite"
_WELFORD = "PyTorch's running mean of an infinite element is NaN"
_ARBITRARY = "PyTorch's order of NaNs is that in which its sort leaves them"
_NO_LIMIT = "PyTorch divides infinities"

LEFT: dict[str, tuple[Left, ...]] = {
    **{
        name: (Left("1", _OF_NAN, _has(np.isnan)),)
        for name in (
            *(
                "amax",
                "amin",
                "aminmax",
                "scatter_reduce, amax",
                "scatter_reduce, amin",
            ),
            *(f"norm of {p}" for p in (3, -1)),
        )
    },
    **{name: (Left("1", _WELFORD, _has(np.isinf)),) for name in ("var", "var, biased")},
    "norm of 0.5": (Left("1", _NO_LIMIT, _has(lambda x: ~np.isfinite(x))),),
    "scatter_reduce, prod": (Left("1", _NO_LIMIT, _has(np.isinf)),),
    **{
        f"normalize of {p}": (Left("1", _NO_LIMIT, _has(np.isinf)),)
        for p in (*_DEGREES, -1)
    },
    "cumprod": (
        Left("1", "PyTorch multiplies infinity by 0", _has(np.isinf)),
        Left("2", "PyTorch multiplies infinity by 0", _has(np.isinf)),
    ),
    "prod": (Left("2", "ours multiplies infinity by 0", _has(np.isinf)),),
    "logcumsumexp": (
        Left("1", _NO_LIMIT, np.isinf),
        Left("2", _NO_LIMIT, _has(np.isinf)),
    ),
    "nanmedian": (Left("value 1", _ARBITRARY, _row(np.isnan)),),
    "mode": (
        Left("value", _ARBITRARY, _row(np.isnan)),
        Left("1", _ARBITRARY, _has(np.isnan)),
    ),
}
