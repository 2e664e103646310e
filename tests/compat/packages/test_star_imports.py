"""`from torch import *` and its kin give what PyTorch's give."""

import importlib
from types import FunctionType

import pytest

import funcnet.compat as torch
from funcnet.compat._ops import FUNCTIONS

# Of what PyTorch 2.13 exports what no script can do without; the whole is compared in
# tests/parity.
ESSENTIAL = {
    "": """
        Tensor Size Generator tensor as_tensor from_numpy zeros ones arange rand randn
        manual_seed add matmul cat stack where exp relu softmax einsum float32 int64
        no_grad enable_grad save load device dtype pi inf nan compile vmap sym_max
        is_tensor is_storage typename finfo iinfo get_default_dtype FloatStorage
        FloatTensor addmv_ relu_ use_deterministic_algorithms
    """,
    "nn": """
        Module Parameter Linear Conv2d BatchNorm2d LSTM Transformer Sequential ReLU
        CrossEntropyLoss functional init utils LazyLinear
    """,
    "nn.functional": """
        relu relu_ conv2d linear cross_entropy softmax dropout pad interpolate sigmoid
        tanh scaled_dot_product_attention
    """,
    "nn.init": "xavier_uniform_ kaiming_normal_ zeros_ calculate_gain",
    "nn.modules": "Module Linear Conv2d",
    "nn.modules.conv": "Conv1d Conv2d",
    "nn.modules.loss": "MSELoss CrossEntropyLoss",
    "nn.utils": "clip_grad_norm_ parameters_to_vector rnn parametrize",
    "nn.utils.rnn": "pad_sequence pack_padded_sequence PackedSequence",
    "optim": "Adam SGD AdamW LBFGS Optimizer lr_scheduler",
    "optim.lr_scheduler": "StepLR CosineAnnealingLR ReduceLROnPlateau",
    "linalg": "norm solve svd matmul LinAlgError",
    "fft": "fft rfft ifft2 fftfreq",
    "special": "erf expit gammaln log_softmax psi",
    "masked": "sum mean softmax",
    "signal.windows": "hann gaussian kaiser",
    "autograd": "grad backward Function",
    "autograd.functional": "jacobian hessian",
    "utils.data": "DataLoader Dataset TensorDataset random_split",
    "distributions": "Normal Categorical kl_divergence",
    "cuda": "is_available device_count synchronize",
    "onnx": "export errors is_in_onnx_export InputObserver ONNXProgram",
    "return_types": "all_return_types linalg_svd max sort",
    "utils.flop_counter": "FlopCounterMode register_flop_formula",
}
# What a star import must not bring into a script.
STRANGERS = "Any Final Callable os math np jax re missing functions FUNCTIONS"


def starred(module: str) -> dict[str, object]:
    path = f"funcnet.compat.{module}" if module else "funcnet.compat"
    names: dict[str, object] = {}
    exec(f"from {path} import *", names)
    return names


@pytest.mark.parametrize("module", ESSENTIAL)
def test_a_star_import_gives_what_pytorchs_gives(module: str) -> None:
    assert not set(ESSENTIAL[module].split()) - starred(module).keys()


@pytest.mark.parametrize("module", ESSENTIAL)
def test_a_star_import_gives_nothing_else(module: str) -> None:
    assert not set(STRANGERS.split()) & starred(module).keys()


@pytest.mark.parametrize("module", [name for name in ESSENTIAL if name])
def test_all_that_is_exported_is_there(module: str) -> None:
    result = importlib.import_module(f"funcnet.compat.{module}")
    assert [name for name in result.__all__ if not hasattr(result, name)] == []


def test_operators_are_found_by_namespace_only() -> None:
    assert starred("ops").keys() == {"__builtins__"}


@pytest.mark.parametrize(
    "name", ["missing", "suggest_everywhere", "suggest_methods", "own_copy", "DType"]
)
def test_what_is_the_packages_own_is_not_visible(name: str) -> None:
    assert name not in vars(torch)


@pytest.mark.parametrize(
    ("module", "names"),
    [("linalg", "os functions FUNCTIONS"), ("nn.functional", "re missing functions")],
)
def test_facades_show_functions_only(module: str, names: str) -> None:
    result = vars(importlib.import_module(f"funcnet.compat.{module}"))
    assert not set(names.split()) & result.keys()


def test_private_functions_are_not_exported() -> None:
    assert isinstance(FUNCTIONS["_foreach_add"], FunctionType)
    assert "_foreach_add" not in starred("")
    assert torch._foreach_add is not None
