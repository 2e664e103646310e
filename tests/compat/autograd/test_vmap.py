"""`vmap`: a function runs once, on members, and what it records runs on batches."""

from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch

vmap, grad = torch.func.vmap, torch.func.grad
ROWS = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


def rows() -> Any:
    return torch.tensor(ROWS)


@pytest.mark.parametrize(
    ("run", "wanted"),
    [
        (lambda m: vmap(torch.sum)(m), [6, 15]),
        (lambda m: vmap(torch.sum, in_dims=1)(m), [5, 7, 9]),
        (lambda m: vmap(torch.sum, in_dims=-1)(m), [5, 7, 9]),
        (lambda m: vmap(torch.dot, in_dims=(0, None))(m, m[0]), [14, 32]),
        (lambda m: vmap(lambda x: x * 2, out_dims=1)(m).shape, [3, 2]),
        (lambda m: vmap(lambda x: x * 2, out_dims=-1)(m)[2], [6, 12]),
        (lambda m: vmap(lambda x, y: x + y, in_dims=(0, None))(m, 1)[0], [2, 3, 4]),
        (lambda m: vmap(lambda x: torch.ones(2))(m), [[1, 1], [1, 1]]),
        (lambda m: vmap(lambda x: torch.ones(2), out_dims=None)(m), [1, 1]),
        (lambda m: vmap(lambda x: (x, 7), out_dims=(0, None))(m)[1], 7),
        (lambda m: vmap(lambda d: d["z"] * d["a"])({"z": m, "a": m})[0], [1, 4, 9]),
        (
            lambda m: vmap(lambda d: d["z"] * d["a"], in_dims=({"z": 0, "a": None},))(
                {"z": m, "a": m[0]}
            )[1],
            [4, 10, 18],
        ),
        (lambda m: vmap(torch.sum, chunk_size=1)(m), [6, 15]),
        (lambda m: vmap(lambda a: vmap(lambda b: a * b)(m[0]))(m[:, 0])[1], [4, 8, 12]),
        (lambda m: vmap(lambda x, i: x[i])(m, torch.tensor([2, 0])), [3, 4]),
        (lambda m: vmap(lambda x: torch.zeros_like(x).add_(x))(m)[1], [4, 5, 6]),
        (lambda m: vmap(lambda x: x.new_zeros(2, 3).add_(x))(m)[1, 1], [4, 5, 6]),
        (lambda m: vmap(lambda x: torch.stack(list(x)))(m)[1], [4, 5, 6]),
        (lambda m: vmap(torch.sum)(m[:0]), []),
        (lambda m: vmap(lambda x: torch.linalg.solve(torch.eye(3), x))(m)[1], ROWS[1]),
    ],
)
def test_values(run: Callable[[Any], Any], wanted: Any) -> None:
    result = run(rows())
    assert (result.tolist() if isinstance(result, torch.Tensor) else result) == (
        wanted if not isinstance(result, torch.Size) else torch.Size(wanted)
    )


def test_the_function_runs_once_and_sees_tensors_of_one_member() -> None:
    seen = []

    def run(a: Any, b: Any) -> Any:
        seen.append((type(a), tuple(a.shape), tuple(b.shape), b.ndim, b.dtype))
        return {"z": b, "a": a * b}

    result = vmap(run, in_dims=(None, 0))(torch.ones(3), rows())
    assert seen == [(torch.Tensor, (3,), (3,), 1, torch.float32)]
    assert list(result) == ["z", "a"]


