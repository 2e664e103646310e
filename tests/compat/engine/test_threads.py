"""Threads that record, trace and switch at once: none sees what another one does.

The functions of a test run in threads of their own, each up to the next `meet()`: so
which line runs before which is the same each time.
"""

import copy
import pickle
import threading
import time
from collections.abc import Callable
from typing import Any, ClassVar

import jax
import numpy as np
import pytest

import funcnet.compat as torch
import funcnet.compat.autograd.forward_ad as forward_ad
from funcnet._random import Engine
from funcnet.compat import nn
from funcnet.compat._engine.executor import counts

Meet = Callable[[], Any]


def in_threads(*functions: Callable[[Meet], Any]) -> list[Any]:
    """What the functions return; each is given a barrier of them all."""
    barrier = threading.Barrier(len(functions), timeout=60)
    results: list[Any] = [None] * len(functions)
    errors: list[BaseException] = []

    def run(place: int) -> None:
        try:
            results[place] = functions[place](barrier.wait)
        except BaseException as error:
            errors.append(error)
            barrier.abort()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(functions))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    # The others only say that they have waited in vain.
    errors.sort(key=lambda error: isinstance(error, threading.BrokenBarrierError))
    if errors:
        raise errors[0]
    return results


def between(inside: Callable[[], Any]) -> Callable[[Meet], Any]:
    """Call a function while the other thread is between its first two meetings."""

    def run(meet: Meet) -> Any:
        meet()
        result = inside()
        meet()
        return result

    return run


def test_a_default_device_is_of_one_thread() -> None:
    def with_block(meet: Meet) -> str:
        with torch.device("meta"):
            meet()
            meet()
            return torch.zeros(2).device.type

    def set_for_good(meet: Meet) -> str:
        torch.set_default_device("meta")
        meet()
        meet()
        return torch.zeros(2).device.type

    def kind() -> str:
        return torch.zeros(2).device.type

    assert in_threads(with_block, between(kind)) == ["meta", "cpu"]
    assert in_threads(set_for_good, between(kind)) == ["meta", "cpu"]
    assert kind() == "cpu"


def test_blocks_of_devices_may_overlap_in_time() -> None:
    def first(meet: Meet) -> str:
        with torch.device("meta"):
            meet()  # both are open
            meet()  # the other is closed
            return torch.zeros(2).device.type

    def second(meet: Meet) -> str:
        meet()
        with torch.device("cpu"):
            kind = torch.zeros(2).device.type
        meet()
        return kind

    assert in_threads(first, second) == ["meta", "cpu"]


def test_gradients_and_inference_are_switched_in_one_thread() -> None:
    def off(meet: Meet) -> bool:
        with torch.inference_mode():
            meet()
            meet()
            return torch.ones(2).is_inference()

    def on() -> tuple[bool, bool, bool]:
        x = torch.ones(2, requires_grad=True)
        y = (x * 2).sum()
        y.backward()
        return torch.is_grad_enabled(), y.is_inference(), x.grad is not None

    assert in_threads(off, between(on)) == [True, (True, False, True)]


def test_half_precision_is_chosen_in_one_thread() -> None:
    def choose(meet: Meet) -> Any:
        torch.set_autocast_dtype("cpu", torch.float16)
        with torch.autocast("cpu"):
            meet()
            meet()
            return (torch.ones(2, 2) @ torch.ones(2, 2)).dtype

    def usual() -> Any:
        plain = (torch.ones(2, 2) @ torch.ones(2, 2)).dtype
        with torch.autocast("cpu"):
            return plain, (torch.ones(2, 2) @ torch.ones(2, 2)).dtype

    result = in_threads(choose, between(usual))
    assert result == [torch.float16, (torch.float32, torch.bfloat16)]


def test_a_dual_level_is_open_in_one_thread() -> None:
    def dual(meet: Meet) -> list[float]:
        with forward_ad.dual_level():
            x = forward_ad.make_dual(torch.tensor([1.0, 2.0]), torch.ones(2))
            meet()
            meet()
            return forward_ad.unpack_dual(x**2).tangent.tolist()

    def plain() -> list[float]:
        with pytest.raises(RuntimeError, match="no level exists"):
            forward_ad.make_dual(torch.ones(2), torch.ones(2))
        with forward_ad.dual_level():
            x = forward_ad.make_dual(torch.ones(1), torch.full((1,), 5.0))
            tangent = forward_ad.unpack_dual(x * 3).tangent
        return [*(torch.ones(2) * 2).tolist(), *tangent.tolist()]

    assert in_threads(dual, between(plain)) == [[2, 4], [2, 2, 15]]


def test_a_level_of_func_is_open_in_one_thread() -> None:
    def transformed(meet: Meet) -> list[float]:
        def f(x: Any) -> Any:
            meet()
            y = x * x
            meet()
            return y.sum()

        return torch.func.vmap(torch.func.grad(f))(torch.tensor([[1.0], [2.0]]))

    def plain() -> tuple[list[float], list[float]]:
        x = torch.tensor([3.0, 4.0], requires_grad=True)
        y = x * x
        y.sum().backward()
        return y.tolist(), x.grad.tolist()

    result, other = in_threads(transformed, between(plain))
    assert result.tolist() == [[2], [4]]
    assert other == ([9, 16], [6, 8])


