"""A training step is one program, compiled once."""

import gc
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._engine import buffer_reuse, executor

STEPS = 30
ALL = 1000


class Perceptron(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10)
        )

    def forward(self, x: Any) -> Any:
        return self.layers(x)


class Convolutional(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(36, 10)

    def forward(self, x: Any) -> Any:
        x = nn.functional.max_pool2d(torch.relu(self.norm(self.conv(x))), 2)
        return self.fc(self.drop(x.flatten(1)))


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 12, batch_first=True)
        self.fc = nn.Linear(12, 10)

    def forward(self, x: Any) -> Any:
        return self.fc(self.lstm(x[:, 0])[0][:, -1])


def batches() -> Any:
    random = np.random.default_rng(0)
    while True:
        x = torch.tensor(random.normal(size=(4, 1, 8, 8)).astype("float32"))
        yield x, torch.tensor(random.integers(0, 10, 4))


def plain(model: Any, optimizer: Any, read: bool = True) -> Callable[[Any, Any], None]:
    criterion = nn.CrossEntropyLoss()

    def step(x: Any, y: Any) -> None:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        if read:
            loss.item()

    return step


def perceptron(read: bool = True) -> Callable[[Any, Any], None]:
    model = Perceptron()
    return plain(model, torch.optim.SGD(model.parameters(), 0.01, momentum=0.9), read)


def convolutional() -> Callable[[Any, Any], None]:
    model = Convolutional()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.99)
    inner = plain(model, optimizer)

    def step(x: Any, y: Any) -> None:
        inner(x, y)
        schedule.step()

    return step


def recurrent() -> Callable[[Any, Any], None]:
    model = Recurrent()
    return plain(model, torch.optim.RMSprop(model.parameters(), 1e-3))


def accumulating() -> Callable[[Any, Any], None]:
    model = Perceptron()
    optimizer = torch.optim.SGD(model.parameters(), 0.01)

    def step(x: Any, y: Any) -> None:
        for _ in range(4):
            (nn.functional.cross_entropy(model(x), y) / 4).backward()
        optimizer.step()
        optimizer.zero_grad()

    return step


def adversarial() -> Callable[[Any, Any], None]:
    generator, critic = nn.Linear(3, 64), nn.Sequential(nn.Flatten(), nn.Linear(64, 1))
    first = torch.optim.Adam(generator.parameters(), 1e-3)
    second = torch.optim.Adam(critic.parameters(), 1e-3)
    criterion = nn.BCEWithLogitsLoss()

    def step(x: Any, y: Any) -> None:
        del y
        fake = generator(torch.randn(4, 3))
        second.zero_grad()
        real_loss = criterion(critic(x), torch.ones(4, 1))
        fake_loss = criterion(critic(fake.detach()), torch.zeros(4, 1))
        (real_loss + fake_loss).backward()
        second.step()
        first.zero_grad()
        criterion(critic(fake), torch.ones(4, 1)).backward()
        first.step()

    return step


# What trains, how many programs it has, how many times each step runs one.
TASKS = [
    (perceptron, 1, 1),
    (lambda: perceptron(read=False), 1, 1),
    (convolutional, 1, 1),
    (recurrent, 1, 1),
    (accumulating, 1, 1),
    (adversarial, 2, 2),
]
NAMES = ["mlp", "mlp-unread", "cnn", "lstm", "accumulation", "gan"]


def count(make: Callable[[], Any], steps: int) -> tuple[int, int, list[int]]:
    """Programs compiled after the second step, in all, and where they were."""
    torch.manual_seed(0)
    step = make()
    data = batches()
    compiles = []
    for x, y in itertools.islice(data, steps):
        before = executor.counts.compiles
        step(x, y)
        compiles.append(executor.counts.compiles - before)
    later = [place for place, result in enumerate(compiles) if result and place > 1]
    return sum(compiles), executor.counts.runs, later


@pytest.mark.parametrize(("make", "programs", "runs"), TASKS, ids=NAMES)
def test_a_step_compiles_once(make: Any, programs: int, runs: int) -> None:
    executor.run_pending()
    before = executor.counts.runs
    compiled, after, later = count(make, STEPS)
    assert not later, f"programs were compiled again at steps {later}"
    # The first step differs: momenta and gradients are not there yet.
    assert compiled <= 2 * programs
    assert after - before == runs * STEPS


@pytest.mark.slow
@pytest.mark.parametrize(("make", "programs", "runs"), TASKS, ids=NAMES)
def test_a_thousand_steps_compile_once(make: Any, programs: int, runs: int) -> None:
    del runs
    compiled, _, later = count(make, ALL)
    assert not later
    assert compiled <= 2 * programs


@pytest.mark.parametrize("read", [True, False])
def test_memory_stays_flat(read: bool) -> None:
    step = perceptron(read)
    data = batches()
    for x, y in itertools.islice(data, 20):
        step(x, y)
    gc.collect()
    gc.disable()  # what is left over must go without the collector
    try:
        before = len(gc.get_objects())
        for x, y in itertools.islice(data, 200):
            step(x, y)
        grown = len(gc.get_objects()) - before
    finally:
        gc.enable()
    assert grown < 200


def test_memory_that_the_gradient_graph_needs_is_not_given_up() -> None:
    x = torch.ones(4, requires_grad=True)
    inner = x * 2
    y = inner * inner
    del inner  # the graph alone holds it
    total = y.sum()
    assert total.item() == 16
    z = y * 3  # runs with the numbers that the first program gave
    del y
    assert z.sum().item() == 48
    del z
    total.backward()
    assert x.grad.tolist() == [8, 8, 8, 8]


def test_a_parameters_old_memory_is_reused() -> None:
    step = perceptron()
    data = batches()
    for x, y in itertools.islice(data, 3):
        step(x, y)
    listed = []
    donatable_inputs = buffer_reuse.donatable_inputs

    def spy(leaves: Any, uses: Any, outs: Any) -> Any:
        result = donatable_inputs(leaves, uses, outs)
        listed.append(result)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buffer_reuse, "donatable_inputs", spy)
        step(*next(data))
    assert len(listed[0]) == 8  # four parameters and their momenta


def test_a_dropped_gradients_memory_is_reused() -> None:
    layer = nn.Linear(256, 256)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    places = []
    for _ in range(4):
        optimizer.zero_grad()
        layer(torch.ones(2, 256)).sum().backward()
        optimizer.step()
        places.append(layer.weight.grad._array().unsafe_buffer_pointer())
    assert len(set(places[1:])) == 1


def test_a_kept_gradient_is_not_overwritten() -> None:
    layer = nn.Linear(256, 256)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    kept = []
    for step in range(1, 6):
        optimizer.zero_grad()
        (layer(torch.ones(2, 256)).sum() * step).backward()
        optimizer.step()
        kept.append(layer.weight.grad.detach())
    assert [grad[0, 0].item() for grad in kept] == [2, 4, 6, 8, 10]


def test_building_the_model_is_no_part_of_the_first_step() -> None:
    model = nn.Linear(3, 2)
    model.register_buffer("mask", torch.ones(2, 2).tril())  # recorded, not computed
    with torch.no_grad():
        model.weight.mul_(0.5)
    optimizer = torch.optim.Adam(model.parameters())
    before = executor.counts.compiles
    for _ in range(3):
        optimizer.zero_grad()
        (model(torch.ones(1, 3)) @ model.mask).sum().backward()
        optimizer.step()
    assert executor.counts.compiles == before + 1
