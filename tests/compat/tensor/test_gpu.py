"""What scripts do on a GPU: results stay there, and tensors of the CPU may travel.

The whole of `op_db` and random scripts: `python -m tests.parity compat_devices`.
"""

import copy
import io
from collections.abc import Iterable
from typing import Any

import jax
import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat.nn import functional as F
from funcnet.compat.utils.data import DataLoader, Dataset, TensorDataset


def on_gpu(found: Any) -> bool:
    """Whether all tensors in a result lie on a GPU; there must be one."""
    if isinstance(found, torch.Tensor):
        return found.device.type == "cuda"
    return bool(found) and all(map(on_gpu, found))


def x(*shape: int) -> torch.Tensor:
    numbers = np.linspace(-1, 1, int(np.prod(shape)), dtype=np.float32)
    return torch.tensor(numbers.reshape(shape)).cuda()


def doubles() -> torch.Tensor:
    return torch.arange(3.0, dtype=torch.float64, device="cuda")


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (lambda: x(3)[x(3) > 0], [1.0]),
        (lambda: x(3)[(x(3) > 0).cpu()], [1.0]),
        (lambda: x(3)[[0, 2]], [-1.0, 1.0]),
        (lambda: x(3)[np.array([0, 2])], [-1.0, 1.0]),
        (lambda: x(3)[torch.tensor([0, 2])], [-1.0, 1.0]),
        (lambda: x(3).masked_select(x(3) > 0), [1.0]),
        (lambda: torch.combinations(x(2)), [[-1.0, 1.0]]),
        (lambda: torch.combinations(x(2), 0), []),
        (lambda: x(2).repeat_interleave(2), [-1.0, -1.0, 1.0, 1.0]),
        (lambda: torch.tensor([1, 2]).cuda().repeat_interleave(), [0, 1, 1]),
        (lambda: x(2) * torch.tensor(2.0), [-2.0, 2.0]),
        (lambda: x(2).copy_(torch.ones(2)), [1.0, 1.0]),
        (lambda: torch.where(x(2) > 0, x(2), 0.0), [0.0, 1.0]),
        (lambda: doubles() / 4, [0.0, 0.25, 0.5]),
        (lambda: nn.utils.rnn.pad_sequence([x(2), x(3)[:1]]), [[-1, -1], [1, 0]]),
    ],
)
def test_tensors_of_the_cpu_may_travel_and_results_stay(gpu, run, expected):
    result = run()
    assert on_gpu(result)
    assert result.tolist() == expected


def assign(key: Any, value: Any) -> Any:
    def run(where: str) -> torch.Tensor:
        result = torch.zeros(3, 4, device=where)
        view = result[1:]
        result[key() if callable(key) else key] = value() if callable(value) else value
        result.add_(view.sum())
        return result

    return run


@pytest.mark.parametrize("direct", [True, False])
@pytest.mark.parametrize(
    "write",
    [
        assign(0, 2.0),
        assign(slice(1, None), lambda: torch.ones(4)),
        assign((1, 2), 3),
        assign([0, 2], 4.0),
        assign(lambda: torch.tensor([0, 2]), torch.tensor(1.5)),
        assign(lambda: torch.eye(3, 4) > 0, 1.0),
    ],
)
def test_what_is_written_into_a_tensor_leaves_it_on_the_gpu(gpu, write, direct):
    wanted = write("cpu")
    if direct:
        assert on_gpu(result := write(gpu))
    else:  # as scripts have it that name no device
        torch.set_default_device(gpu)
        try:
            assert on_gpu(result := write("cuda"))
        finally:
            torch.set_default_device("cpu")
    assert result.tolist() == wanted.tolist()


def test_a_parameter_that_is_written_stays_on_the_gpu(gpu):
    torch.set_default_device(gpu)
    try:
        weight = nn.Linear(20, 150).weight
        with torch.no_grad():
            weight[0] = 0
    finally:
        torch.set_default_device("cpu")
    assert on_gpu([weight, weight.clone(), weight.t()])
    assert weight[0].abs().sum() == 0


def test_what_lies_on_the_cpu_is_computed_there_though_there_is_a_gpu(gpu):
    at_home = {jax.devices("cpu")[0]}
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
    optimizer = torch.optim.Adam(model.parameters())
    data = torch.randn(32, 64)
    for _ in range(3):
        loss = model(data).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    slope = torch.func.grad(lambda t: model(t).sum())(data)
    result = [loss, slope, *model.parameters(), *(p.grad for p in model.parameters())]
    for x in (*result, *state_of(optimizer)):
        assert x.device.type == "cpu"
        array = x._array()
        assert isinstance(array, np.ndarray) or array.devices() == at_home


def test_tensors_on_two_devices_are_refused(gpu):
    with pytest.raises(RuntimeError, match=r"same device, .* cpu and cuda:0!"):
        x(2) + torch.ones(2)


