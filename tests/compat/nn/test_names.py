"""Names of `torch.nn` that model files import, and what they do."""

import importlib
import inspect
import re

import pytest

from funcnet import compat as torch
from funcnet.compat import distributed, nn
from funcnet.compat.nn.attention import SDPBackend, flex_attention, sdpa_kernel
from funcnet.compat.nn.modules import utils
from funcnet.functional._activation import activation, rectifier
from funcnet.nn._activation import activation as layers
from funcnet.nn._activation import rectifier as layers_of_rectifiers


@pytest.mark.parametrize(
    "name",
    [
        *("modules.batchnorm._BatchNorm", "modules.instancenorm.InstanceNorm2d"),
        *("modules.utils._ntuple", "modules.utils._reverse_repeat_tuple"),
        *("modules.transformer._get_clones", "modules.module._IncompatibleKeys"),
        *("modules.padding._ReflectionPadNd", "modules.upsampling.Upsample"),
        *("parallel.distributed.DistributedDataParallel", "parallel.DataParallel"),
        *("parallel.scatter_gather.scatter", "attention.bias.causal_lower_right"),
        *("attention.flex_attention.BlockMask", "grad.conv1d_input", "DataParallel"),
    ],
)
def test_names_are_there(name: str) -> None:
    module, _, last = f"funcnet.compat.nn.{name}".rpartition(".")
    assert hasattr(importlib.import_module(module), last)


def test_data_parallel_is_the_module_with_a_prefix() -> None:
    layer = nn.Linear(2, 1)
    model = nn.DataParallel(layer)
    assert model.module is layer
    assert list(model.state_dict()) == ["module.weight", "module.bias"]
    x = torch.ones(3, 2)
    assert torch.equal(model(x), layer(x))
    state = model.state_dict()
    utils.consume_prefix_in_state_dict_if_present(state, "module.")
    layer.load_state_dict(state)
    assert list(state._metadata) == [""]


def test_distributed_data_parallel_wants_a_group() -> None:
    layer = nn.Linear(2, 1)
    with pytest.raises(ValueError, match="process group has not been initialized"):
        nn.parallel.DistributedDataParallel(layer)
    distributed.init_process_group("gloo", rank=0, world_size=1)
    try:
        model = nn.parallel.DistributedDataParallel(layer)
        with model.no_sync():
            assert torch.equal(model(torch.ones(1, 2)), layer(torch.ones(1, 2)))
        layer.requires_grad_(False)
        with pytest.raises(RuntimeError, match="not needed when a module doesn't have"):
            nn.parallel.DistributedDataParallel(layer)
    finally:
        distributed.destroy_process_group()


def test_inputs_are_cut_and_outputs_joined() -> None:
    x = torch.arange(6.0).reshape(3, 2)
    pieces = nn.parallel.scatter((x, {"x": x, "n": 1}), ["cpu", "cpu"])
    assert [tuple(piece[0].shape) for piece in pieces] == [(2, 2), (1, 2)]
    assert pieces[1][1]["n"] == 1
    joined = nn.parallel.gather([piece[1]["x"] for piece in pieces], "cpu")
    assert torch.equal(joined, x)


def test_kernels_of_attention_are_named_and_not_asked() -> None:
    with sdpa_kernel([SDPBackend.MATH, SDPBackend.FLASH_ATTENTION]):
        pass
    with (
        pytest.raises(AssertionError, match="instance of SDPBackend"),
        sdpa_kernel("x"),
    ):
        pass
    with pytest.raises(NotImplementedError, match="scaled_dot_product_attention"):
        flex_attention.flex_attention(1, 2, 3)


def test_gradients_of_convolutions_are_functions() -> None:
    x = torch.arange(4.0).reshape(1, 1, 4)
    grad = torch.ones(1, 1, 3)
    result = nn.grad.conv1d_weight(x, (1, 1, 2), grad)
    assert result.tolist() == [[[3.0, 6.0]]]
    weight = torch.tensor([[[1.0, 2.0]]])
    assert nn.grad.conv1d_input((1, 1, 4), weight, grad).tolist() == [[[1, 3, 3, 2]]]


def test_native_activations_are_functions_and_modules() -> None:
    functions = {*activation.__all__, *rectifier.__all__}
    assert functions <= {*dir(nn.functional)}
    assert {*layers.__all__, *layers_of_rectifiers.__all__} <= {*dir(nn)}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "missing 2 required positional arguments: 'd_model' and 'nhead'"),
        ((1,), "missing 1 required positional argument: 'nhead'"),
        (range(13), "takes from 3 to 12 positional arguments but 14 were given"),
    ],
)
def test_wrong_arguments_of_a_transformer_name_its_class(args, message: str) -> None:
    name = "TransformerEncoderLayer.__init__()"
    with pytest.raises(TypeError, match=re.escape(f"{name} {message}")):
        nn.TransformerEncoderLayer(*args)


def test_a_transformer_takes_the_arguments_of_pytorch() -> None:
    parameters = inspect.signature(nn.TransformerDecoderLayer).parameters
    assert [*parameters][-3:] == ["bias", "device", "dtype"]
    assert parameters["activation"].default is nn.functional.relu


def test_containers_print_the_dtypes_of_parameters_as_pytorch_does() -> None:
    one = nn.Parameter(torch.ones(2, 3))
    assert "(0): Parameter containing: [torch.float32 of size 2x3]" in repr(
        nn.ParameterList([one])
    )
    assert "(k): Parameter containing: [torch.FloatTensor of size 2x3]" in repr(
        nn.ParameterDict({"k": one})
    )
