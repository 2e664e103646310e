"""The registry: what a public name shows of itself, and that nothing is rewritten."""

import inspect
import operator
import pickle
from types import FunctionType
from typing import Any

import pytest

import funcnet.compat as torch
import funcnet.compat.nn.functional as F
from funcnet.compat import nn
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.registry import REGISTRY, Registration
from funcnet.compat.overrides import TorchFunctionMode

PICKLED = """
add Tensor.add Tensor.add_ relu_ nn.functional.relu nn.functional.dropout2d
special.bessel_j0 linalg.norm fft.fft2 zeros full_like hann_window autograd.grad
signal.windows.hann nn.init.xavier_uniform_ Tensor.item Tensor.__add__ FloatTensor
"""


def entries() -> list[Registration]:
    return list(REGISTRY.values())


def test_what_is_registered_is_where_it_says() -> None:
    # The modules of `nn.init` and `autograd` define their functions themselves.
    wrong = [
        entry.path
        for entry in entries()
        if not entry.path.startswith("Tensor.")
        and operator.attrgetter(entry.path)(torch) is not entry.public
    ]
    assert wrong == []


def test_methods_are_those_of_the_class() -> None:
    wrong = [
        entry.path
        for entry in entries()
        if entry.path.startswith("Tensor.")
        and vars(torch.Tensor)[entry.path.removeprefix("Tensor.")] is not entry.public
    ]
    assert wrong == []


def test_public_functions_have_a_name_a_docstring_and_a_signature() -> None:
    for entry in entries():
        if isinstance(entry.public, FunctionType) and not entry.alias_of:
            name = entry.path.rpartition(".")[2]
            assert entry.public.__name__ == name
            assert inspect.signature(entry.public) is not None
            if name[:1] != "_":
                assert entry.public.__doc__, entry.path


@pytest.mark.parametrize(
    ("function", "formula"),
    [
        (torch.add, "promoted(input, other)"),
        (torch.Tensor.add, "promoted(input, other)"),
        (torch.Tensor.add_, "promoted(input, other)"),
        (torch.allclose, "all_close(input, other"),
        (torch.linalg.norm, "def norm"),
        (F.linear, "F.linear(input, weight, bias)"),
        (torch.cat, "def cat"),
    ],
)
def test_the_source_of_a_function_is_its_formula(function: Any, formula: str) -> None:
    assert formula in inspect.getsource(function)


@pytest.mark.parametrize("path", PICKLED.split())
def test_public_functions_can_be_pickled(path: str) -> None:
    function = operator.attrgetter(path)(torch)
    if path != "FloatTensor":  # a class that says it is torch's
        assert pickle.loads(pickle.dumps(function)) is function


def test_a_function_and_its_method_are_told_apart() -> None:
    assert torch.add is not torch.Tensor.add
    assert torch.relu is not F.relu
    assert torch.conv2d is F.conv2d
    assert torch.sub is torch.subtract


def test_functions_are_the_same_under_a_mode() -> None:
    seen = []

    class Mode(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            seen.append(torch.overrides.resolve_name(func))
            return func(*args, **(kwargs or {}))

    functions = [torch.add, torch.Tensor.add, torch.Tensor.view, F.relu, nn.init.ones_]
    before = [function.__code__ for function in functions]
    x = torch.ones(2)
    with Mode():
        assert [function.__code__ for function in functions] == before
        _ = torch.add(x, 1).view(2, 1).shape
    assert seen == ["torch.add", "torch.Tensor.view", "torch.Tensor.shape.__get__"]


def test_the_constructors_of_users_are_left_as_they_are() -> None:
    class Net(nn.Module):
        def __init__(self, width: int, depth: int = 1) -> None:
            super().__init__()

    assert not hasattr(Net.__init__, "__wrapped__")
    assert hasattr(nn.Flatten.__init__, "__wrapped__")


@pytest.mark.parametrize("said", ["", ". Did you mean 'fast'?"])
def test_a_keyword_is_explained_once_whatever_python_says(said: str) -> None:
    @explains_keywords
    def function(x: int, fast: bool = False) -> None:
        raise TypeError(f"function() got an unexpected keyword argument 'fsat'{said}")

    with pytest.raises(TypeError) as error:
        function(1, fast=True)
    assert str(error.value).count("Did you mean 'fast'") == 1
