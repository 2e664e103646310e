"""Attributes of layers that a script replaces: parameters, buffers and settings."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple

from funcnet import compat
from tests.parity.scripts.common import numbers, refused

ROWS: Final[list[tuple[str, str, Any]]] = []


class Case(NamedTuple):
    """A layer of some settings, and the inputs that it is called with."""

    make: Callable[[Any], Any]
    inputs: Callable[[Any], tuple[Any, ...]]
    settings: dict[str, Any]


def _x(*shape: int) -> Callable[[Any], tuple[Any, ...]]:
    return lambda lib: (numbers(lib, *shape),)


def _attention(lib: Any) -> tuple[Any, ...]:
    q, k, v = (numbers(lib, 3, 2, 4, shift=0.1 * n) for n in range(3))
    return q, k, v


CASES: Final[dict[str, Case]] = {
    "Linear": Case(
        lambda lib: lib.nn.Linear(3, 2),
        _x(4, 3),
        {"in_features": 7, "out_features": 9},
    ),
    "Linear without bias": Case(lambda lib: lib.nn.Linear(3, 2, False), _x(4, 3), {}),
    "Bilinear": Case(
        lambda lib: lib.nn.Bilinear(3, 2, 2),
        lambda lib: (numbers(lib, 4, 3), numbers(lib, 4, 2)),
        {"in1_features": 7},
    ),
    "Conv1d": Case(
        lambda lib: lib.nn.Conv1d(2, 4, 3, padding=1),
        _x(2, 2, 6),
        {
            "stride": (2,),
            "padding": (2,),
            "dilation": (2,),
            "padding_mode": "circular",
            "in_channels": 5,
            "kernel_size": (9,),
        },
    ),
    "Conv2d": Case(
        lambda lib: lib.nn.Conv2d(2, 4, 3, padding=1, padding_mode="reflect"),
        _x(2, 2, 5, 4),
        {
            "stride": 2,
            "padding": (2, 2),
            "padding_mode": "zeros",
            "groups": 3,
            "_reversed_padding_repeated_twice": (0, 1, 2, 0),
        },
    ),
    "Conv3d": Case(
        lambda lib: lib.nn.Conv3d(1, 2, 2), _x(1, 1, 3, 3, 3), {"padding": "same"}
    ),
    "ConvTranspose2d": Case(
        lambda lib: lib.nn.ConvTranspose2d(2, 2, 3, stride=2),
        _x(1, 2, 3, 3),
        {"output_padding": (1, 1), "stride": (1, 1), "padding_mode": "circular"},
    ),
    "Embedding": Case(
        lambda lib: lib.nn.Embedding(5, 3, padding_idx=1),
        lambda lib: (lib.tensor([[0, 1], [4, 4]]),),
        {"padding_idx": 0, "scale_grad_by_freq": True, "num_embeddings": 2},
    ),
    "EmbeddingBag": Case(
        lambda lib: lib.nn.EmbeddingBag(5, 3),
        lambda lib: (lib.tensor([[0, 1], [4, 4]]),),
        {"mode": "max", "padding_idx": 4},
    ),
    "BatchNorm1d": Case(
        lambda lib: lib.nn.BatchNorm1d(3),
        _x(4, 3),
        {
            "eps": 0.1,
            "momentum": None,
            "track_running_stats": False,
            "affine": False,
            "num_features": 8,
        },
    ),
    "BatchNorm2d": Case(
        lambda lib: lib.nn.BatchNorm2d(2, affine=False),
        _x(2, 2, 3, 3),
        {"momentum": 0.5, "affine": True},
    ),
    "BatchNorm2d without statistics": Case(
        lambda lib: lib.nn.BatchNorm2d(2, track_running_stats=False),
        _x(2, 2, 3, 3),
        {"track_running_stats": True, "momentum": None},
    ),
    "InstanceNorm1d": Case(
        lambda lib: lib.nn.InstanceNorm1d(2, affine=True, track_running_stats=True),
        _x(2, 2, 5),
        {"track_running_stats": False, "momentum": 0.5, "num_features": 3},
    ),
    "InstanceNorm2d": Case(
        lambda lib: lib.nn.InstanceNorm2d(2),
        _x(2, 2, 3, 3),
        {"eps": 0.1, "num_features": 3, "affine": True, "track_running_stats": True},
    ),
    "LayerNorm": Case(
        lambda lib: lib.nn.LayerNorm(3),
        _x(2, 3),
        {"eps": 0.1, "normalized_shape": (2, 3), "elementwise_affine": False},
    ),
    "RMSNorm": Case(
        lambda lib: lib.nn.RMSNorm(3), _x(2, 3), {"eps": 0.1, "elementwise_affine": 0}
    ),
    "GroupNorm": Case(
        lambda lib: lib.nn.GroupNorm(2, 4),
        _x(2, 4, 3),
        {"num_groups": 1, "num_channels": 7, "affine": False},
    ),
    "PReLU": Case(lambda lib: lib.nn.PReLU(), _x(2, 3), {"num_parameters": 5}),
    "RNN": Case(
        lambda lib: lib.nn.RNN(2, 3),
        _x(4, 2, 2),
        {"nonlinearity": "relu", "batch_first": True},
    ),
    "LSTM": Case(
        lambda lib: lib.nn.LSTM(2, 3, num_layers=2, bidirectional=True),
        _x(4, 2, 2),
        {"batch_first": True, "dropout": 0.0, "input_size": 5},
    ),
    "GRU": Case(lambda lib: lib.nn.GRU(2, 3, bias=False), _x(4, 2, 2), {}),
    "RNNCell": Case(
        lambda lib: lib.nn.RNNCell(2, 3), _x(4, 2), {"nonlinearity": "relu"}
    ),
    "LSTMCell": Case(lambda lib: lib.nn.LSTMCell(2, 3), _x(4, 2), {}),
    "GRUCell": Case(lambda lib: lib.nn.GRUCell(2, 3), _x(4, 2), {"bias": False}),
    "MultiheadAttention": Case(
        lambda lib: lib.nn.MultiheadAttention(4, 2),
        _attention,
        {"num_heads": 1, "batch_first": True, "add_zero_attn": True, "head_dim": 4},
    ),
    "MultiheadAttention of sizes": Case(
        lambda lib: lib.nn.MultiheadAttention(4, 2, kdim=3, vdim=2, add_bias_kv=True),
        lambda lib: (
            numbers(lib, 3, 2, 4),
            numbers(lib, 5, 2, 3),
            numbers(lib, 5, 2, 2),
        ),
        {},
    ),
    "TransformerEncoderLayer": Case(
        lambda lib: lib.nn.TransformerEncoderLayer(4, 2, 6, 0.0),
        _x(3, 2, 4),
        {"norm_first": True},
    ),
    "TransformerDecoderLayer": Case(
        lambda lib: lib.nn.TransformerDecoderLayer(4, 2, 6, 0.0),
        lambda lib: (numbers(lib, 3, 2, 4), numbers(lib, 5, 2, 4, shift=0.1)),
        {"norm_first": True},
    ),
    "AdaptiveLogSoftmaxWithLoss": Case(
        lambda lib: lib.nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2, 4], div_value=2.0),
        lambda lib: (numbers(lib, 3, 4), lib.tensor([0, 3, 5])),
        {},
    ),
    "CrossEntropyLoss": Case(
        lambda lib: lib.nn.CrossEntropyLoss(weight=lib.tensor([1.0, 2.0, 3.0])),
        lambda lib: (numbers(lib, 4, 3), lib.tensor([0, 2, 1, 1])),
        {"ignore_index": 1, "reduction": "sum", "label_smoothing": 0.1},
    ),
    "BCEWithLogitsLoss": Case(
        lambda lib: lib.nn.BCEWithLogitsLoss(pos_weight=lib.tensor([1.0, 2.0, 3.0])),
        lambda lib: (numbers(lib, 4, 3), numbers(lib, 4, 3).sigmoid()),
        {"reduction": "none"},
    ),
    "GELU": Case(lambda lib: lib.nn.GELU(), _x(3), {"approximate": "tanh"}),
    "LeakyReLU": Case(
        lambda lib: lib.nn.LeakyReLU(), _x(3), {"negative_slope": 0.5, "inplace": True}
    ),
    "ReLU": Case(lambda lib: lib.nn.ReLU(inplace=True), _x(3), {"inplace": False}),
    "Softmax": Case(lambda lib: lib.nn.Softmax(0), _x(3, 2), {"dim": 1}),
    "Dropout": Case(lambda lib: lib.nn.Dropout(0.5), _x(3), {"p": 0.0}),
    "MaxPool2d": Case(
        lambda lib: lib.nn.MaxPool2d(2),
        _x(1, 1, 5, 5),
        {"kernel_size": 3, "stride": 1, "return_indices": True, "ceil_mode": True},
    ),
    "AvgPool1d": Case(
        lambda lib: lib.nn.AvgPool1d(2), _x(1, 1, 5), {"stride": 1, "padding": 1}
    ),
    "AdaptiveAvgPool2d": Case(
        lambda lib: lib.nn.AdaptiveAvgPool2d(2), _x(1, 1, 4, 4), {"output_size": (1, 2)}
    ),
    "Upsample": Case(
        lambda lib: lib.nn.Upsample(scale_factor=2),
        _x(1, 1, 3, 3),
        {"mode": "bilinear", "scale_factor": 3.0, "align_corners": True},
    ),
    "Flatten": Case(lambda lib: lib.nn.Flatten(), _x(2, 2, 2), {"start_dim": 0}),
    "CosineSimilarity": Case(
        lambda lib: lib.nn.CosineSimilarity(),
        lambda lib: (numbers(lib, 2, 3), numbers(lib, 2, 3, shift=0.1)),
        {"dim": 0, "eps": 1e9},
    ),
}


def _on(*cases: tuple[str, str]) -> Callable[[Any], Any]:
    """Enter a script under the layer of each case, a layer and an attribute of it."""

    def enter(run: Callable[..., Any]) -> Callable[..., Any]:
        title = run.__name__.replace("_", " ")
        for name, attribute in cases:
            on_case = partial(run, name=name, attribute=attribute)
            ROWS.append((name, f"{title}: {attribute}", on_case))
        return run

    return enter


def _tensors(lib: Any, name: str) -> list[str]:
    """The dotted names of a layer's parameters and buffers, None included."""
    return [
        f"{path}.{own}" if path else own
        for path, one in CASES[name].make(lib).named_modules()
        for own in (*one._parameters, *one._buffers)
    ]


