"""What is interpreted, what is compiled, and when."""

import os
import random
import subprocess
import sys
import threading
import tracemalloc
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._core.context import thread
from funcnet.compat._engine import executor
from funcnet.compat._engine.op import Op
from funcnet.compat._engine.program import Program
from funcnet.compat._interpreter.costs import Cost
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tiers import estimates, policy, tier
from funcnet.compat._tiers.background import compile_later


class Trainer:
    """A network and its step."""

    def __init__(self, seed: int = 0) -> None:
        torch.manual_seed(seed)
        self.net = nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(0.3), nn.Linear(36, 5),
        )  # fmt: skip
        self.opt = torch.optim.Adam(self.net.parameters(), lr=1e-2)
        self.x, self.y = torch.randn(12, 1, 8, 8), torch.randint(0, 5, (12,))

    def step(self, batch: int = 12) -> float:
        self.opt.zero_grad()
        outputs = self.net(self.x[:batch])
        loss = nn.functional.cross_entropy(outputs, self.y[:batch])
        loss.backward()
        self.opt.step()
        return loss.item()  # type: ignore[no-any-return]


def losses(name: str, count: int = 6) -> list[float]:
    with tier(name):  # type: ignore[arg-type]
        trainer = Trainer()
        return [trainer.step() for _ in range(count)]


def test_both_tiers_compute_the_same() -> None:
    assert losses("interpret") == pytest.approx(losses("compile"), rel=1e-5)


def test_what_is_new_compiles_nothing(compiles: list[str]) -> None:
    trainer = Trainer()
    for batch in (12, 11, 10, 9):
        trainer.step(batch)
    assert compiles == []


def test_a_small_step_is_never_compiled(compiles: list[str]) -> None:
    """To start XLA's program costs more than the step does in numpy."""
    net = nn.Sequential(nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 1))
    opt = torch.optim.SGD(net.parameters(), 0.01)
    x = torch.rand(100, 1)
    for _ in range(50):
        opt.zero_grad()
        nn.functional.mse_loss(net(x), x * x).backward()
        opt.step()
    assert compiles == []


def test_a_small_array_is_taken_from_jax_once() -> None:
    small, large = torch.rand(4), torch.rand(100, 100)
    with tier("compile"):
        results = [small + 1, large + 1]
        expected = [x.tolist() for x in results]
        assert all(isinstance(x._array(), jax.Array) for x in results)
    with tier("interpret"):
        sums = [(x * 2).tolist() for x in results]
    assert [type(x._array()) is np.ndarray for x in results] == [True, False]
    assert [x.tolist() for x in results] == expected
    assert sums[0] == [2 * x for x in expected[0]]


@pytest.mark.parametrize("name", ["compile", "interpret"])
def test_gradients_of_gradients_are_taken(name: str) -> None:
    """Values, a gradient, its gradient, and that one's, in one program."""
    with tier(name):  # type: ignore[arg-type]
        x = torch.tensor([0.5, -1.0]).requires_grad_()
        results = [torch.exp(2 * x)]
        for _ in range(3):
            results += torch.autograd.grad(results[-1].sum(), x, create_graph=True)
        for order, result in enumerate(results):
            wanted = 2.0**order * np.exp(2 * x.detach().numpy())
            np.testing.assert_allclose(result.detach().numpy(), wanted, 1e-6)


@pytest.mark.usefixtures("compiling_is_cheap")
def test_what_repeats_is_compiled_once(compiles: list[str]) -> None:
    trainer = Trainer()
    for _ in range(12):
        trainer.step()
    assert len(compiles) == 1
    assert executor.counts.compiles


def schedules() -> list[estimates.Schedule]:
    return [use.schedule for use in policy._used.programs.values()]


def test_the_use_that_is_compiled_follows_from_the_shapes() -> None:
    Trainer().step()
    first = schedules()
    policy._used.programs.clear()
    Trainer(seed=1).step()
    assert schedules() == first


@pytest.mark.usefixtures("compiling_is_cheap")
def test_each_thread_counts_its_uses() -> None:
    """What a thread computes does not depend on what others have run."""

    def train(losses: list[float]) -> None:
        trainer = Trainer()
        losses += [trainer.step() for _ in range(9)]

    alone: list[float] = []
    train(alone)
    after: list[float] = []
    other = threading.Thread(target=train, args=(after,))
    other.start()
    other.join()
    assert after == alone