def test_levels_of_func_in_two_threads_do_not_nest() -> None:
    def transformed(scale: float) -> Callable[[Meet], list[float]]:
        def run(meet: Meet) -> list[float]:
            def f(x: Any) -> Any:
                meet()
                y = (x * scale) ** 2
                meet()
                return y.sum()

            result = torch.func.grad(f)(torch.tensor([1.0, 2.0]))
            return result.tolist()

        return run

    assert in_threads(transformed(1.0), transformed(3.0)) == [[2, 4], [18, 36]]


class Noisy(nn.Module):
    """Draws, and lets the other thread run while it is traced."""

    def __init__(self, meet: Meet) -> None:
        super().__init__()
        self.meet = meet
        self.linear = nn.Linear(2, 2)

    def forward(self, x: Any) -> Any:
        y = self.linear(x) * 2
        if isinstance(x._array(), jax.core.Tracer):
            self.meet()
            self.meet()
        return nn.functional.dropout(y, 0.5, self.training)


def test_what_is_traced_in_one_thread_does_not_reach_the_others() -> None:
    def traced(meet: Meet) -> Any:
        apply, params, state = torch.pure(Noisy(meet))
        run = jax.jit(lambda p, x, key: apply(p, state, x, key=key, train=True)[0])
        y = run(params, np.ones((1, 2), np.float32), jax.random.key(0))
        return y.shape

    def plain() -> Any:
        with torch.random.set_mask_source("fast"):
            dropped = nn.functional.dropout(torch.ones(8))
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = (x * 3 + dropped.sum() * 0).sum()
        y.backward()
        return y.item(), x.grad.tolist()

    before = torch.ones(2) + 1  # recorded, and not run
    assert in_threads(traced, between(plain)) == [(1, 2), (9, [3, 3])]
    assert before.tolist() == [2, 2]


def test_a_function_with_a_gradient_of_its_own_knows_who_traces() -> None:
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            return grad * 10 * ctx.saved_tensors[0]

    def traced(meet: Meet) -> Any:
        apply, params, state = torch.pure(Noisy(meet))

        def loss(x: Any) -> Any:
            return apply(params, state, x)[0].sum()

        return jax.grad(loss)(np.ones((1, 2), np.float32)).shape

    def plain() -> Any:
        x = torch.tensor([1.0], requires_grad=True)
        y = Square.apply(x)
        assert y.grad_fn is not None  # not handed to JAX
        y.backward()
        return x.grad.item()

    assert in_threads(traced, between(plain)) == [(1, 2), 10]


