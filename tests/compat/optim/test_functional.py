"""Optimizers as functions, such as `torch.optim.adam.adam`, made of their classes."""

import importlib
import inspect
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat.optim._update import RuleOptimizer

CLASSES = {
    name: cls
    for name in torch.optim.__all__
    if isinstance(cls := getattr(torch.optim, name), type)
    and issubclass(cls, RuleOptimizer)
    and cls.functional
}


def function(name: str) -> Any:
    """The functional form of a class, out of PyTorch's file."""
    file = name.lower()
    return getattr(importlib.import_module(f"funcnet.compat.optim.{file}"), file)


def test_a_functional_optimizer_steps_as_its_class() -> None:
    settings = {"lr": 0.1, "weight_decay": 0.01, "eps": 1e-8}
    p, q = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0])
    grad = torch.tensor([0.5, -1.0])
    optimizer = torch.optim.AdamW([q], amsgrad=True, betas=(0.8, 0.9), **settings)
    zeros = [[torch.zeros(2)] for _ in range(3)]
    steps = [torch.tensor(0.0)]
    for _ in range(2):
        q.grad = grad
        optimizer.step()
        torch.optim.adamw.adamw(
            *([p], [grad], *zeros, steps),
            **(settings | {"amsgrad": True, "beta1": 0.8, "beta2": 0.9}),
            maximize=False,
        )
    assert p.tolist() == q.tolist()
    assert steps[0].item() == 2
    assert p.grad is None


def test_functional_sgd_makes_its_velocity() -> None:
    p, velocity = torch.tensor([1.0]), [None]
    for _ in range(2):
        torch.optim.sgd.sgd(
            *([p], [torch.ones(1)], velocity),
            weight_decay=0,
            momentum=0.5,
            lr=0.1,
            dampening=0,
            nesterov=False,
            maximize=False,
        )
    assert p.tolist() == pytest.approx([0.75])
    assert velocity[0].tolist() == [1.5]


def test_a_functional_optimizer_has_the_signature_of_pytorch() -> None:
    shown = inspect.signature(torch.optim.radam.radam)
    names = "params grads exp_avgs exp_avg_sqs state_steps decoupled_weight_decay "
    names += "foreach differentiable capturable has_complex maximize "
    names += "beta1 beta2 lr weight_decay eps"
    assert list(shown.parameters) == names.split()
    assert shown.parameters["foreach"].default is None
    assert shown.parameters["maximize"].default is False
    assert shown.parameters["beta1"].kind is inspect.Parameter.KEYWORD_ONLY
    with pytest.raises(TypeError, match=r"radam\(\) missing a required .*beta1"):
        torch.optim.radam.radam([], [], [], [], [])


@pytest.mark.parametrize("name", CLASSES)
def test_a_functional_optimizer_resumes_the_state_of_its_class(name: str) -> None:
    p = torch.tensor([1.0, 2.0])
    optimizer = CLASSES[name]([p])
    gradients = torch.tensor([0.5, -1.0]), torch.tensor([-2.0, 0.5])
    p.grad = gradients[0]
    optimizer.step()
    q, state = p.clone(), {n: x.clone() for n, x in optimizer.state[p].items()}
    p.grad = gradients[1]
    optimizer.step()

    parameters = inspect.signature(function(name)).parameters
    pairs = {"beta1": "betas", "beta2": "betas", "etaminus": "etas", "etaplus": "etas"}
    pairs |= {"step_size_min": "step_sizes", "step_size_max": "step_sizes"}
    lists = [[q], [gradients[1]]]
    settings = {}
    for index, (key, parameter) in enumerate(parameters.items()):
        if parameter.kind is parameter.KEYWORD_ONLY:
            value = optimizer.defaults[pairs.get(key, key)]
            is_second = key in ("beta2", "etaplus", "step_size_max")
            settings[key] = value[is_second] if key in pairs else value
        elif index >= 2 and parameter.default is parameter.empty:
            own = key.removeprefix("state_").removesuffix("s").removesuffix("_list")
            lists.append([state[own]] if own in state else [])
    function(name)(*lists, **settings)
    assert q.tolist() == p.tolist()


def test_a_module_of_one_optimizer_lists_its_function() -> None:
    assert torch.optim.radam.__all__ == ["RAdam", "radam"]
    assert torch.optim.sparse_adam.__all__ == ["SparseAdam"]