def _made(lib: Any, name: str) -> tuple[Any, tuple[Any, ...]]:
    case = CASES[name]
    lib.manual_seed(0)
    return case.make(lib), case.inputs(lib)


def _place(module: Any, path: str) -> tuple[Any, str]:
    where, _, name = path.rpartition(".")
    return module.get_submodule(where), name


def _flat(output: Any) -> list[Any]:
    if isinstance(output, tuple):
        return [x for part in output for x in _flat(part)]
    return [output]


def _called(lib: Any, module: Any, inputs: tuple[Any, ...]) -> Any:
    """The outputs in training and in evaluation, and the gradients of all leaves."""
    seen: dict[str, Any] = {}
    for mode in ("train", "eval"):
        getattr(module, mode)()
        given = [x.clone() for x in inputs]
        leaves = [x for x in given if x.is_floating_point()]
        if not getattr(module, "inplace", False):
            for leaf in leaves:
                leaf.requires_grad_()
        try:
            output = [x for x in _flat(module(*given)) if x is not None]
        except Exception as error:
            seen[mode] = type(error).__name__
            continue
        seen[mode] = [x.detach().clone() for x in output]
        total = sum((x * x * x).sum() for x in output if x.requires_grad)
        if isinstance(total, lib.Tensor):
            total.backward(retain_graph=True)
        seen[f"gradients, {mode}"] = [x.grad for x in leaves]
    seen["parameters"] = {n: p.grad for n, p in module.named_parameters()}
    seen["buffers"] = {n: x.clone() for n, x in module.named_buffers()}
    seen["repr"] = repr(module)
    return seen