def test_each_thread_has_constants_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which numbers are inputs does not depend on those that other threads had."""
    original = policy.fixed_numbers
    shown: list[Any] = []

    def noting(*args: Any) -> Any:
        shown.append(original(*args))
        return shown[-1]

    monkeypatch.setattr(policy, "fixed_numbers", noting)
    x = torch.ones(6, 3).requires_grad_()

    def look() -> None:
        for index in range(6):
            x.grad = None
            (x[index] * 7).sum().backward()
            assert x.grad[index].tolist() == [7.0] * 3

    look()
    alone, shown[:] = list(shown), []
    other = threading.Thread(target=look)
    other.start()
    other.join()
    assert shown == alone
    assert alone[0]
    assert not alone[-1]


@pytest.mark.parametrize(
    ("cost", "is_compiled"),
    [
        (Cost(steps=2, bytes=100, primitives=2), False),
        (Cost(steps=2, bytes=100, primitives=20_000), False),
        (Cost(steps=1000, bytes=1e6, primitives=1000, inputs=1, outputs=999), False),
        (Cost(steps=500, bytes=1e8, products=1e9, primitives=500), True),
    ],
    ids=["saves nothing", "takes too long", "takes apart", "pays"],
)
def test_what_cannot_pay_is_never_compiled(cost: Cost, is_compiled: bool) -> None:
    assert (estimates.schedule(cost) != estimates.NEVER_COMPILED) == is_compiled


def test_who_waits_for_what_has_not_begun_compiles_it() -> None:
    """Another program may be in the way that takes minutes."""
    begun, ends = threading.Event(), threading.Event()

    def slow(x: Any) -> Any:
        begun.set()
        ends.wait(60)
        return x + 1

    threads = []

    def quick(x: Any) -> Any:
        threads.append(threading.current_thread())
        return x + 2

    types = [jax.ShapeDtypeStruct((3,), np.float32)]
    first = compile_later(torch.device("cpu"), Program(jax.jit(slow)), types)
    second = compile_later(torch.device("cpu"), Program(jax.jit(quick)), types)
    begun.wait(60)
    second.wait()
    assert threads == [threading.current_thread()]
    ends.set()
    first.wait()
    second.run()
    assert len(threads) == 1


def test_the_longer_uses_are_the_sooner_compiling_begins() -> None:
    """Where it pays after few uses; they are interpreted while it is compiled."""
    schedules = [
        estimates.schedule(Cost(500, 3e6 * size, 5e7 * size, 500))
        for size in (1, 10, 100, 1000)
    ]
    assert sorted(schedules, reverse=True) == schedules
    assert schedules[-1].begins == 2
    assert schedules[-1].interpreted <= 4
    assert schedules[0].interpreted - schedules[0].begins > 20


def test_large_programs_are_compiled_soon() -> None:
    x = torch.randn(1 << 21)
    for _ in range(6):
        for _ in range(6):
            x = torch.tanh(x) * 1.5
        x.sum().item()
    assert min(schedules()).begins < 4


def test_each_size_is_compiled_later_than_the_one_before() -> None:
    """Lengths of sentences: each comes again a few times at most."""
    lstm, x = nn.LSTM(64, 256), torch.randn(64, 64, 64)
    for size in range(64, 54, -1):
        lstm(x[:, :size])[0].sum().item()
    begins = [one.begins for one in schedules()]
    assert begins == sorted(begins)
    assert begins[-1] > 10


def test_programs_that_take_long_to_compile_never_are(
    compiles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimates, "LONGEST", 0.1)
    trainer = Trainer()
    for _ in range(15):
        trainer.step()
    assert compiles == []


def test_memory_is_freed_after_the_last_use() -> None:
    def peak() -> int:
        w = torch.ones(1 << 18, requires_grad=True)  # 1 MiB
        x = w
        for _ in range(20):
            x = x.view(512, 512).t().reshape(-1) + 1.0
        x.sum().backward()
        assert w.grad is not None
        tracemalloc.start()
        w.grad.numel(), executor.run_pending()
        largest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return largest

    with tier("interpret"):
        peak()  # plans are made
        assert peak() < 6 << 20


def test_a_result_shares_no_memory_with_an_input() -> None:
    array = np.arange(6.0, dtype=np.float32)
    x = torch.from_numpy(array)
    with tier("interpret"):
        y = x.clone().reshape(2, 3).t().contiguous()
        z = (x * 1).reshape(2, 3)
        assert y.tolist() == [[0, 3], [1, 4], [2, 5]]
        assert z.tolist() == [[0, 1, 2], [3, 4, 5]]
        array[:] = 7
        assert y.tolist() == [[0, 3], [1, 4], [2, 5]]
        assert z.tolist() == [[0, 1, 2], [3, 4, 5]]
        assert x.tolist() == [7] * 6


def test_a_result_is_not_what_an_operation_passes_on() -> None:
    """Neither an input, nor another result, nor what a plan keeps."""
    x = torch.from_numpy(np.ones(3, np.float32))
    constant = np.array([0, 1], np.float32)
    passes_on = Op("pass_on", lambda x: (x, x, jnp.flip(jnp.asarray(constant)) + 1))
    results = []
    with tier("interpret"):
        for _ in range(2):
            results += record_op(passes_on, (x,))
            executor.run_pending()
    arrays = [y._value().array for y in (x, *results)]
    for i, a in enumerate(arrays):
        assert not any(np.shares_memory(a, b) for b in arrays[:i])


def test_a_tier_is_that_of_a_thread() -> None:
    seen = []

    def look() -> None:
        seen.append(thread.context.tier)

    with tier("interpret"):
        other = threading.Thread(target=look)
        other.start()
        other.join()
        look()
    look()
    assert seen == [None, "interpret", None]


def test_dropout_masks_are_the_same_bits() -> None:
    masks = []
    for name in ("interpret", "compile"):
        torch.manual_seed(3)
        with tier(name):  # type: ignore[arg-type]
            x = nn.functional.dropout(torch.ones(64), 0.5)
            masks.append((x * torch.rand(64)).tolist())
    assert masks[0] == masks[1]


@pytest.mark.parametrize("seed", range(12))
def test_tiers_switched_at_random_agree(seed: int) -> None:
    """A program drawn at random, each part of it run in a tier drawn at random."""
    results = []
    for tiers in (("compile",), ("interpret", "compile")):
        draw, choice = random.Random(seed), random.Random(seed + 100)
        torch.manual_seed(seed)
        w = torch.randn(4, 4, requires_grad=True)
        tensors = [torch.randn(4, 4) for _ in range(3)] + [w]
        values = []
        for _ in range(12):
            with tier(choice.choice(tiers)):  # type: ignore[arg-type]
                a, b = draw.choice(tensors), draw.choice(tensors)
                made = draw.choice(
                    [
                        lambda a, b: a @ b,
                        lambda a, b: torch.tanh(a) * b,
                        lambda a, b: torch.softmax(a, 1) + b.t(),
                        lambda a, b: a.cumsum(0) - b[[0, 2, 1, 3]],
                        lambda a, b: torch.where(a > 0, a, b.sort(1).values),
                        lambda a, b: (a / 3).view(2, 8).repeat(2, 1).view(8, 4)[:4] + b,
                    ]
                )(a, b)
                made = torch.tanh(made)
                if draw.random() < 0.3:
                    made = made.clone()
                    made[draw.randrange(4)] = 0.5
                tensors.append(made)
                if draw.random() < 0.4:
                    values.append(made.sum().item())
                if draw.random() < 0.3:
                    w.grad = None
                    (made * w).sum().backward(retain_graph=True)
                    values += w.grad.flatten().tolist()  # type: ignore[union-attr]
        results.append(values)
    assert results[0] == pytest.approx(results[1], rel=1e-4, abs=1e-5)


def test_an_unknown_tier_is_refused() -> None:
    refused = pytest.raises(ValueError, match="'fast' is no tier; it must be one of")
    with refused, tier("fast"):  # type: ignore[arg-type]
        pass
    run = subprocess.run(
        [sys.executable, "-c", "import funcnet.compat"],
        env=os.environ | {"FUNCNET_TIER": "fast"},
        capture_output=True,
        text=True,
    )
    assert run.returncode
    assert "FUNCNET_TIER is 'fast'" in run.stderr


COUNT = """
import jax
import funcnet.compat as torch
from funcnet.compat import nn

