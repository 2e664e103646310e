"""Attributes of layers that a script replaces; PyTorch reads them at each call."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from funcnet import compat as torch
from funcnet.compat import nn
from funcnet.compat.nn import functional as F


def ones(module: Any) -> Any:
    for p in module.parameters():
        p.data.fill_(1.0)
    return module


def replaced(module: Any, name: str, value: Any) -> Any:
    delattr(module, name)
    setattr(module, name, value)
    return module


X = [[1.0, 2.0]]
# A layer, an attribute of it, a tensor in its place, the input, PyTorch's output.
REPLACED: list[tuple[Callable[[], Any], str, Any, Any, Any]] = [
    (lambda: nn.Linear(2, 1), "weight", [[3.0, 4.0]], X, [12.0]),
    (lambda: nn.Linear(2, 1, bias=False), "bias", [10.0], X, [13.0]),
    (lambda: nn.LayerNorm(2), "weight", [5.0, 5.0], X, [-4.0, 6.0]),
    (lambda: nn.LayerNorm(2, bias=False), "bias", [5.0, 5.0], X, [4.0, 6.0]),
    (lambda: nn.RMSNorm(2), "weight", [2.0, 0.0], X, [1.2649, 0.0]),
    (lambda: nn.GroupNorm(1, 2), "bias", [3.0, 4.0], X, [2.0, 5.0]),
    (lambda: nn.BatchNorm1d(1), "weight", [5.0], [[1.0], [2.0]], [-3.9999, 5.9999]),
    (lambda: nn.Conv1d(1, 1, 2), "weight", [[[3.0, 4.0]]], [X], [12.0]),
    (lambda: nn.ConvTranspose1d(1, 1, 1), "bias", [4.0], [X], [5.0, 6.0]),
    (lambda: nn.Embedding(2, 1), "weight", [[3.0], [4.0]], [1], [4.0]),
    (lambda: nn.EmbeddingBag(2, 1), "weight", [[3.0], [4.0]], [[0, 1]], [3.5]),
    (lambda: nn.PReLU(), "weight", [0.5], [[-1.0, 2.0]], [-0.5, 2.0]),
    (lambda: nn.RNNCell(2, 1), "weight_ih", [[0.0, 0.0]], X, [0.9640]),
    (lambda: nn.GRUCell(2, 1), "weight_ih", [[0.0] * 2] * 3, X, [0.1138]),
    (lambda: nn.LSTM(2, 1), "weight_ih_l0", [[0.0] * 2] * 4, X, [0.6083]),
]


@pytest.mark.parametrize(
    "case", REPLACED, ids=lambda case: f"{type(case[0]()).__name__}.{case[1]}"
)
def test_a_tensor_in_the_place_of_a_parameter_is_used(case: Any) -> None:
    make, name, value, x, wanted = case
    source = torch.tensor(value).requires_grad_()
    module = replaced(ones(make()), name, source * 1)
    output = module(torch.tensor(x))
    output = output[0] if isinstance(output, tuple) else output
    assert output.flatten().tolist() == pytest.approx(wanted, abs=2e-4)
    output.sum().backward()
    assert source.grad is not None
    assert name not in module.state_dict()
    row = nn.Sequential(nn.Identity(), module, nn.Identity())
    again = row(torch.tensor(x))
    again = again[0] if isinstance(again, tuple) else again
    assert torch.equal(again, output)


def test_a_bias_is_none_and_comes_back() -> None:
    layer, x = ones(nn.Conv1d(1, 1, 1)), torch.ones(1, 1, 1)
    bias = layer.bias
    layer.bias = None
    assert layer(x).item() == 1
    layer.bias = bias
    assert layer(x).item() == 2
    del layer.weight
    with pytest.raises(AttributeError, match=r"object has no attribute 'weight'"):
        layer(x)


def test_batch_norm_without_its_statistics_uses_those_of_the_batch() -> None:
    norm, x = nn.BatchNorm1d(1).eval(), torch.tensor([[1.0], [3.0]])
    assert norm(x).flatten().tolist() == pytest.approx([1.0, 3.0], abs=1e-4)
    norm.track_running_stats = False  # of which PyTorch takes no notice in evaluation
    assert norm(x).flatten().tolist() == pytest.approx([1.0, 3.0], abs=1e-4)
    norm.running_mean = norm.running_var = None
    assert norm(x).flatten().tolist() == pytest.approx([-1.0, 1.0], abs=1e-4)


def test_settings_that_only_describe_are_not_asked() -> None:
    layer = ones(nn.Linear(3, 2))
    layer.weight = nn.Parameter(layer.weight[:1, :2])  # pruned
    layer.bias = None
    assert layer(torch.ones(1, 2)).tolist() == [[2.0]]
    norm = nn.BatchNorm1d(3, affine=False, track_running_stats=False)
    assert norm(torch.tensor([[1.0], [3.0]])).shape == (2, 1)


def test_settings_are_read_at_each_call() -> None:
    x = torch.arange(4.0).reshape(1, 1, 4)
    conv = ones(nn.Conv1d(1, 1, 2, padding=1, bias=False))
    conv.padding_mode = "circular"
    assert conv(x).flatten().tolist() == [3.0, 1.0, 3.0, 5.0, 3.0]
    conv.stride = (2,)
    assert conv(x).flatten().tolist() == [3.0, 3.0, 3.0]
    conv.padding_mode = "nothing"  # PyTorch says so when it is called
    with pytest.raises(NotImplementedError):
        conv(x)
    pool = nn.MaxPool1d(2)
    pool.kernel_size = 3  # the stride was settled when it was made
    assert pool(x).flatten().tolist() == [2.0]
    drop = nn.Dropout(0.5)
    drop.p = 2.0
    with pytest.raises(ValueError, match="has to be between 0 and 1, but got 2"):
        drop(x)


def test_methods_that_scripts_override_are_called() -> None:
    class Standardised(nn.Conv1d):
        def forward(self, x: Any) -> Any:
            return self._conv_forward(x, self.weight * 0 + 2, self.bias)

    class Doubled(nn.Conv1d):
        def _conv_forward(self, x: Any, weight: Any, bias: Any) -> Any:
            return F.conv1d(x, weight * 2, bias)

    x = torch.ones(1, 1, 2)
    assert ones(Standardised(1, 1, 1))(x).flatten().tolist() == [3.0, 3.0]
    assert ones(Doubled(1, 1, 1))(x).flatten().tolist() == [3.0, 3.0]
    assert ones(nn.Sequential(Doubled(1, 1, 1), nn.ReLU()))(x)[0, 0, 0] == 3
    conv = ones(nn.Conv1d(1, 1, 1))
    conv._conv_forward = lambda x, weight, bias: x * 7
    assert conv(x).flatten().tolist() == [7.0, 7.0]


def test_a_property_gives_the_weight() -> None:
    class Tied(nn.Linear):
        def __getattr__(self, name: str) -> Any:
            if name == "weight" and "made" in self.__dict__:
                return torch.full((1, 2), 5.0)
            return super().__getattr__(name)

    layer = Tied(2, 1, bias=False)
    layer.made = True
    del layer.weight
    assert layer(torch.ones(1, 2)).item() == 10


def test_places_of_device_and_dtype() -> None:
    layer = nn.Linear(2, 3, True, "cpu", torch.float64)
    assert layer.weight.dtype is torch.float64
    assert nn.Conv1d(1, 1, 1, 1, 0, 1, 1, True, "zeros", None, torch.float64)
    assert nn.BatchNorm1d(1, 1e-5, 0.1, True, True, "cpu", torch.float64).bias.dtype
    assert nn.ReLU(True).inplace
    with pytest.raises(TypeError, match="multiple values for argument 'device'"):
        nn.Linear(2, 3, True, "cpu", device="cpu")
    with pytest.raises(TypeError, match="unexpected keyword argument 'device'"):
        nn.ReLU(device="cpu")


def test_bags_by_name() -> None:
    bag = nn.EmbeddingBag.from_pretrained(torch.tensor([[1.0], [2.0]]), mode="sum")
    offsets = torch.tensor([0, 2])
    weights = torch.tensor([1.0, 2.0, 3.0])
    result = bag(torch.tensor([0, 1, 1]), offsets=offsets, per_sample_weights=weights)
    assert result.flatten().tolist() == [5.0, 6.0]


def test_arguments_have_pytorchs_names_and_places() -> None:
    def names(function: Any) -> list[str]:
        return list(inspect.signature(function).parameters)

    assert names(nn.Linear) == [
        "in_features",
        "out_features",
        "bias",
        "device",
        "dtype",
    ]
    assert names(nn.Linear.__init__)[:2] == ["self", "in_features"]
    assert names(nn.LazyLinear) == ["out_features", "bias", "device", "dtype"]
    assert names(nn.LeakyReLU) == ["negative_slope", "inplace"]
    assert names(nn.Bilinear.forward) == ["self", "input1", "input2"]
    assert names(F.relu) == ["input", "inplace"]
    norm = inspect.signature(nn.BatchNorm2d).parameters["bias"]
    assert norm.kind is inspect.Parameter.KEYWORD_ONLY

    class Own(nn.Linear):
        def __init__(self, width: int) -> None:
            super().__init__(width, width)

    assert names(Own) == ["width"]
    assert nn.Bilinear(1, 1, 1)(input1=torch.ones(1, 1), input2=torch.ones(1, 1)).dim()


def test_a_lazy_layer_keeps_its_hooks() -> None:
    layer, told = nn.LazyLinear(1), []
    layer.register_forward_hook(
        lambda m, a, k, o: told.append(list(k)), with_kwargs=True
    )
    layer(torch.ones(1, 2))
    layer(input=torch.ones(1, 2))
    assert told == [[], ["input"]]


@pytest.mark.parametrize("name", ["weight", "child", "mean"])
def test_a_wrong_assignment_names_the_attribute(name: str) -> None:
    layer = nn.Linear(1, 1)
    layer.child = nn.ReLU()
    layer.register_buffer("mean", torch.zeros(1))
    with pytest.raises(TypeError, match=rf"cannot assign '.*' as .* '{name}' \("):
        setattr(layer, name, 1.0)


def test_a_recurrent_layer_asks_its_input_size_that_was_set() -> None:
    layer = torch.nn.LSTM(3, 4)
    layer.input_size = 5
    with pytest.raises(RuntimeError, match="Expected 5, got 3"):
        layer(torch.ones(2, 1, 3))


@pytest.mark.parametrize(
    "layer",
    [
        nn.Upsample(scale_factor=2),
        nn.Upsample(size=4, mode="bilinear"),
        nn.UpsamplingNearest2d(scale_factor=2),
        nn.UpsamplingBilinear2d(size=(4, 4)),
    ],
    ids=str,
)
def test_upsampling_has_a_gradient(layer) -> None:
    x = torch.ones(1, 1, 2, 2, requires_grad=True)
    layer(x).sum().backward()
    assert x.grad.sum().item() == pytest.approx(16)