MODELS = {
    "convolutions": (
        lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.MaxPool2d(2)),
        lambda: x(2, 3, 8, 8),
    ),
    "attention": (lambda: nn.TransformerEncoderLayer(8, 2, 16), lambda: x(3, 2, 8)),
    "dropout": (lambda: nn.Sequential(nn.Linear(5, 5), nn.Dropout()), lambda: x(4, 5)),
    "lstm": (lambda: nn.LSTM(5, 6, 2, bidirectional=True), lambda: x(3, 2, 5)),
    "packed": (
        lambda: nn.LSTM(5, 4),
        lambda: nn.utils.rnn.pack_padded_sequence(x(3, 2, 5), [2, 3], False, False),
    ),
}


def first(output: Any) -> torch.Tensor:
    return output if isinstance(output, torch.Tensor) else first(output[0])


def state_of(optimizer: Any) -> Iterable[torch.Tensor]:
    for state in optimizer.state_dict()["state"].values():
        for name, value in state.items():
            if isinstance(value, torch.Tensor) and name != "step":
                yield value


@pytest.mark.parametrize("name", MODELS)
def test_models_train_where_they_are(gpu, name):
    make, data = MODELS[name]
    model = make().to(gpu)
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(2):
        loss = first(model(data())).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert on_gpu([loss, *model.parameters(), *model.buffers()][:-1])
    assert on_gpu([p.grad for p in model.parameters() if p.grad is not None])
    assert on_gpu(list(state_of(optimizer)))


@pytest.mark.parametrize("double", [False, True])
def test_lazy_modules_become_what_they_were_moved_to(gpu, double):
    model = nn.LazyConv2d(4, 3).to(gpu)
    data = x(2, 3, 8, 8)
    if double:
        model, data = model.double(), data.double()
    loss = model(data).sum()
    loss.backward()
    assert on_gpu([loss, *model.parameters()])
    assert {p.grad.dtype for p in model.parameters()} == {data.dtype}


def test_lbfgs_keeps_its_state_on_the_gpu(gpu):
    model = nn.Linear(5, 2).to(gpu)
    optimizer = torch.optim.LBFGS(model.parameters())

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = model(x(4, 5)).pow(2).mean()
        loss.backward()
        return loss

    before = optimizer.step(closure)
    assert optimizer.step(closure) < before
    assert on_gpu(list(state_of(optimizer)))


class Square(torch.autograd.Function):
    @staticmethod
    def forward(x: Any) -> Any:
        return x * x

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        return 2 * ctx.saved_tensors[0] * grad


def test_functions_of_functions_stay_on_the_gpu(gpu):
    model = nn.Linear(5, 2).to(gpu)
    functions = torch.func
    for result in (
        functions.grad(lambda t: model(t).sum())(x(5)),
        functions.vmap(model)(x(3, 5)),
        functions.jacrev(lambda t: t * t)(x(3)),
        functions.vjp(torch.tanh, x(3))[1](torch.ones(3, device=gpu)),
        functions.jvp(torch.sin, (x(3),), (x(3),)),
        functions.functional_call(model, dict(model.named_parameters()), (x(1, 5),)),
        functions.grad(lambda t: Square.apply(t).sum())(x(3)),
    ):
        assert on_gpu(result)
    apply, params, state = torch.pure(model)
    y, _ = apply(params, state, x(3, 5)._array())
    np.testing.assert_allclose(y, model(x(3, 5)).tolist(), 1e-6)


class Pairs(Dataset):
    def __getitem__(self, index: int) -> Any:
        return x(4)[index], index

    def __len__(self) -> int:
        return 4


def test_loaders_give_what_datasets_hold(gpu):
    held = TensorDataset(x(4, 2), torch.arange(4))
    for first, second in DataLoader(held, 2):
        assert on_gpu(first)
        assert not on_gpu(second)
    for first, second in DataLoader(Pairs(), 2, shuffle=True):
        assert on_gpu(first)
        assert not on_gpu(second)


def test_workers_are_told_to_stay_on_the_processor(gpu):
    held = TensorDataset(x(4, 2))
    with pytest.raises(RuntimeError, match="Workers of a DataLoader compute on the"):
        next(iter(DataLoader(held, 2, num_workers=1)))


def test_files_say_where_tensors_lay(gpu):
    file = io.BytesIO()
    torch.save({"x": x(3), "model": nn.Linear(2, 2).to(gpu).state_dict()}, file)
    file.seek(0)
    result = torch.load(file)
    assert on_gpu([result["x"], *result["model"].values()])
    file.seek(0)
    assert not on_gpu(torch.load(file, map_location="cpu")["x"])


def test_copies_and_losses_stay_on_the_gpu(gpu):
    model = copy.deepcopy(nn.Linear(5, 3).to(gpu))
    labels = torch.tensor([0, 2], device=gpu)
    loss = F.cross_entropy(model(x(2, 5)), labels, torch.ones(3, device=gpu))
    lengths = torch.tensor([4]), torch.tensor([2])
    logits = x(4, 1, 3).log_softmax(2)
    aligned = F.ctc_loss(logits, torch.tensor([[1, 2]], device=gpu), *lengths)
    assert on_gpu([loss, aligned])