compiled = []
jax.monitoring.register_event_duration_secs_listener(
    lambda event, seconds, **_: compiled.append(event)
    if event == "/jax/core/compile/backend_compile_duration" else None
)
net = nn.Sequential(
    nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.Dropout(0.3), nn.Linear(36, 20), nn.LayerNorm(20), nn.GELU(),
    nn.Unflatten(1, (5, 4)), nn.LSTM(4, 4, batch_first=True),
)
opt = torch.optim.Adam(net.parameters())
loss = net(torch.randn(12, 1, 8, 8))[0].square().mean()
loss.backward()
torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
opt.step()
print(loss.item() > 0, len(compiled))
"""


def test_the_first_step_of_a_process_compiles_nothing() -> None:
    run = subprocess.run(
        [sys.executable, "-c", COUNT], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["True", "0"]


SCRIPT = """
import funcnet.compat as torch
from funcnet.compat import nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(20, 64), nn.Tanh(), nn.Dropout(0.2), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters())
x = torch.randn(32, 20)
for i in range(60):
    opt.zero_grad()
    loss = net(x[: 32 - i % 3]).pow(2).mean()
    loss.backward()
    opt.step()
    print(loss.item().hex())
"""


def test_a_script_gives_the_same_bits_cold_and_warm(tmp_path: Any) -> None:
    outputs = []
    for _ in range(3):
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=os.environ | {"FUNCNET_CACHE": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.append(run.stdout)
    assert outputs[0].count("\n") == 60
    assert outputs[0] == outputs[1] == outputs[2]