@pytest.mark.parametrize(
    ("run", "error", "words"),
    [
        (lambda m: vmap(torch.add)(m, m[0]), ValueError, r"got sizes \[2, 3\]"),
        (lambda m: vmap(lambda: 1)(), ValueError, "got no inputs"),
        (lambda m: vmap(torch.sum, 2)(m), ValueError, "-2 <= in_dim < 2"),
        (lambda m: vmap(torch.sum, (0, 0))(m), ValueError, "not compatible with the"),
        (lambda m: vmap(torch.sum, (None,))(m), ValueError, "at least one Tensor"),
        (lambda m: vmap(torch.sum, None)(m), ValueError, "to be int or a"),
        (lambda m: vmap(torch.add)(m, 3), ValueError, "non-Tensor arguments"),
        (lambda m: vmap(lambda x: 1)(m), ValueError, "must only return Tensors"),
        (lambda m: vmap(torch.sin, 0, 3)(m), IndexError, "Dimension out of range"),
        (lambda m: vmap(torch.sin, 0, (0, 0))(m), ValueError, "out_dims is not compat"),
        (lambda m: vmap(torch.sin, 0, None)(m), ValueError, "when out_dim is None"),
        (lambda m: vmap(torch.sin, 0, 0, "no")(m), RuntimeError, "Only allowed values"),
        (lambda m: vmap(torch.sin, chunk_size=0)(m), ValueError, "greater than 0"),
        (lambda m: vmap(lambda x: x * x[0].item())(m), RuntimeError, r"calling .item"),
        (lambda m: vmap(lambda x: x * float(x[0]))(m), RuntimeError, r"calling .item"),
        (lambda m: vmap(lambda x: x if x.sum() else -x)(m), RuntimeError, "control fl"),
        (lambda m: vmap(lambda x: x.tolist())(m), RuntimeError, "data pointer"),
        (lambda m: vmap(lambda x: x.numpy())(m), RuntimeError, "data pointer"),
        (lambda m: vmap(lambda x: x.nonzero())(m), RuntimeError, "dynamic shape"),
        (lambda m: vmap(lambda x: x[x > 0])(m), RuntimeError, "dynamic shape"),
        (lambda m: vmap(lambda x: x.unique())(m), RuntimeError, "dynamic shape"),
        (lambda m: vmap(lambda x: torch.zeros(3).copy_(x))(m), RuntimeError, "inplace"),
        (lambda m: vmap(lambda x: m[0].add_(x))(m * 1), RuntimeError, "inplace"),
        (lambda m: vmap(lambda x: x.requires_grad_())(m), RuntimeError, "functorch"),
    ],
)
def test_errors_in_pytorchs_words(
    run: Callable[[Any], Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        run(rows())


def test_what_is_written_to_arguments_is_seen_outside() -> None:
    m = rows()
    assert vmap(lambda x: x.add_(1))(m).tolist() == m.tolist() == (rows() + 1).tolist()
    vmap(lambda x: x[0].fill_(7), in_dims=1)(m)
    assert m.tolist() == [[7, 7, 7], [5, 6, 7]]


def test_views_are_written_under_vmap() -> None:
    def run(x: Any) -> Any:
        a = x.clone()
        v = a[1:]
        v.mul_(10)
        a[0] = v[1]
        return a

    assert vmap(run)(rows()).tolist() == [[30, 20, 30], [60, 50, 60]]
    m = rows().requires_grad_()
    vmap(run)(m).sum().backward()
    assert m.grad.tolist() == [[0, 10, 20]] * 2


def test_batch_norm_is_as_before_when_it_was_refused() -> None:
    norm = torch.nn.BatchNorm1d(3)
    with pytest.raises(RuntimeError, match="inplace"):
        vmap(norm)(torch.stack([rows(), rows()]))
    assert norm.running_mean.tolist() == [0, 0, 0]
    norm(rows())
    assert norm.running_mean.tolist() == pytest.approx([0.25, 0.35, 0.45])
    alone = torch.func.replace_all_batch_norm_modules_(torch.nn.BatchNorm1d(3))
    assert vmap(alone)(torch.stack([rows(), rows()])).shape == (2, 2, 3)


class Counting(torch.nn.Module):  # type: ignore[misc, name-defined]
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(()))
        self.register_buffer("seen", torch.zeros(3))

    def forward(self, x: Any) -> Any:
        self.calls = self.calls + 1
        self.seen = self.seen + x
        return x.sum()


def test_a_buffer_that_holds_a_member_says_so_when_it_is_used() -> None:
    model = Counting()
    vmap(model)(rows())
    assert model.calls.item() == 1
    for use in (lambda: model(torch.ones(3)), lambda: model.seen.tolist()):
        with pytest.raises(RuntimeError, match="escaped from inside a function being"):
            use()
    model.seen = torch.zeros(3)
    model(torch.ones(3))
    assert model.seen.tolist() == [1, 1, 1]


def draws(run: Callable[[Any], Any], randomness: str, **settings: Any) -> list[Any]:
    torch.manual_seed(0)
    result = vmap(run, randomness=randomness, **settings)(torch.full((2, 3), 0.4))
    return [[round(x, 4) for x in row] for row in result.tolist()]


SAME = {
    "randn": (lambda v: torch.randn(3), [1.541, -0.2934, -2.1788]),
    "rand_like": (torch.rand_like, [0.4963, 0.7682, 0.0885]),
    "normal_": (lambda v: v.clone().normal_(), [1.541, -0.2934, -2.1788]),
    "randperm": (lambda v: torch.randperm(3), [2, 0, 1]),
    "randint": (lambda v: torch.randint(0, 9, (3,)), [8, 0, 2]),
    "dropout": (lambda v: torch.nn.functional.dropout(v), [0, 0, 0.8]),
    "gumbel": (torch.nn.functional.gumbel_softmax, [0.1047, 0.2984, 0.5969]),
}
SECOND = {
    "randn": [0.5684, -1.0845, -1.3986],
    "rand_like": [0.132, 0.3074, 0.6341],
    "normal_": [0.5684, -1.0845, -1.3986],
    "randperm": [2, 1, 0],
    "randint": [6, 7, 6],
    "dropout": [0, 0, 0],
    "gumbel": [0.1974, 0.4831, 0.3195],
}


@pytest.mark.parametrize("name", SAME)
def test_randomness_draws_pytorchs_numbers(name: str) -> None:
    run, first = SAME[name]
    assert draws(run, "same") == [first, first]
    assert draws(run, "different") == [first, SECOND[name]]
    with pytest.raises(RuntimeError, match="randomness error mode"):
        draws(run, "error")


def test_randomness_of_parameters_nests_and_chunks() -> None:
    ones = draws(torch.bernoulli, "different")
    assert ones == [[0, 0, 1], [1, 1, 0]]
    assert draws(lambda v: torch.normal(v, 1.0), "different")[0] == [
        *(1.941, 0.1066, -1.7788)
    ]
    inner = lambda v: vmap(lambda u: torch.randn(()), randomness="different")(v)  # noqa: E731
    assert draws(inner, "same") == [SAME["randn"][1]] * 2
    assert draws(inner, "different") == [SAME["randn"][1], SECOND["randn"]]
    chunks = {"chunk_size": 1}
    assert draws(SAME["randn"][0], "same", **chunks) == [SAME["randn"][1]] * 2
    assert draws(SAME["randn"][0], "different", **chunks)[1] == SECOND["randn"]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (lambda v: torch.empty(3).normal_(), "on an unbatched tensor"),
        (lambda v: torch.zeros(3).bernoulli_(v), "inplace"),
    ],
)
def test_members_do_not_draw_into_what_is_not_mapped(run: Any, words: str) -> None:
    with pytest.raises(RuntimeError, match=words):
        draws(run, "different")
    with pytest.raises(RuntimeError, match="same randomness with a batched"):
        draws(torch.bernoulli, "same")


