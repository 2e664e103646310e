"""Hooks of modules: what they are told, in which order, what they may return."""

import warnings
from typing import Any

import pytest

from funcnet import compat as torch
from funcnet.compat import nn
from funcnet.compat.nn.modules import module as of_all


class Function(nn.Module):
    def __init__(self, run: Any) -> None:
        super().__init__()
        self.run = run

    def forward(self, *inputs: Any) -> Any:
        return self.run(*inputs)


def values(grads: Any) -> list[Any]:
    return [None if g is None else g.tolist() for g in grads]


def leaf(*numbers: float) -> torch.Tensor:
    return torch.tensor(numbers).requires_grad_()


def test_what_is_no_tensor_has_none_for_a_gradient() -> None:
    module = Function(lambda scale, x, flag, y, z: (x * scale, "tag", y * 5))
    told: dict[str, Any] = {}
    module.register_full_backward_hook(lambda m, gi, go: told.update(i=gi, o=go))
    a, _, b = module(3, leaf(1.0), "flag", leaf(1.0), torch.ones(1))
    (a + 10 * b).sum().backward()
    assert values(told["o"]) == [[1.0], None, [10.0]]
    assert values(told["i"]) == [None, [3.0], None, [50.0], [0.0]]


def test_a_network_with_a_state_has_two_outputs() -> None:
    lstm, told = nn.LSTM(1, 1), []
    lstm.register_full_backward_hook(lambda m, gi, go: told.append((len(gi), go[1])))
    lstm(torch.ones(2, 1, 1).requires_grad_())[0].sum().backward()
    assert told == [(1, None)]


def test_other_outputs_than_tensors_warn_and_call_nothing() -> None:
    for run in (lambda x: {"y": x * 2}, lambda x: [x * 2]):
        module, told = Function(run), []
        module.register_full_backward_hook(lambda *a, told=told: told.append(1))
        with pytest.warns(UserWarning, match="should be a Tensor or a tuple of"):
            output = module(leaf(1.0))
        (output["y"] if isinstance(output, dict) else output[0]).sum().backward()
        assert told == []


def test_without_an_input_that_wants_a_gradient() -> None:
    layer, told = nn.Linear(1, 1), []
    layer.register_full_backward_hook(lambda m, gi, go: told.append((gi, values(go))))
    with pytest.warns(UserWarning, match="since no inputs require gradients"):
        layer(torch.ones(1, 1)).sum().backward()
    assert told == [((None,), [[[1.0]]])]


def test_returned_gradients_take_the_place_of_those_told() -> None:
    layer, x = nn.Linear(1, 1), leaf(1.0)
    layer.register_full_backward_pre_hook(lambda m, go: (go[0] * 2,))
    layer.register_full_backward_hook(lambda m, gi, go: (gi[0] * 0 + go[0],))
    layer(x).sum().backward()
    assert x.grad.tolist() == [2.0]


@pytest.mark.parametrize("before", [False, True])
def test_a_wrong_number_of_gradients_is_refused(before: bool) -> None:
    layer = nn.Linear(1, 1)
    if before:
        layer.register_full_backward_pre_hook(lambda m, go: (go[0], go[0]))
    else:
        layer.register_full_backward_hook(lambda m, gi, go: (gi[0], gi[0]))
    what = (
        "pre hook returned an invalid number of grad_output"
        if before
        else ("hook returned an invalid number of grad_input")
    )
    with pytest.raises(RuntimeError, match=f"Backward {what}, got 2, but expected 1"):
        layer(leaf(1.0)).sum().backward()


def test_writing_in_place_past_a_hook_is_refused() -> None:
    relu = nn.ReLU(inplace=True)
    relu.register_full_backward_hook(lambda *a: None)
    with pytest.raises(RuntimeError, match="of BackwardHookFunction is a view"):
        relu(leaf(1.0) * 2)


def test_old_hooks_are_told_of_the_last_function() -> None:
    layer, told = nn.Linear(2, 3), []
    layer.register_backward_hook(lambda m, gi, go: told.append(gi))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        layer(torch.ones(4, 2).requires_grad_()).sum().backward()
    assert [tuple(g.shape) for g in told[0]] == [(3,), (4, 2), (2, 3)]
    with pytest.raises(RuntimeError, match="both regular backward hooks and full"):
        layer.register_full_backward_hook(lambda *a: None)


def test_some_hooks_are_called_after_an_error_too() -> None:
    def fail(x: Any) -> Any:
        raise ValueError("no")

    module, told = Function(fail), []
    module.register_forward_hook(lambda m, a, o: told.append(o), always_call=True)
    module.register_forward_hook(lambda m, a, o: told.append("never"))
    with pytest.raises(ValueError, match="no"):
        module(1)
    assert told == [None]


def test_forward_hooks_by_name_and_in_order() -> None:
    module, told = Function(lambda x: x), []
    module.register_forward_pre_hook(lambda m, a: told.append(2))
    module.register_forward_pre_hook(lambda m, a: told.append(1), prepend=True)
    wrong = module.register_forward_pre_hook(lambda m, a, k: 3, with_kwargs=True)
    with pytest.raises(RuntimeError, match=r"a tuple of \(new_args, new_kwargs\), but"):
        module(torch.ones(1))
    wrong.remove()
    with module.register_forward_hook(lambda m, a, o: o + 1) as handle:
        assert module(torch.ones(1)).item() == 2
    assert module(torch.ones(1)).item() == 1
    assert told == [1, 2] * 3
    assert handle.id not in module._forward_hooks


def test_hooks_of_all_modules() -> None:
    told: list[Any] = []
    handles = [
        of_all.register_module_forward_pre_hook(lambda m, a: told.append("before")),
        of_all.register_module_forward_hook(lambda m, a, o: told.append("after")),
        of_all.register_module_full_backward_hook(
            lambda m, gi, go: told.append((type(m).__name__, values(go)))
        ),
        of_all.register_module_parameter_registration_hook(
            lambda m, name, p: told.append(name)
        ),
    ]
    model = nn.Sequential(nn.Linear(1, 1, bias=False), nn.ReLU())
    model[0].weight.data.fill_(1.0)
    model(leaf(2.0)).sum().backward()
    for handle in handles:
        handle.remove()
    assert told[0] == "weight"
    assert told[1:7] == ["before", "before", "after", "before", "after", "after"]
    assert [one[0] for one in told[7:]] == ["ReLU", "Linear", "Sequential"]
    model(leaf(2.0))
    assert len(told) == 10


def test_keys_that_go_on_after_a_name_are_unexpected() -> None:
    model = nn.Sequential(nn.Linear(1, 1))
    for key in ("0.weight.extra", "0.bias.0", "0", "0._extra_state", "1.weight"):
        state = dict(model.state_dict()) | {key: torch.ones(1)}
        assert model.load_state_dict(state, strict=False).unexpected_keys == [key]
        with pytest.raises(RuntimeError, match="Unexpected key"):
            model.load_state_dict(state)


def test_hooks_of_states() -> None:
    layer = nn.Linear(1, 1)
    layer._register_state_dict_hook(lambda m, state, p, meta: {"new": 1})
    assert layer.state_dict() == {"new": 1}
    other = nn.Linear(1, 1)
    other.register_state_dict_post_hook(lambda m, state, p, meta: state)
    with pytest.raises(RuntimeError, match="post-hook must return None"):
        other.state_dict()
    last = nn.Linear(1, 1)
    last.register_load_state_dict_post_hook(lambda m, keys: keys)
    with pytest.raises(AssertionError, match="not expected to return new values"):
        last.load_state_dict(last.state_dict())