@_on(*[(n, s) for n, c in CASES.items() for s in c.settings])
def changed_setting(lib: Any, name: str, attribute: str) -> Any:
    module, inputs = _made(lib, name)
    module(*[x.clone() for x in inputs])
    setattr(module, attribute, CASES[name].settings[attribute])
    return _called(lib, module, inputs)


TENSORS: Final = [(name, path) for name in CASES for path in _tensors(compat, name)]


def _like(lib: Any, module: Any, name: str) -> Any:
    """A tensor of the shape that the attribute has, or that a bias would have."""
    old = getattr(module, name)
    shape = (2,) if old is None else tuple(old.shape)
    return numbers(lib, *shape, shift=0.3).abs()


# PyTorch refuses gradients of the weights of losses, which are not refused here.
DIFFERENTIABLE: Final = [one for one in TENSORS if "Loss" not in one[0]]
# PyTorch's recurrent networks remember what was deleted.
FORGOTTEN: Final = [one for one in TENSORS if one[0] not in ("RNN", "LSTM", "GRU")]


@_on(*DIFFERENTIABLE)
def computed_tensor(lib: Any, name: str, attribute: str) -> Any:
    module, inputs = _made(lib, name)
    place, own = _place(module, attribute)
    source = _like(lib, place, own).requires_grad_()
    delattr(place, own)
    setattr(place, own, source * 2)
    seen = _called(lib, module, inputs)
    return seen | {"source": source.grad, "names": [*module.state_dict()]}