def test_keys_differ_between_members_and_layers_may_be_quiet() -> None:
    torch.random.set_mask_source("fast")
    try:
        drop = torch.nn.Dropout(0.5)
        x = torch.ones(4, 64)
        rows_of = vmap(drop, randomness="different")(x).tolist()
        assert len({tuple(row) for row in rows_of}) == 4
        rows_of = vmap(drop, randomness="same")(x).tolist()
        assert len({tuple(row) for row in rows_of}) == 1
        with pytest.raises(RuntimeError, match="randomness error mode"):
            vmap(drop)(x)
        assert vmap(drop.eval())(x).tolist() == x.tolist()
    finally:
        torch.random.set_mask_source("pytorch")


def test_a_recurrent_layer_is_mapped_as_a_loop_would() -> None:
    torch.manual_seed(0)
    layer, x = torch.nn.LSTM(3, 2), torch.randn(3, 4, 3)
    params = {name: p.detach() for name, p in layer.named_parameters()}

    def loss(params: Any, x: Any) -> Any:
        return torch.func.functional_call(layer, params, (x,))[0].pow(2).sum()

    result = vmap(grad(loss), in_dims=(None, 0))(params, x)
    for place in range(3):
        one = grad(loss)(params, x[place])
        for name, wanted in one.items():
            torch.testing.assert_close(result[name][place], wanted)
