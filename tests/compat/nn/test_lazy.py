"""Lazy layers: PyTorch's, and classes of one's own."""

import copy
from typing import Any

import pytest

from funcnet import compat as torch
from funcnet.compat import nn
from funcnet.compat.nn.modules.lazy import LazyModuleMixin


class Scale(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))

    def forward(self, x: Any, *, twice: bool = False) -> Any:
        return x * self.scale * (2 if twice else 1)


class LazyScale(LazyModuleMixin, Scale):
    cls_to_become = Scale

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.UninitializedParameter()

    def initialize_parameters(self, x: Any, **_: Any) -> None:
        if self.has_uninitialized_params():
            with torch.no_grad():
                self.scale.materialize(x.shape[-1:])
                self.scale.fill_(3.0)


def test_a_class_of_ones_own_learns_its_size_from_the_first_input() -> None:
    layer = LazyScale()
    assert layer.has_uninitialized_params()
    assert layer(torch.ones(2, 5), twice=True).tolist() == [[6.0] * 5] * 2
    assert type(layer) is Scale
    assert not layer._forward_pre_hooks
    assert not layer._load_state_dict_pre_hooks
    assert type(layer.scale) is nn.Parameter
    layer(torch.ones(5)).sum().backward()
    assert layer.scale.grad is not None


def test_its_size_is_learned_from_a_file_too() -> None:
    layer = LazyScale()
    layer.load_state_dict({"scale": torch.arange(4.0)})
    assert layer.scale.tolist() == [0, 1, 2, 3]
    assert layer(torch.ones(4)).tolist() == [0, 1, 2, 3]
    assert type(layer) is Scale


def test_what_is_not_initialized_is_an_error() -> None:
    class Empty(LazyModuleMixin, Scale):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.UninitializedParameter()

    with pytest.raises(NotImplementedError, match="not implemented for Empty"):
        Empty()(torch.ones(2))
    Empty.initialize_parameters = lambda self, x: None  # type: ignore[method-assign, assignment]
    with pytest.raises(RuntimeError, match="Empty has not been fully initialized"):
        Empty()(torch.ones(2))


def test_layers_of_pytorch_are_of_the_same_kind() -> None:
    layer = copy.deepcopy(nn.Sequential(nn.LazyConv2d(4, 3), nn.LazyBatchNorm2d()))
    assert all(isinstance(part, LazyModuleMixin) for part in layer)
    layer(torch.ones(2, 3, 5, 5))
    assert [type(part) for part in layer] == [nn.Conv2d, nn.BatchNorm2d]
