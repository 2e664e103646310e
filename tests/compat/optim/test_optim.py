"""Optimizers and schedulers of compat: compile counts, states, hooks, errors."""

import copy
import re
import warnings
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat._engine import executor
from funcnet.compat.optim import lr_scheduler, swa_utils

OPTIMIZERS = (
    *("SGD", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Adagrad", "Adadelta"),
    *("RMSprop", "Rprop", "ASGD", "Adafactor", "Muon"),
)


def matrix() -> torch.Tensor:
    return torch.ones(3, 2).requires_grad_()


def train(p: torch.Tensor, optimizer: Any, steps: int = 1) -> None:
    for _ in range(steps):
        optimizer.zero_grad()
        (p * p).sum().backward()
        optimizer.step()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_settings_that_change_compile_nothing(name: str) -> None:
    p = matrix()
    optimizer = getattr(torch.optim, name)([p], lr=0.01)
    group = optimizer.param_groups[0]
    group["weight_decay"] = 0.01
    for setting, value in (("momentum", 0.9), ("betas", (0.9, 0.99))):
        if setting in group:
            group[setting] = value
    train(p, optimizer)
    before = executor.counts.compiles
    for step in range(1, 5):
        group["lr"] *= 0.9
        group["weight_decay"] *= 0.9
        if "momentum" in group:
            group["momentum"] = 0.9 - 0.01 * step
        if "betas" in group:
            group["betas"] = (0.9 - 0.01 * step, 0.99)
        train(p, optimizer)
    assert executor.counts.compiles == before


def test_a_step_is_one_program() -> None:
    p = matrix()
    optimizer = torch.optim.Adam([p])
    train(p, optimizer)
    compiles, runs = executor.counts.compiles, executor.counts.runs
    train(p, optimizer, 5)
    assert executor.counts.compiles == compiles
    assert executor.counts.runs == runs + 5


def test_parameters_without_gradient_are_skipped() -> None:
    p, other = matrix(), matrix()
    optimizer = torch.optim.Adam([p, other])
    train(p, optimizer)
    assert other.tolist() == torch.ones(3, 2).tolist()
    assert list(optimizer.state) == [p]


def test_a_step_counts_as_a_write() -> None:
    p = matrix()
    optimizer = torch.optim.SGD([p], lr=0.1)
    y = (p * p).sum()
    y.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def test_views_of_a_parameter_see_the_step() -> None:
    p = matrix()
    row = p.detach()[0]
    train(p, torch.optim.SGD([p], lr=0.25))
    assert row.tolist() == [0.5, 0.5]


def test_the_learning_rate_may_be_a_tensor() -> None:
    p = matrix()
    lr = torch.tensor(0.25)
    optimizer = torch.optim.SGD([p], lr=lr)
    train(p, optimizer)
    assert p.tolist()[0] == [0.5, 0.5]
    lr_scheduler.StepLR(optimizer, 1).step()
    assert abs(float(lr) - 0.025) < 1e-8


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_loaded_state_goes_on(name: str) -> None:
    cls = getattr(torch.optim, name)
    settings = {"momentum": 0.9} if name == "SGD" else {}
    p = matrix()
    optimizer = cls([p], lr=0.01, **settings)
    train(p, optimizer, 3)
    q = p.detach().clone().requires_grad_()
    other = cls([q], lr=0.5, **settings)
    other.load_state_dict(copy.deepcopy(optimizer.state_dict()))  # else it is shared
    train(p, optimizer, 2)
    train(q, other, 2)
    np.testing.assert_array_equal(p.detach().numpy(), q.detach().numpy())


def test_the_state_has_pytorchs_form() -> None:
    p, q = matrix(), matrix()
    groups = [{"params": [p]}, {"params": [q], "lr": 0.5}]
    optimizer = torch.optim.Adam(groups, lr=0.1)
    train(q, optimizer)
    saved = optimizer.state_dict()
    assert list(saved) == ["state", "param_groups"]
    assert list(saved["state"]) == [1]
    assert list(saved["state"][1]) == ["step", "exp_avg", "exp_avg_sq"]
    assert saved["state"][1]["step"].dtype == torch.float32
    assert [group["params"] for group in saved["param_groups"]] == [[0], [1]]
    assert [group["lr"] for group in saved["param_groups"]] == [0.1, 0.5]


def test_zero_grad_forgets_or_fills() -> None:
    p = matrix()
    optimizer = torch.optim.SGD([p])
    (p * p).sum().backward()
    grad = p.grad
    optimizer.zero_grad(set_to_none=False)
    assert p.grad is grad
    assert not grad.numpy().any()
    optimizer.zero_grad()
    assert p.grad is None


def test_hooks_run_around_a_step() -> None:
    p = matrix()
    optimizer = torch.optim.SGD([p])
    seen = []
    before = optimizer.register_step_pre_hook(lambda *given: seen.append("before"))
    optimizer.register_step_post_hook(lambda *given: seen.append("after"))
    train(p, optimizer)
    before.remove()
    train(p, optimizer)
    assert seen == ["before", "after", "after"]


def test_a_step_of_the_users_own() -> None:
    class Sign(torch.optim.Optimizer):
        def __init__(self, params: Any, lr: float) -> None:
            super().__init__(params, {"lr": lr})

        @torch.no_grad()
        def step(self, closure: Any = None) -> None:
            for group in self.param_groups:
                for p in group["params"]:
                    p.add_(p.grad.sign(), alpha=-group["lr"])

    p = matrix()
    train(p, Sign([p], 0.25), 2)
    assert p.tolist()[0] == [0.5, 0.5]


@pytest.mark.parametrize("search", [None, "strong_wolfe"])
def test_lbfgs_finds_the_minimum(search: str | None) -> None:
    x = torch.zeros(2).requires_grad_()
    optimizer = torch.optim.LBFGS([x], max_iter=40, line_search_fn=search)

    def closure() -> Any:
        optimizer.zero_grad()
        loss = ((x - torch.tensor([1.0, -2.0])) ** 2 * torch.tensor([1.0, 5.0])).sum()
        loss.backward()
        return loss

    first = optimizer.step(closure)
    assert float(first) == 21
    np.testing.assert_allclose(x.detach().numpy(), [1, -2], atol=1e-3)


ERRORS = {
    "optimizer got an empty parameter list": lambda: torch.optim.SGD([]),
    "Invalid learning rate: -1": lambda: torch.optim.SGD([matrix()], lr=-1),
    "Nesterov momentum requires": lambda: torch.optim.SGD([matrix()], nesterov=True),
    "Invalid beta parameter at index 0: 2": (
        lambda: torch.optim.Adam([matrix()], betas=(2, 0.9))
    ),
    "can't optimize a non-leaf Tensor": lambda: torch.optim.SGD([matrix() * 2]),
    "only supports 2D parameters": lambda: torch.optim.Muon([torch.ones(2)]),
    "more than one parameter group": lambda: _twice(matrix()),
    "different number of parameter groups": lambda: torch.optim.SGD(
        [matrix()]
    ).load_state_dict({"state": {}, "param_groups": []}),
    "Factor should be < 1.0": lambda: lr_scheduler.ReduceLROnPlateau(
        torch.optim.SGD([matrix()]), factor=2.0
    ),
    "either total_steps OR": lambda: lr_scheduler.OneCycleLR(
        torch.optim.SGD([matrix()]), 0.1
    ),
}


def _twice(p: torch.Tensor) -> None:
    torch.optim.SGD([{"params": [p]}, {"params": [p]}])


@pytest.mark.parametrize("message", ERRORS)
def test_what_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        ERRORS[message]()


def test_wrong_types_are_named() -> None:
    with pytest.raises(TypeError, match="an iterable of Tensors or dicts"):
        torch.optim.SGD(matrix())
    with pytest.raises(TypeError, match="can only optimize Tensors, but one of"):
        torch.optim.SGD([1.0])
    with pytest.raises(TypeError, match="ordered collections"):
        torch.optim.SGD([{"params": {matrix()}}])
    with pytest.raises(TypeError, match="int is not an Optimizer"):
        lr_scheduler.StepLR(3, 1)


def test_duplicates_are_warned_of() -> None:
    p = matrix()
    with pytest.warns(UserWarning, match="duplicate parameters"):
        torch.optim.SGD([p, p])


def test_a_scheduler_before_the_first_step_is_warned_of() -> None:
    scheduler = lr_scheduler.StepLR(torch.optim.SGD([matrix()]), 1)
    with pytest.warns(UserWarning, match=r"`lr_scheduler.step\(\)` before `optimizer"):
        scheduler.step()


def test_schedulers_multiply_what_the_user_set() -> None:
    p = matrix()
    optimizer = torch.optim.SGD([p], lr=1.0)
    scheduler = lr_scheduler.ExponentialLR(optimizer, 0.5)
    train(p, optimizer)
    scheduler.step()
    optimizer.param_groups[0]["lr"] = 0.8
    scheduler.step()
    assert scheduler.get_last_lr() == [0.4]


def test_get_lr_outside_a_step_is_warned_of() -> None:
    scheduler = lr_scheduler.StepLR(torch.optim.SGD([matrix()], lr=1.0), 1)
    with pytest.warns(UserWarning, match="please use `get_last_lr"):
        scheduler.get_lr()


def test_the_average_of_weights_along_the_way() -> None:
    net = torch.nn.Linear(1, 1, bias=False)
    average = swa_utils.AveragedModel(net)
    for value in (1.0, 2.0, 6.0):
        torch.nn.init.constant_(net.weight, value)
        average.update_parameters(net)
    assert average.module.weight.item() == 3.0
    assert int(average.n_averaged) == 3


def test_swalr_goes_to_its_rate_and_stays() -> None:
    p = matrix()
    optimizer = torch.optim.SGD([p], lr=1.0)
    scheduler = swa_utils.SWALR(optimizer, 0.2, 2, "linear")
    rates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(4):
            scheduler.step()
            rates.append(round(scheduler.get_last_lr()[0], 6))
    assert rates == [0.6, 0.2, 0.2, 0.2]


def test_a_step_compares_no_tensors(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    equal = torch.Tensor.__eq__

    def counting(self: torch.Tensor, other: Any) -> Any:
        compared.append(other)
        return equal(self, other)

    p = matrix()
    optimizer = torch.optim.Adam([p], amsgrad=True)
    train(p, optimizer)
    monkeypatch.setattr(torch.Tensor, "__eq__", counting)
    train(p, optimizer)
    assert compared == []


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_class_has_the_settings_of_its_rule(name: str) -> None:
    cls = getattr(torch.optim, name)
    optimizer = cls([matrix()])
    for setting, default in cls.spec.defaults.items():
        if not (name == "AdamW" and "weight_decay" in setting):
            assert optimizer.defaults[setting] == default, setting
    legacy = {"foreach", "capturable", "differentiable", "fused"}
    assert set(optimizer.defaults) - legacy == set(cls.spec.defaults)


def test_the_line_search_turns_back_at_an_infinite_loss() -> None:
    x = torch.tensor([0.5]).requires_grad_()
    optimizer = torch.optim.LBFGS([x], lr=1e20, line_search_fn="strong_wolfe")
    losses = []

    def closure() -> Any:
        optimizer.zero_grad()
        loss = (x**4).sum() * 1e10
        loss.backward()
        losses.append(float(loss))
        return loss

    optimizer.step(closure)  # a warning of numpy's would be an error
    assert losses[1] == float("inf")
    assert len(losses) == 26  # as many as PyTorch's
    assert x.item() == 0.5


def test_a_scheduler_prints_pytorchs_digits_in_closed_form() -> None:
    optimizer = torch.optim.SGD([matrix()], lr=0.3)
    scheduler = lr_scheduler.LinearLR(optimizer, 1 / 3, total_iters=7)
    optimizer.step()
    with pytest.warns(UserWarning, match="The epoch parameter"):
        scheduler.step(6)
    assert scheduler.get_last_lr() == [0.2714285714285714]


def test_a_step_without_state_makes_no_rule_anew(monkeypatch):
    p = torch.nn.Parameter(torch.ones(2))
    opt = torch.optim.SGD([p], lr=0.1)
    made = []
    rule = type(opt.spec).rule
    monkeypatch.setattr(
        type(opt.spec), "rule", lambda spec, **k: made.append(spec) or rule(spec, **k)
    )
    for step in range(4):
        p.grad = torch.ones(2)
        opt.param_groups[0]["lr"] = 0.1 / (step + 1)
        opt.step()
        if step == 0:
            made.clear()
    assert made == []
    opt.param_groups[0]["momentum"] = 0.9  # from now on there is one
    p.grad = torch.ones(2)
    opt.step()
    assert list(opt.state[p]) == ["momentum_buffer"]


def test_updates_without_state_are_those_of_several_groups() -> None:
    """One group is recorded in one pass, others are not."""
    results = []
    for groups in (1, 2):
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = torch.tensor([3.0], requires_grad=True)
        z = torch.tensor([4.0], requires_grad=True)
        params = [x, z, y] if groups == 1 else [{"params": [x, z]}, {"params": [y]}]
        optimizer = torch.optim.SGD(params, 0.1, weight_decay=0.5)
        for _ in range(2):
            optimizer.zero_grad()
            (x.sum() * y).sum().backward()
            optimizer.step()
        numbers = [p.tolist() for p in (x, y, z)]
        results.append((numbers, [p._version for p in (x, y, z)]))
        assert z.tolist() == [4.0]
    assert results[0] == results[1]
