"""Eight-bit floating point: it is stored and cast, and hardly computed with."""

from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch
import funcnet.compat.nn.functional as F

KINDS = tuple(
    f"float8_{name}" for name in ("e4m3fn", "e5m2", "e4m3fnuz", "e5m2fnuz", "e8m0fnu")
)
X = [1.0, 2.0]

REFUSED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "sum": (lambda x: x.sum(), "sum_cpu"),
    "add": (lambda x: x + x, "add_stub"),
    "number": (lambda x: x + 1, "add_stub"),
    "in place": (lambda x: x.add_(1), "add_stub"),
    "scaled": (lambda x: x * 2, "mul_cpu_reduced_float"),
    "quotient": (lambda x: x / x, "div_cpu"),
    "inverse": (lambda x: 1 / x, "reciprocal_cpu"),
    "floor": (lambda x: x // 2, "div_floor_cpu_reduced_float"),
    "power": (lambda x: x**2, "pow"),
    "exp": (lambda x: x.exp(), "exp_vml_cpu"),
    "order": (lambda x: x < 1, "lt_cpu"),
    "max": (lambda x: x.max(), "max_all"),
    "max along": (lambda x: x.max(0), "max_cpu"),
    "mean": (lambda x: x.mean(), "sum_cpu"),
    "norm": (lambda x: x.norm(), "norm_cpu"),
    "dot": (lambda x: x @ x, "dot"),
    "sort": (lambda x: x.sort(), "sorting_kernel_method_name"),
    "cumsum": (lambda x: x.cumsum(0), "cumsum_out_cpu"),
    "unique": (lambda x: x.unique(), "unique"),
    "nonzero": (lambda x: x.nonzero(), "nonzero_count_cpu"),
    "relu": (F.relu, "clamp_min_scalar_cpu"),
    "softmax": (lambda x: F.softmax(x, 0), "softmax_lastdim_kernel_impl"),
    "loss": (lambda x: F.mse_loss(x, x), "mse_cpu"),
    "uniform": (lambda x: x.uniform_(), "check_uniform_bounds"),
    "normal": (lambda x: torch.randn_like(x), "normal_kernel_cpu"),
    "integers": (lambda x: x.random_(3), "random_update_from_to"),
    "arange": (lambda x: torch.arange(3, dtype=x.dtype), "arange_cpu"),
    "linspace": (lambda x: torch.linspace(0, 1, 3, dtype=x.dtype), "linspace_cpu"),
}


@pytest.mark.parametrize("kind", KINDS[::4])
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_computed(case: str, kind: str) -> None:
    run, kernel = REFUSED[case]
    x = torch.tensor(X).to(getattr(torch, kind))
    words = f"\"{kernel}\" not implemented for 'Float8_{kind[7:]}'"
    with pytest.raises(NotImplementedError) as error:
        run(x)
    assert str(error.value) == words


MIXED: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda x, y: x + y,
    "product": lambda x, y: x * y,
    "equality": lambda x, y: x == y,
    "joined": lambda x, y: torch.cat([x, y]),
    "chosen": lambda x, y: torch.where(x == x, x, y),
}


@pytest.mark.parametrize("case", MIXED)
def test_no_other_dtype_is_mixed_in(case: str) -> None:
    x = torch.tensor(X).to(torch.float8_e5m2)
    with pytest.raises(RuntimeError, match="attempted to promote Float8_e5m2 and Flo"):
        MIXED[case](x, torch.ones(2))
    with pytest.raises(RuntimeError, match="attempted to promote Float8_e5m2 and Long"):
        torch.promote_types(torch.float8_e5m2, torch.int64)


ROUNDED = {
    # what is cast, and what is found in each dtype
    "float8_e4m3fn": [448, -448, 448, 0.1015625, 0, 1.5],
    "float8_e5m2": [1024, -1024, float("inf"), 0.09375, 0, 1.5],
    "float8_e8m0fnu": [1024, 1024, None, 0.125, 2.0**-127, 2],
}


@pytest.mark.parametrize("kind", ROUNDED)
def test_casts_round_as_pytorch_does(kind: str) -> None:
    numbers = [1000.0, -1000.0, float("inf"), 0.1, 0.0, 1.5]
    dtype = getattr(torch, kind)
    x = torch.tensor(numbers)
    recorded = torch.where(torch.ones((), dtype=torch.bool), x, x).to(dtype)
    made = torch.tensor(numbers, dtype=dtype)
    written = torch.empty(6, dtype=dtype).copy_(x)
    for result in (x.to(dtype), recorded, made, written):
        for one, wanted in zip(result.float().tolist(), ROUNDED[kind], strict=True):
            assert one == wanted if wanted is not None else one != one
    assert x.to(torch.float8_e5m2).to(dtype).dtype is dtype


COMPUTED: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {
    "product": (lambda x: x * x, [[1, 4], [9, 16]]),
    "matrices": (lambda x: x @ x, [[7, 10], [15, 22]]),
    "absolute": (lambda x: x.abs(), [[1, 2], [3, 4]]),
    "in float32": (lambda x: x.sum(0, dtype=torch.float32), [4, 6]),
    "joined": (lambda x: torch.cat([x, x[:1]]), [[1, 2], [3, 4], [1, 2]]),
    "padded": (lambda x: F.pad(x[0], (1, 0)), [0, 1, 2]),
    "chosen": (lambda x: torch.where(x == 1, x, 0), [[1, 0], [0, 0]]),
    "filled": (lambda x: x.clone().fill_(3), [[3, 3], [3, 3]]),
    "view": (lambda x: x.t().contiguous(), [[1, 3], [2, 4]]),
    "windows": (lambda x: x[0].unfold(0, 2, 1), [[1, 2]]),
    "diagonal": (lambda x: torch.diag(x), [1, 4]),
}


@pytest.mark.parametrize("case", COMPUTED)
@pytest.mark.parametrize("kind", KINDS[:3:2])
def test_what_pytorch_computes(case: str, kind: str) -> None:
    run, wanted = COMPUTED[case]
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).to(getattr(torch, kind))
    assert run(x).float().tolist() == wanted


def test_numbers_must_fit() -> None:
    kind = torch.float8_e4m3fn
    x = torch.zeros(2, dtype=kind)
    for run in (
        lambda: torch.full((2,), 1000.0, dtype=kind),
        lambda: x.fill_(1000.0),
        lambda: x.new_full((2,), float("inf")),
    ):
        with pytest.raises(RuntimeError, match="to type c10::Float8_e4m3fn without"):
            run()
    assert torch.full((2,), 3.0, dtype=kind).tolist() == [3, 3]
    with pytest.raises(TypeError, match="storage object Float8_e4m3fnStorage"):
        torch.set_default_dtype(kind)


def test_gradients_pass_a_cast() -> None:
    leaf = torch.tensor([1.0, 1000.0], requires_grad=True)
    (leaf.to(torch.float8_e4m3fn).float() * 2).sum().backward()
    assert leaf.grad.tolist() == [2, 2]