def train(meet: Meet, seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    net = nn.Linear(3, 1)
    with torch.no_grad():
        net.weight.copy_(torch.tensor(rng.normal(size=(1, 3)), dtype=torch.float32))
        net.bias.zero_()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    x = torch.tensor(rng.normal(size=(8, 3)), dtype=torch.float32)
    losses = []
    for _ in range(4):
        optimizer.zero_grad()
        loss = (net(x) ** 2).mean()
        meet()
        loss.backward()
        meet()
        optimizer.step()
        meet()
        losses.append(loss.item())
    return losses


def test_training_in_two_threads_is_training_in_one_after_the_other() -> None:
    def together(seed: int) -> Callable[[Meet], list[float]]:
        return lambda meet: train(meet, seed)

    alone = [train(lambda: None, seed) for seed in (1, 2)]
    before = counts.compiles
    assert in_threads(together(1), together(2)) == alone
    assert counts.compiles == before  # nothing of the other's is in a program


def test_what_one_thread_has_recorded_another_may_read() -> None:
    shared: dict[str, Any] = {}

    def writer(meet: Meet) -> list[float]:
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        shared["y"] = x * 2 + 1
        more = shared["y"].exp()
        meet()  # nothing has run yet
        meet()
        more.sum().backward()
        return [*shared["y"].tolist(), *x.grad.tolist()]

    def reader() -> list[float]:
        y = shared["y"]
        recorded = y * 10  # in this thread, of what it does not have
        return [*recorded.tolist(), *y.tolist()]

    wrote, read = in_threads(writer, between(reader))
    assert read == [30, 50, 3, 5]
    assert wrote == pytest.approx([3, 5, 2 * np.exp(3), 2 * np.exp(5)])


def test_what_a_thread_has_recorded_outlives_it() -> None:
    (y,) = in_threads(lambda meet: torch.arange(3.0) * 2 + 1)
    assert (y + 1).tolist() == [2, 4, 6]
    assert y.tolist() == [1, 3, 5]


def test_two_threads_may_compute_the_same_at_once() -> None:
    y = (torch.arange(4.0) + 1).sqrt().split(2)[0] * 3
    results = in_threads(*[lambda meet: (meet(), (y + 1).tolist())[1]] * 4)
    assert results == [pytest.approx([4, 3 * 2**0.5 + 1])] * 4


def test_a_late_error_comes_where_it_was_asked_for() -> None:
    def wrong(meet: Meet) -> str:
        table, places = torch.arange(3.0), torch.tensor([0, 5]) + 0
        result = table[places]
        meet()
        meet()
        with pytest.raises(IndexError) as error:
            result.tolist()
        return str(error.value)

    def right() -> list[float]:
        return torch.arange(3.0)[torch.tensor([0, 1]) + 0].tolist()

    message, numbers = in_threads(wrong, between(right))
    assert "out of bounds" in message
    assert numbers == [0, 1]


def test_hooks_on_what_is_saved_are_disabled_in_one_thread() -> None:
    graph = torch.autograd.graph

    def disable(meet: Meet) -> None:
        with graph.disable_saved_tensors_hooks("not here"):
            meet()
            meet()
            with pytest.raises(RuntimeError, match="not here"):
                graph.saved_tensors_hooks(lambda x: x, lambda x: x).__enter__()

    def use() -> list[float]:
        x = torch.tensor([2.0], requires_grad=True)
        with graph.saved_tensors_hooks(lambda x: x, lambda x: x * 5):
            y = x * x
        y.backward()
        return x.grad.tolist()

    assert in_threads(disable, between(use)) == [None, [20]]


class Scaled(torch.autograd.Function):
    """Times a random number; says when it is computed again for its gradient."""

    runs: ClassVar[list[Any]] = []
    meet: Meet

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.scale = torch.rand(1)
        Scaled.runs.append(ctx.scale)
        if len(Scaled.runs) == 2:
            Scaled.meet()
            Scaled.meet()
        return x * ctx.scale

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        return grad * ctx.scale


class Scale(nn.Module):
    def forward(self, x: Any) -> Any:
        return Scaled.apply(x)


def test_draws_repeated_in_one_thread_do_not_reach_the_others() -> None:
    def repeated(meet: Meet) -> list[float]:
        Scaled.runs, Scaled.meet = [], meet
        apply, params, state = torch.pure(Scale())
        jax.grad(lambda x: apply(params, state, x)[0].sum())(np.ones(1, np.float32))
        return [x.item() for x in Scaled.runs]

    def draw() -> list[float]:
        return [torch.rand(1).item() for _ in range(2)]

    torch.manual_seed(7)
    stream = torch.rand(4).tolist()
    torch.manual_seed(7)
    assert in_threads(repeated, between(draw)) == [[stream[0]] * 2, stream[1:3]]
    assert torch.rand(1).item() == stream[3]


def test_a_layer_made_for_its_settings_takes_no_number_of_another_thread() -> None:
    class Layer(nn.Linear):
        meet: Meet

        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            Layer.meet()
            Layer.meet()

    class LazyLayer(nn.LazyLinear):
        cls_to_become = Layer

    def make(meet: Meet) -> None:
        Layer.meet = meet
        LazyLayer(2)

    def draw() -> tuple[list[float], list[float]]:
        with torch.random.set_mask_source("fast"):
            masks = [nn.functional.dropout(torch.ones(20)).tolist() for _ in range(2)]
        assert masks[0] != masks[1]
        return torch.rand(2).tolist(), masks[0]

    def rest() -> list[float]:
        with torch.random.set_mask_source("fast"):
            return [*torch.rand(2).tolist(), *nn.functional.dropout(torch.ones(20))]

    torch.manual_seed(7)
    alone, after = draw(), rest()
    torch.manual_seed(7)
    assert in_threads(make, between(draw)) == [None, alone]
    assert rest() == after


def test_the_source_of_masks_is_chosen_in_one_thread() -> None:
    def choose(meet: Meet) -> str:
        with torch.random.set_mask_source("fast"):
            meet()
            meet()
            return torch.random.get_mask_source()

    result = in_threads(choose, between(torch.random.get_mask_source))
    assert result == ["fast", "pytorch"]


def test_a_call_draws_its_numbers_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside, doubles = threading.Event(), Engine.doubles

    def slow(engine: Engine, count: int) -> np.ndarray:
        inside.set()
        time.sleep(0.05)  # the other thread draws now, unless it has to wait
        return doubles(engine, count)

    def whole(meet: Meet) -> list[float]:
        return torch.poisson(torch.full((4,), 30.0)).tolist()

    def other(meet: Meet) -> list[float]:
        inside.wait(60)
        return torch.rand(2).tolist()

    torch.manual_seed(7)
    inside.set()
    alone = [whole(int), other(int)]
    monkeypatch.setattr(Engine, "doubles", slow)
    inside.clear()
    torch.manual_seed(7)
    assert in_threads(whole, other) == alone


def test_an_engine_is_copied_and_pickled_with_its_state() -> None:
    engine = Engine(7)
    engine.normals(3)
    copies = copy.deepcopy(engine), pickle.loads(pickle.dumps(engine))
    assert len({tuple(x.normals(3).tolist()) for x in (engine, *copies)}) == 1
