"""Whole modules in files: rebuilt from fields, nothing called."""

import dataclasses
import io
import pickle
from pathlib import Path
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.checkpoint import CheckpointError
from funcnet.compat import nn
from funcnet.compat.nn.modules import CLASSES
from tests.checkpoint.pth import crafted

FROZEN = Path(__file__).parents[2] / "checkpoint" / "pth" / "frozen"


def passed(value: Any, **how: Any) -> Any:
    """A value, saved and loaded."""
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return torch.load(file, **how)


MODULES = [
    lambda: nn.Linear(3, 2, bias=False),
    lambda: nn.Bilinear(2, 3, 4),
    lambda: nn.Conv2d(2, 4, (3, 2), stride=2, padding="valid", groups=2),
    lambda: nn.Conv1d(2, 4, 3, padding="same", padding_mode="circular"),
    lambda: nn.ConvTranspose2d(2, 4, 3, output_padding=1, stride=2),
    lambda: nn.BatchNorm1d(3, momentum=None),
    lambda: nn.BatchNorm2d(3, affine=False, track_running_stats=False),
    lambda: nn.LayerNorm((2, 3), bias=False),
    lambda: nn.GroupNorm(2, 4),
    lambda: nn.RMSNorm(4),
    lambda: nn.Dropout(0.3, inplace=True),
    lambda: nn.ReLU6(),
    lambda: nn.PReLU(3, 0.1),
    lambda: nn.ZeroPad2d((1, 2, 0, 1)),
    lambda: nn.MaxPool2d(2, ceil_mode=True),
    lambda: nn.AdaptiveAvgPool2d((None, 3)),
    lambda: nn.Upsample(scale_factor=2, mode="bilinear"),
    lambda: nn.Embedding(5, 3, padding_idx=1),
    lambda: nn.EmbeddingBag(5, 3, mode="sum"),
    lambda: nn.LSTM(3, 4, 2, bidirectional=True, proj_size=2),
    lambda: nn.GRU(3, 4, bias=False, batch_first=True),
    lambda: nn.RNN(3, 4, nonlinearity="relu"),
    lambda: nn.LSTMCell(3, 4),
    lambda: nn.MultiheadAttention(4, 2, add_bias_kv=True, kdim=3, vdim=2),
    lambda: nn.TransformerEncoderLayer(4, 2, 8, activation="gelu"),
    lambda: nn.Transformer(4, 2, 1, 1, 8, batch_first=True),
    lambda: nn.ParameterList([torch.ones(2), torch.ones(3)]),
    lambda: nn.ParameterDict({"a": torch.ones(2)}),
    lambda: nn.ModuleDict({"a": nn.Linear(1, 2), "b": nn.Identity()}),
    lambda: nn.ModuleList([nn.Flatten(), nn.Unflatten(1, (2, 3))]),
    lambda: nn.CrossEntropyLoss(weight=torch.ones(3), label_smoothing=0.1),
    lambda: nn.AdaptiveLogSoftmaxWithLoss(16, 8, [2, 3], div_value=2.0),
    lambda: nn.PairwiseDistance(p=1),
]


@pytest.mark.parametrize("make", MODULES, ids=lambda make: repr(make())[:40])
def test_modules_come_back_as_they_were(make: Any) -> None:
    module = make().eval()
    result = passed(module)
    assert type(result) is type(module)
    assert repr(result) == repr(module)
    assert not result.training
    wanted, state = module.state_dict(), result.state_dict()
    assert list(state) == list(wanted)
    assert all(torch.equal(state[name], wanted[name]) for name in wanted)
    native = getattr(type(module), "native_class", type(module))
    fixed = {*getattr(native, "__dataclass_fields__", ())}
    settings = {f.name for f in dataclasses.fields(native)} if fixed else set()
    assert {*vars(module)} - (fixed - settings) <= {*vars(result)}


def test_a_model_of_pytorch_is_loaded_and_computes() -> None:
    model = torch.load(FROZEN / "model.pth")
    assert [type(one).__name__ for one in model] == [
        *("Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d", "Flatten", "Linear")
    ]
    assert model.conv.bias is None
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    assert model(x).shape == (1, 3)
    model(x).sum().backward()
    assert model.fc.weight.grad.shape == (3, 8)
    assert model.norm.num_batches_tracked == 2


def test_a_loaded_module_goes_on_learning() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    result = passed(model)
    x = torch.ones(1, 2)
    assert torch.equal(result(x), model(x))
    optimizer = torch.optim.SGD(result.parameters(), lr=0.1)
    result(x).sum().backward()
    optimizer.step()
    assert not torch.equal(result(x), model(x))


def test_tied_parameters_stay_tied() -> None:
    model = nn.ModuleDict({"a": nn.Linear(2, 2), "b": nn.Linear(2, 2)})
    model["b"].weight = model["a"].weight
    result = passed(model)
    assert result["a"].weight is result["b"].weight


def test_loading_draws_no_random_numbers() -> None:
    file = io.BytesIO()
    torch.save(nn.Linear(3, 2), file)
    file.seek(0)
    before = torch.get_rng_state()
    torch.load(file)
    assert torch.equal(torch.get_rng_state(), before)


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(2, 1)
        self.scale = 2.0
        self.history = [1, 2]

    def forward(self, x: Any) -> Any:
        return self.fc(x) * self.scale


class Wide(nn.Linear):
    """A class of the user's that is one of torch's layers."""


