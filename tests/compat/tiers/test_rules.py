"""Every rule of the interpreter gives what XLA's program gives."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from funcnet.compat._interpreter import make_plan
from funcnet.functional._conv.correlate import Steps, correlate
from tests.compat.tiers.interpreted import check, reals

REALS = np.array([-2.5, -1.0, -0.5, -0.0, 0.0, 0.5, 1.5, 2.5, np.inf, -np.inf, np.nan])
INTS = np.array([-7, -3, -1, 0, 1, 2, 5, 64], np.int32)


UNARY = [
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "cbrt",
    "ceil",
    "cos",
    "cosh",
    "erf",
    "erf_inv",
    "erfc",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "is_finite",
    "lgamma",
    "digamma",
    "log",
    "log1p",
    "logistic",
    "neg",
    "rsqrt",
    "sign",
    "sin",
    "sinh",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "bessel_i0e",
    "bessel_i1e",
]


@pytest.mark.parametrize("name", UNARY)
def test_functions_of_one_operand(name: str) -> None:
    x = REALS.astype(np.float32)
    if name in ("lgamma", "digamma"):
        x = np.array([0.5, 1.0, 3.5, 20.0], np.float32)
    check(getattr(lax, name), x, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
@pytest.mark.parametrize(
    "name", ["add", "sub", "mul", "div", "max", "min", "pow", "rem"]
)
def test_functions_of_two_operands(name: str, dtype: str) -> None:
    x = jnp.asarray(REALS[:, None].astype(np.float32)).astype(dtype)
    y = jnp.asarray(REALS[None].astype(np.float32)).astype(dtype)
    tolerance = {"float16": 2e-3, "bfloat16": 2e-2}.get(dtype, 1e-5)
    shape = (len(REALS), len(REALS))
    x, y = np.broadcast_to(x, shape), np.broadcast_to(y, shape)
    check(getattr(lax, name), x, y, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "uint8", "uint32"])
@pytest.mark.parametrize(
    "name",
    [
        "add",
        "sub",
        "mul",
        "div",
        "rem",
        "max",
        "min",
        "and",
        "or",
        "xor",
        "shift_left",
        "shift_right_logical",
        "shift_right_arithmetic",
        "lt",
        "le",
        "gt",
        "ge",
        "eq",
        "ne",
    ],
)
def test_functions_of_integers(name: str, dtype: str) -> None:
    limits = np.iinfo(dtype)
    x = np.array([limits.min, limits.max, 0, 1, 2, 5, 7], dtype)
    x, y = (np.ascontiguousarray(z) for z in np.meshgrid(x, x))
    function = {"and": lax.bitwise_and, "or": lax.bitwise_or, "xor": lax.bitwise_xor}
    check(function.get(name) or getattr(lax, name), x, y)


@pytest.mark.parametrize("new", ["int8", "uint8", "int32", "int64", "bool", "float16"])
@pytest.mark.parametrize("old", ["float32", "float64", "int32"])
def test_conversions(old: str, new: str) -> None:
    values = [0, 1, -1, 2.7, -2.7, 300, -300, 1e4, 3e9, -3e9, 1e20, np.nan, np.inf]
    x = np.array(values[:8] if old == "int32" else values)
    check(lambda x: lax.convert_element_type(x, new), x.astype(old))


CASES: dict[str, Any] = {
    "integer_pow": (lambda x: [x**3, x**-2, x**5], REALS.astype(np.float32)),
    "round to even": (lambda x: lax.round(x, lax.RoundingMethod(1)), reals(9) * 3),
    "round away": (lambda x: lax.round(x, lax.RoundingMethod(0)), REALS),
    "pow of an integer": (lambda x: lax.pow(x, np.int32([2, 3, 0, -1])), reals(4)),
    "pow of a half": (lambda x, y: x**y, REALS.astype(np.float32), np.float32(0.5)),
    "log of the gamma function": (lax.lgamma, np.array([-np.inf, -0.5, 4, np.inf])),
    "nextafter": (lax.nextafter, reals(4), reals(4)),
    "atan2": (lax.atan2, reals(5), reals(5)),
    "complex": (lambda x, y: lax.complex(x, y) * 2j, reals(3), reals(3)),
    "parts": (lambda x: [lax.real(x), lax.imag(x), lax.conj(x)], reals(3) + 1j),
    "select_n": (lambda x: lax.select_n(x > 0, x, x * 2), reals(5)),
    "select of many": (
        lambda x, y: (
            [
                lax.select(x > 0, y.astype(dtype), x.astype(dtype))
                for dtype in ("float32", "float16", "float64", "uint8", "bool", "int64")
            ]
            + [jnp.where(x[:1] > 0, y, x), jnp.where(x.T > 0, y.T, 0)]
        ),
        reals(90, 80),
        reals(90, 80),
    ),
    "select of many, not finite": (
        lambda x, y: jnp.where(y > 0, x, jnp.float32(np.nan)),
        np.tile(REALS, 1000).astype(np.float32),
        np.tile(REALS[::-1], 1000).astype(np.float32),
    ),
    "select shared by threads": (
        lambda x, y: (
            [jnp.where(x > 0, a, b) for a, b in ((x, y), (y[:1], x), (0, x), (x, 0))]
            + [jnp.where(x[:1] > 0, y, x), jnp.where(x.T > 0, y.T, 0)]
            + [jnp.where(x.reshape(2, -1) > 0, y.reshape(2, -1), jnp.nan)]
        ),
        reals(290, 1000),
        reals(290, 1000),
    ),
    "products shared by threads": (
        lambda x, y: [
            jnp.einsum("bik,bkj->bij", x, y),
            jnp.einsum("bik,bkj->bji", x, y),
            jnp.einsum("bki,bkj->bij", x, y.mT),
            jnp.einsum("bik,bij->kj", x, x),
        ],
        reals(7, 300, 130) / 10,
        reals(7, 130, 300) / 10,
    ),
    "erf of many": (lax.erf, np.linspace(-5, 5, 40_000, dtype=np.float32)),
    "select of three": (
        lambda i, x: lax.select_n(i, x, x * 2, x * 3),
        np.array([0, 1, 2, 1], np.int32),
        reals(4),
    ),
    "clamp": (lambda x: lax.clamp(np.float32(-1), x, np.float32(1)), reals(9) * 2),
    "bitcast": (lambda x: lax.bitcast_convert_type(x, np.int32), reals(4)),
    "bitcast to bytes": (lambda x: lax.bitcast_convert_type(x, np.uint8), reals(4)),
    "population_count": (lax.population_count, INTS),
    "clz": (lax.clz, INTS),
    "reduce_precision": (lambda x: lax.reduce_precision(x, 5, 10), reals(6)),
    "polynomial": (lambda x: jnp.polyval(np.float32([1, -2, 3]), x), reals(6)),
    "one_minus_square": (jax.grad(lambda x: jnp.tanh(x).sum()), reals(6)),
    "reshape": (lambda x: x.reshape(6, 2), reals(3, 4)),
    "transpose": (lambda x: x.transpose(2, 0, 1), reals(2, 3, 4)),
    "rev": (lambda x: lax.rev(x, (0, 2)), reals(2, 3, 4)),
    "concatenate": (lambda x, y: jnp.concatenate([x, y], 1), reals(2, 3), reals(2, 1)),
    "stack and unstack": (lambda x: jnp.stack(jnp.unstack(x, axis=1)), reals(2, 3)),
    "split": (lambda x: lax.split(x, (1, 2), 1), reals(2, 3)),
    "tile": (lambda x: jnp.tile(x, (2, 1, 3)), reals(2, 3)),
    "iota": (lambda x: x + lax.broadcasted_iota(np.float32, (3, 4), 1), reals(3, 4)),
    "large iota": (lambda x: x + lax.iota(np.float32, 40_000), reals(40_000)),
    "broadcast": (lambda x: lax.broadcast_in_dim(x, (2, 3, 4), (1,)), reals(3)),
    "slice": (lambda x: lax.slice(x, (0, 1), (3, 4), (2, 2)), reals(3, 4)),
    "pad": (lambda x: lax.pad(x, np.float32(7), [(1, 2, 1), (0, 1, 0)]), reals(3, 2)),
    "pad with zero": (
        lambda x: [lax.pad(x, np.float32(v), [(1, 2, 1)]) for v in (0.0, -0.0)],
        reals(3),
    ),
    "pad by less": (
        lambda x: lax.pad(x, np.float32(7), [(-1, 2, 0), (-2, -1, 1), (3, -4, 2)]),
        reals(3, 5, 4),
    ),
    "pad to nothing": (lambda x: lax.pad(x, np.float32(7), [(-3, 0, 0)]), reals(3)),
    "reduce": (
        lambda x: [x.sum(0), x.prod(1), x.max((0, 2)), x.min(), jnp.all(x > 0, 1)],
        reals(3, 4, 2),
    ),
    "sum of ints": (lambda x: [x.sum(), jnp.cumsum(x)], INTS),
    "argmax": (lambda x: [x.argmax(0), x.argmin(1)], reals(4, 5)),
    "argmax of NaN": (lambda x: [x.argmax(), x.argmin()], REALS),
    "cumulative": (
        lambda x: [lax.cumsum(x, 1), lax.cumprod(x, 0, True), lax.cummax(x, 1)],
        reals(3, 4),
    ),
    "cumlogsumexp": (lambda x: lax.cumlogsumexp(x, 1), reals(3, 4)),
    "sort": (lambda x: jnp.sort(x), REALS),
    "sort of two": (lambda x, y: lax.sort((x, y), num_keys=1), INTS[::-1], reals(8)),
    "sort by two": (lambda x, y: lax.sort((x // 2, y), num_keys=2), INTS, reals(8)),
    "argsort": (lambda x: jnp.argsort(x, -1, descending=True), reals(3, 5)),
    "top_k": (lambda x: lax.top_k(x, 2), np.float32([[3, 1, 3, 2], [0, 0, 0, -1]])),
    "fft": (lambda x: [jnp.fft.rfft(x), jnp.fft.ifft2(lax.complex(x, x))], reals(4, 6)),
    "irfft": (lambda x: jnp.fft.irfft(lax.complex(x, x), 9), reals(4, 5)),
    "solve": (lambda x: jnp.linalg.solve(x, x[:, :1]), reals(4, 4)),
    "solve of batches": (
        lambda x, y: [jnp.linalg.solve(x, y), jnp.linalg.solve(x.mT, y)],
        reals(3, 4, 4),
        reals(3, 4, 2),
    ),
    "lu": (lambda x: [*lax.linalg.lu(x), *lax.linalg.lu(x.mT)], reals(2, 3, 4)),
    "gradient of inv": (jax.grad(lambda x: jnp.linalg.inv(x).sum()), reals(3, 3)),
    "triangular": (
        lambda x, y: [
            lax.linalg.triangular_solve(
                x, y, left_side=left, lower=lower, transpose_a=t, unit_diagonal=unit
            )
            for left in (True, False)
            for lower in (True, False)
            for t in (True, False)
            for unit in (True, False)
        ],
        reals(3, 3),
        reals(3, 3),
    ),
    "complex triangular": (
        lambda x, y: lax.linalg.triangular_solve(
            lax.complex(x, y),
            lax.complex(y, x),
            left_side=True,
            transpose_a=True,
            conjugate_a=True,
        ),
        reals(3, 3),
        reals(3, 3),
    ),
    "cholesky of what is not positive": (
        lambda x: lax.linalg.cholesky(jnp.stack([x, jnp.eye(3, dtype=x.dtype)])),
        -np.eye(3, dtype=np.float32),
    ),
    "singular": (jnp.linalg.inv, np.zeros((2, 2), np.float32)),
    "cholesky": (
        lambda x: jnp.linalg.cholesky(x @ x.T + 4 * jnp.eye(3, dtype=x.dtype)),
        reals(3, 3),
    ),
    "while": (
        lambda x: lax.while_loop(
            lambda c: c[0] < 5, lambda c: (c[0] + 1, c[1] * x), (0, x)
        ),
        reals(3),
    ),
    "cond": (lambda x: lax.cond(x[0] > 9, jnp.sin, lambda y: y * 2, x), reals(3)),
    "switch": (
        lambda i, x: lax.switch(i, [jnp.sin, jnp.cos, jnp.exp], x),
        np.int32(7),
        reals(3),
    ),
    "scan": (
        lambda x: lax.scan(lambda c, a: (jnp.tanh(c + a), c * a), x[0], x),
        reals(5, 3),
    ),
    "gradient of scan": (
        jax.grad(
            lambda x: lax.scan(lambda c, a: (jnp.tanh(c * a), c), x[0], x)[1].sum()
        ),
        reals(5, 3),
    ),
    "reverse scan": (
        lambda x: lax.scan(lambda c, a: (c + a, c), x[0], x, reverse=True),
        reals(5, 3),
    ),
    "platform": (
        lambda x: lax.platform_dependent(x, cpu=lambda x: x + 1, cuda=lambda x: x * 9),
        reals(3),
    ),
    "sums of narrow rows": (
        lambda x: [x.sum(0), x.sum(0, keepdims=True), x[:, :1].sum(0), x.T.sum(0)],
        reals(300, 5),
    ),
    "sum with infinities": (
        lambda x: x.sum(0),
        np.array([[1, np.inf, np.nan], [2, 3, 4]], np.float64),
    ),
    "a number repeated": (
        lambda x: [jnp.full((2, 3), x[0]), x + jnp.full((3,), x.sum()), x[:1]],
        reals(3),
    ),
    "transposed and back": (lambda x: [x.T.T, (x * 2).T.T, x.T.T.T], reals(2, 3)),
    "empty reduction": (lambda x: [x.sum(0), x.sum()], reals(0, 3)),
    "reduce_window": (
        lambda x: lax.reduce_window(x, 0.0, lax.add, (2, 2), (1, 1), "SAME"),
        reals(4, 5),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_primitives(case: str) -> None:
    function, *inputs = CASES[case]
    check(function, *inputs, rtol=1e-5)


PRODUCTS: dict[str, Any] = {
    "matrices": ("ij,jk->ik", (3, 4), (4, 5)),
    "batches": ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)),
    "the other way": ("bji,kbj->ikb", (2, 3, 4), (5, 2, 3)),
    "outer": ("i,j->ij", (3,), (4,)),
    "outer of a matrix": ("ij,k->ijk", (3, 2), (2,)),
    "outer of matrices": ("ij,kl->ijkl", (3, 2), (2, 4)),
    "inner": ("ijk,ijk->", (2, 3, 4), (2, 3, 4)),
    "of vectors": ("i,i->", (3,), (3,)),
    "with a vector": ("ij,j->i", (3, 4), (4,)),
    "of a vector": ("i,ij->j", (3,), (3, 4)),
    "transposed": ("ij,kj->ik", (3, 4), (5, 4)),
    "first transposed": ("ji,jk->ik", (3, 4), (3, 5)),
    "transposed, with a vector": ("ji,j->i", (3, 4), (3,)),
    "both transposed": ("ji,kj->ik", (3, 4), (5, 3)),
    "nothing": ("ij,jk->ik", (3, 0), (0, 5)),
}


@pytest.mark.parametrize(
    "dtype", ["float32", "float64", "float16", "bfloat16", "int32"]
)
@pytest.mark.parametrize("case", PRODUCTS)
def test_matrix_products(case: str, dtype: str) -> None:
    formula, *shapes = PRODUCTS[case]
    x, y = (
        np.asarray(jnp.asarray(2 * reals(*shape)).astype(dtype)) for shape in shapes
    )
    tolerance = {"float16": 4e-3, "bfloat16": 4e-2}.get(dtype, 1e-5)
    check(lambda x, y: jnp.einsum(formula, x, y), x, y, rtol=tolerance, atol=tolerance)


CONVOLUTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "strides": {"window_strides": (2, 3)},
    "padding": {"padding": [(1, 2), (0, 3)]},
    "less than none": {"padding": [(-1, 2), (1, -2)]},
    "dilation": {"rhs_dilation": (2, 1), "padding": "SAME"},
    "transposed": {"lhs_dilation": (2, 3), "padding": [(2, 1), (2, 2)]},
    "groups": {"feature_group_count": 2},
    "channels last": {"dimension_numbers": ("NHWC", "HWIO", "NHWC")},
    "batch groups": {"batch_group_count": 2},
}


@pytest.mark.parametrize("case", CONVOLUTIONS)
def test_convolutions(case: str) -> None:
    settings = {"window_strides": (1, 1), "padding": "VALID"} | CONVOLUTIONS[case]
    x, weight = reals(2, 4, 7, 8), reals(6, 4, 3, 2)
    if "feature_group_count" in settings:
        weight = reals(6, 2, 3, 2)
    if "dimension_numbers" in settings:
        x, weight = reals(2, 7, 8, 4), reals(3, 2, 4, 6)
    check(
        lambda x, w: lax.conv_general_dilated(x, w, **settings),
        x,
        weight,
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.parametrize(
    ("shape", "kernel"),
    [
        ((3, 4, 9, 8), (2, 3)),
        ((1, 2, 300, 301), (5, 5)),  # rows of one image at a time
        ((40, 16, 40, 40), (3, 3)),  # a few images at a time
        ((2, 0, 5, 5), (2, 2)),
    ],
)
def test_convolutions_of_blocks_and_their_gradients(shape: Any, kernel: Any) -> None:
    x, weight = reals(*shape), reals(3, shape[1], *kernel)
    steps = Steps((2, 1), ((1, 2), (0, 1)), (1, 2))

    def sums(x: Any, weight: Any) -> Any:
        return (correlate(x, weight, None, steps) ** 2).mean()

    def function(x: Any, weight: Any) -> Any:
        return [
            correlate(x, weight, None, steps),
            *jax.grad(sums, (0, 1))(x, weight),
        ]

    check(function, x, weight, rtol=1e-4, atol=1e-4)


def test_large_products_are_cut_into_parts() -> None:
    for rows, columns in ((3000, 40), (40, 3001)):
        x, y = reals(rows, 1200), reals(1200, columns)
        check(lambda x, y: x @ y, x, y, rtol=1e-4, atol=1e-4)


TABLE, ROWS = reals(5, 3, 4), np.array([[4, 0], [2, 2]])
INDEXING: dict[str, Any] = {
    "rows": lambda x, i: x[i],
    "columns": lambda x, i: x[:, i % 3],
    "slices of the last": lambda x, i: x[:, :, i % 4],
    "taken": lambda x, i: [jnp.take(x, i % 3, 1), jnp.take(x, i[0, 0], 0)],
    "taken beyond": lambda x, i: jnp.take(x, i + 2, 0, mode="fill"),
    "pairs": lambda x, i: x[i, :, i],
    "elements": lambda x, i: jnp.take_along_axis(x[:2], i[:, :, None] % 3, 1),
    "beyond, with zeros": lambda x, i: x.at[i + 2].get(mode="fill", fill_value=0),
    "beyond, NaN": lambda x, i: x.at[i + 2].get(mode="fill"),
    "beyond, the last": lambda x, i: x.at[i + 2].get(mode="clip"),
    "none, batches": lambda x, i: jax.vmap(lambda x, i: x[i])(x[:0], i[:0]),
    "window": lambda x, i: lax.dynamic_slice(x, (i[0, 0], 1, 3), (2, 2, 2)),
    "window written": lambda x, i: lax.dynamic_update_slice(
        x, x[:2, :1], (i[0, 0], 1, 0)
    ),
    "set": lambda x, i: x.at[i[:, 0]].set(7.0),
    "add": lambda x, i: x.at[i].add(x[i] * 2),
    "add elements": lambda x, i: x.at[i, 0, i % 4].add(1.5),
    "multiply": lambda x, i: x.at[i].mul(3.0),
    "least and greatest": lambda x, i: [x.at[i].min(0.0), x.at[i].max(0.0)],
    "add beyond": lambda x, i: x.at[i + 2].add(1.0),
    "set at the last": lambda x, i: x.at[i[:, 0] + 9].set(1.0, mode="clip"),
    "window set": lambda x, i: x.at[1:3, :, 2].set(4.0),
    "batches": jax.vmap(lambda x, i: x[i], (0, None)),
    "batches, both": lambda x, i: jax.vmap(lambda x, i: x[i % 3])(x[:2], i),
    "batches written": lambda x, i: jax.vmap(lambda x, i: x.at[i % 3].add(1.0))(
        x[:2], i
    ),
    "an element": lambda x, i: x.at[i[0, 0], 1, 2].add(2.0),
    "an element, set": lambda x, i: x.at[i[0, 0], 1, 2].set(2.0),
    "an element beyond": lambda x, i: x.at[i[0, 0] + 9, 1, 2].set(2.0),
    "an element, the last": lambda x, i: x.at[i[0, 0] + 9, 1, 2].mul(2.0, mode="clip"),
    "gradient of rows": jax.grad(lambda x, i: (x[i] ** 2).sum()),
}


@pytest.mark.parametrize("case", INDEXING)
def test_indexing(case: str) -> None:
    check(INDEXING[case], TABLE, ROWS)


@pytest.mark.parametrize("width", [8, 16, 32, 64])
def test_random_bits_are_those_of_jax(width: int) -> None:
    dtype = f"uint{width}"
    check(lambda seed: jax.random.bits(jax.random.key(seed), (3, 5), dtype), 7)
    check(lambda seed: jax.random.bits(jax.random.key(seed), (), dtype), 2**40 + 1)


@pytest.mark.parametrize(
    "draw",
    [
        lambda key: jax.random.uniform(key, (4, 3)),
        lambda key: jax.random.normal(key, (5,)),
        lambda key: jax.random.bernoulli(jax.random.fold_in(key, 3), 0.3, (40,)),
        lambda key: jax.random.permutation(key, 12),
        lambda key: [jax.random.uniform(one) for one in jax.random.split(key, 3)],
    ],
)
def test_draws_are_those_of_jax(draw: Any) -> None:
    check(lambda seed: draw(jax.random.key(seed)), 11, rtol=1e-6)


@pytest.mark.parametrize("most", [1, 5, 40])
def test_rows_of_the_same_index_are_added_up(most: int) -> None:
    index = np.concatenate([np.full(most, 3), np.arange(7), np.full(20, 6)])

    def function(rows: Any, values: Any) -> Any:
        return rows.at[index].add(values)

    check(function, reals(9, 4), reals(len(index), 4), rtol=1e-5, atol=1e-5)


def test_a_choice_lies_in_memory_as_what_is_chosen() -> None:
    def function(x: jax.Array) -> jax.Array:
        return jnp.where(x > 0, x, 0 * x)

    x = reals(64, 64, 32)
    plan = make_plan(jax.make_jaxpr(function)(x.transpose(2, 0, 1)))
    (chosen,) = plan.run([x.transpose(2, 0, 1)])
    assert chosen.strides == x.transpose(2, 0, 1).strides