@_on(*TENSORS)
def plain_tensor(lib: Any, name: str, attribute: str) -> Any:
    module, inputs = _made(lib, name)
    place, own = _place(module, attribute)
    new = _like(lib, place, own)
    delattr(place, own)
    setattr(place, own, new)
    return _called(lib, module, inputs)


@_on(*FORGOTTEN)
def in_the_dict(lib: Any, name: str, attribute: str) -> Any:
    module, inputs = _made(lib, name)
    place, own = _place(module, attribute)
    place.__dict__[own] = _like(lib, place, own)
    return _called(lib, module, inputs)


@_on(*[one for one in TENSORS if one != ("GroupNorm", "weight")])  # PyTorch fails
def none_and_back(lib: Any, name: str, attribute: str) -> Any:
    module, inputs = _made(lib, name)
    place, own = _place(module, attribute)
    old = getattr(place, own)
    setattr(place, own, None)
    seen = [_called(lib, module, inputs)]
    setattr(place, own, old)
    return [*seen, _called(lib, module, inputs)]


@_on(*FORGOTTEN)
def deleted(lib: Any, name: str, attribute: str) -> Any:
    module, inputs = _made(lib, name)
    place, own = _place(module, attribute)
    delattr(place, own)
    return refused(lambda: module(*inputs), 99).split(". Did you")[0]


ONE_INPUT: Final = [
    (name, tensor)
    for name, tensor in DIFFERENTIABLE
    if "." not in tensor and len(_made(compat, name)[1]) == 1
]


@_on(*ONE_INPUT)
def in_a_row(lib: Any, name: str, attribute: str) -> Any:
    module, inputs = _made(lib, name)
    source = _like(lib, module, attribute).requires_grad_()
    delattr(module, attribute)
    setattr(module, attribute, source * 2)
    row = lib.nn.Sequential(lib.nn.Identity(), module)
    return _called(lib, row, inputs) | {"source": source.grad}