@pytest.mark.parametrize("make", [Net, lambda: Wide(2, 3)], ids=["Net", "Wide"])
def test_a_module_of_the_users_needs_leave(make: Any) -> None:
    model = make()
    file = io.BytesIO()
    torch.save(model, file)
    file.seek(0)
    with pytest.raises(pickle.UnpicklingError, match=type(model).__name__):
        torch.load(file)
    x = torch.ones(1, 2)
    file.seek(0)
    with torch.serialization.safe_globals([type(model)]):
        result = torch.load(file)
    assert type(result) is type(model)
    assert torch.equal(result(x), model(x))
    assert getattr(result, "history", [1, 2]) == [1, 2]
    file.seek(0)
    with pytest.warns(UserWarning, match="trust"):
        result = torch.load(file, weights_only=False)
    assert torch.equal(result(x), model(x))


def test_a_local_class_cannot_be_found_again() -> None:
    class Local(nn.Module):
        pass

    with pytest.raises(CheckpointError, match=r"Local, which cannot be imported"):
        passed(Local())


def test_hooks_are_functions_and_not_saved() -> None:
    model = nn.Linear(2, 1)
    model.register_forward_hook(lambda *_: None)
    with pytest.raises(CheckpointError, match="state_dict"):
        passed(model)


def test_a_lazy_module_is_saved_once_it_has_a_shape() -> None:
    model = nn.LazyLinear(3)
    with pytest.raises(CheckpointError, match="Call the model once"):
        passed(model)
    model(torch.ones(1, 2))
    assert passed(model).in_features == 2


def linear(*fields: bytes, weight: bytes | None = None) -> io.BytesIO:
    """A file with a Linear of six weights, whose fields may lie."""
    tensor = crafted.tensor() if weight is None else weight
    make = crafted.name("torch._utils", "_rebuild_parameter")
    parameter = crafted.call(make, tensor, b"\x88", crafted.NO_HOOKS)
    held = crafted.mapped(crafted.text("weight"), parameter, crafted.text("bias"), b"N")
    known = {
        "training": b"\x88",
        "_parameters": held,
        "_buffers": b"}",
        "_modules": b"}",
        "in_features": crafted.number(3),
        "out_features": crafted.number(2),
    }
    pairs = [part for name, one in known.items() for part in (crafted.text(name), one)]
    result = crafted.name("torch.nn.modules.linear", "Linear") + b")\x81"
    state = crafted.mapped(*pairs, *fields)
    return io.BytesIO(crafted.zipped(result + state + b"b"))


SYSTEM = crafted.name("os", "system")
LIES = {
    "another size": [crafted.text("in_features"), crafted.number(4)],
    "an endless size": [crafted.text("out_features"), crafted.number(2**62)],
    "a negative size": [crafted.text("out_features"), crafted.number(-1)],
    "a size of text": [crafted.text("out_features"), crafted.text("2")],
    "hooks": [
        crafted.text("_forward_hooks"),
        crafted.mapped(crafted.number(0), crafted.text("os.system")),
    ],
    "hooks that call": [crafted.text("_forward_hooks"), SYSTEM],
    "parameters of another kind": [crafted.text("_parameters"), b"]"],
    "modules that are tensors": [
        crafted.text("_modules"),
        crafted.mapped(crafted.text("a"), crafted.tensor()),
    ],
    "a buffer that is text": [
        crafted.text("_buffers"),
        crafted.mapped(crafted.text("a"), crafted.text("b")),
    ],
    "names that are numbers": [crafted.number(1), crafted.number(2)],
    "kept buffers of another kind": [
        crafted.text("_non_persistent_buffers_set"),
        crafted.number(2),
    ],
}


def test_a_crafted_module_is_read_if_it_does_not_lie() -> None:
    assert torch.load(linear()).weight.shape == (2, 3)


@pytest.mark.parametrize("fields", LIES.values(), ids=LIES)
def test_fields_that_lie_are_refused(fields: list[bytes]) -> None:
    with pytest.raises(CheckpointError):
        torch.load(linear(*fields))


def test_layers_without_end_are_refused() -> None:
    cls = crafted.name("torch.nn.modules.rnn", "LSTM") + b")\x81"
    settings = {"input_size": 3, "hidden_size": 2, "num_layers": 10**12}
    pairs = [
        part
        for name, value in settings.items()
        for part in (crafted.text(name), crafted.number(value))
    ]
    data = crafted.zipped(cls + crafted.mapped(*pairs) + b"b")
    with pytest.raises(CheckpointError, match="fewer layers"):
        torch.load(io.BytesIO(data))


def test_a_module_in_itself_is_refused() -> None:
    cls = crafted.name("torch.nn.modules.container", "Sequential") + b")\x81q\0"
    inside = crafted.mapped(crafted.text("0"), b"h\0")
    data = crafted.zipped(cls + crafted.mapped(crafted.text("_modules"), inside) + b"b")
    with pytest.raises(CheckpointError, match="contains itself"):
        torch.load(io.BytesIO(data))


def test_a_module_of_the_old_format_comes_with_its_source() -> None:
    source = crafted.group(
        *(crafted.text("module"), crafted.name("torch.nn.modules.activation", "ReLU")),
        *(crafted.text("activation.py"), crafted.text("class ReLU: ...")),
    )
    fields = crafted.mapped(crafted.text("inplace"), b"\x88")
    value = source + b"Q)\x81" + fields + b"b"
    data = crafted.legacy(value, keys=b"]", tail=b"")
    assert repr(torch.load(io.BytesIO(data))) == "ReLU(inplace=True)"


def test_every_class_of_modules_has_a_name_in_pytorch() -> None:
    from funcnet.compat._serialization._names import MODULES

    written = {cls.__name__ for cls in MODULES.values()}
    assert {name for name in CLASSES if not name.startswith("Lazy")} == written
