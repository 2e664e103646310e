"""`__torch_function__`: subclasses of tensors, other classes, modes."""

import copy
import io
import pickle
from typing import Any, ClassVar

import pytest

import funcnet.compat as torch
import funcnet.compat.nn.functional as F
from funcnet.compat import nn
from funcnet.compat.overrides import TorchFunctionMode, resolve_name
from funcnet.compat.utils._python_dispatch import TorchDispatchMode


class Sub(torch.Tensor):
    """A subclass that overrides nothing."""


class Counted(torch.Tensor):
    """A subclass that counts and keeps an attribute."""

    seen: ClassVar[list[Any]] = []

    @classmethod
    def __torch_function__(
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        cls.seen.append(func)
        return super().__torch_function__(func, types, args, kwargs)


class Other:
    """No tensor, but asked by PyTorch's functions."""

    def __init__(self, value: float) -> None:
        self.value = value

    @classmethod
    def __torch_function__(
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        if func is torch.mean:
            return args[0].value
        if func in (torch.add, torch.Tensor.add):
            return "added"
        return NotImplemented


def sub(*shape: int) -> Any:
    return torch.ones(*shape).as_subclass(Sub)


STAY: dict[str, Any] = {
    "operator": lambda s: s + 1,
    "reflected": lambda s: 1 - s,
    "with a tensor first": lambda s: torch.ones(2, 2) @ s,
    "method": lambda s: s.softmax(0),
    "function": lambda s: torch.exp(s),
    "of a list": lambda s: torch.stack([torch.ones(2, 2), s]),
    "view": lambda s: s.view(-1)[1:],
    "element": lambda s: next(iter(s)),
    "in place": lambda s: s.add_(1),
    "attribute": lambda s: s.T,
    "comparison": lambda s: s > 0,
    "one of several": lambda s: s.max(0).indices,
    "detached": lambda s: s.detach(),
    "cast": lambda s: s.to(torch.float64),
    "like it": lambda s: torch.zeros_like(s),
    "of functional": lambda s: F.relu(s),
    "of a layer": lambda s: nn.Linear(2, 3)(s),
    "of layers": lambda s: nn.Sequential(nn.Linear(2, 2), nn.Tanh())(s),
    "of an LSTM": lambda s: nn.LSTM(2, 2)(s)[0],
    "of a loss": lambda s: nn.CrossEntropyLoss()(s, torch.tensor([0, 1])),
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "pickle": lambda s: pickle.loads(pickle.dumps(s)),
    "parameter": lambda s: nn.Parameter(s),
}


@pytest.mark.parametrize("case", STAY)
def test_results_are_of_the_subclass(case: str) -> None:
    assert type(STAY[case](sub(2, 2))) is Sub


def test_what_is_no_tensor_is_as_ever() -> None:
    s = sub(2, 2)
    assert s.shape == (2, 2)
    assert s.sum().item() == 4.0
    assert s.tolist() == [[1, 1]] * 2
    assert type(s.as_subclass(torch.Tensor)) is torch.Tensor
    assert repr(s[0]) == "Sub([1., 1.])"


def test_gradients_go_through_a_subclass() -> None:
    x = torch.ones(2, requires_grad=True)
    y = (x.as_subclass(Sub) * 3).sum()
    y.backward()
    assert type(x.grad) is torch.Tensor
    assert x.grad.tolist() == [3, 3]
    assert y.grad_fn.name() == "AliasBackward0"


def test_memory_is_shared_with_a_subclass() -> None:
    x = torch.ones(2)
    x.as_subclass(Sub).mul_(2)
    torch.Tensor._make_subclass(Sub, x)[0] = 5
    assert x.tolist() == [5, 2]


def test_a_subclass_is_made_by_new_or_by_its_constructor() -> None:
    class Named(torch.Tensor):
        def __new__(cls, data: Any, name: str) -> Any:
            result = torch.Tensor._make_subclass(cls, torch.as_tensor(data))
            result.label = name
            return result

    assert Named([1.0], "a").label == "a"
    assert type(Named([1.0], "a") * 2) is Named
    assert type(Sub([1.0, 2.0])) is Sub
    assert Sub(2, 3).shape == (2, 3)
    with pytest.raises(TypeError, match="does not inherit from Tensor"):
        torch.ones(1).as_subclass(int)


def test_what_a_subclass_is_asked() -> None:
    x = torch.ones(2).as_subclass(Counted)
    Counted.seen.clear()
    y = x + 1
    torch.add(y, y)
    F.relu(y).shape  # noqa: B018
    assert Counted.seen == [
        torch.Tensor.add,
        torch.add,
        F.relu,
        torch.Tensor.shape.__get__,  # type: ignore[attr-defined]
    ]
    with torch._C.DisableTorchFunctionSubclass():
        assert type(x + 1) is torch.Tensor


def test_parameters_of_a_subclass() -> None:
    p = nn.Parameter(sub(2))
    assert isinstance(p, nn.Parameter)
    assert isinstance(p, Sub)
    assert p.requires_grad
    assert not isinstance(sub(2), nn.Parameter)
    net = nn.Module()
    net.p = p
    assert [name for name, _ in net.named_parameters()] == ["p"]
    copied = copy.deepcopy(net).p
    assert type(copied) is Sub
    assert isinstance(copied, nn.Parameter)
    assert repr(p) == "Parameter(Sub([1., 1.], requires_grad=True))"
    assert type(nn.Parameter(torch.ones(1)) + 1) is torch.Tensor


def test_files_keep_subclasses_that_are_trusted() -> None:
    file = io.BytesIO()
    s = sub(2)
    s.note = "kept"
    torch.save({"s": s, "p": nn.Parameter(s)}, file)
    file.seek(0)
    with pytest.raises(Exception, match=r"test_overrides\.Sub was not an allowed"):
        torch.load(file)
    file.seek(0)
    with torch.serialization.safe_globals([Sub]):
        result = torch.load(file)
    assert type(result["s"]) is type(result["p"]) is Sub
    assert result["s"].note == "kept"
    assert isinstance(result["p"], nn.Parameter)
    assert not isinstance(result["s"], nn.Parameter)


def test_other_classes_are_asked() -> None:
    assert torch.mean(Other(3.0)) == 3.0
    assert torch.add(torch.ones(1), Other(1.0)) == "added"
    assert torch.ones(1) + Other(1.0) == "added"
    with pytest.raises(TypeError, match=r"Multiple dispatch failed for 'torch\.sum'"):
        torch.sum(Other(1.0))
    with pytest.raises(TypeError, match="unsupported operand type"):
        torch.ones(1) * Other(1.0)
    assert torch.is_tensor(Other(1.0)) is False


class Noting(TorchFunctionMode):
    """A mode that notes the names of what is called."""

    def __init__(self) -> None:
        self.names: list[str | None] = []

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        self.names.append(resolve_name(func))
        return func(*args, **(kwargs or {}))


def test_a_mode_sees_all_calls() -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    with Noting() as mode:
        x = torch.ones(2, 2)
        y = 1 - x / 2
        y.view(-1)
        y.requires_grad = True
        torch.stack([y, y])
        net(x)
        F.softmax(x, 0)
        y.sum().backward()
    assert mode.names == [
        "torch.ones",
        "torch.Tensor.div",
        "torch.Tensor.__rsub__",
        "torch.Tensor.view",
        "torch.Tensor.requires_grad.__set__",
        "torch.stack",
        "torch.nn.functional.linear",
        "torch.nn.functional.relu",
        "torch.nn.functional.softmax",
        "torch.Tensor.sum",
        "torch.Tensor.backward",
    ]
    torch.add(x, x)
    assert len(mode.names) == 11


def test_modes_are_nested_and_may_replace() -> None:
    class Zeros(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if func is torch.ones:
                func = torch.zeros
            return func(*args, **(kwargs or {}))

    with Noting() as outer, Zeros():
        assert torch.ones(2).tolist() == [0, 0]
    assert outer.names == ["torch.zeros", "torch.Tensor.tolist"]


def test_dispatch_modes_say_that_nobody_asks_them() -> None:
    with pytest.raises(NotImplementedError, match="does not ask __torch_dispatch__"):
        TorchDispatchMode().__enter__()
    with pytest.raises(NotImplementedError, match="wraps other tensors and computes"):
        torch.Tensor._make_wrapper_subclass(Sub, (2, 3))


def test_functions_of_ones_own_ask() -> None:
    @torch.overrides.wrap_torch_function(lambda x: (x,))
    def twice(x: Any) -> Any:
        return x + x

    class Loud:
        @classmethod
        def __torch_function__(
            cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            return func.__name__

    assert twice(Loud()) == "twice"
    assert twice(2) == 4
    assert torch.overrides.has_torch_function((1, Loud()))
    assert not torch.overrides.has_torch_function((1, torch.ones(1)))
    assert torch.overrides.is_tensor_like(Loud())
    assert resolve_name(torch.cat) == "torch.cat"
    assert resolve_name(torch.Tensor.cumsum) == "torch.Tensor.cumsum"
    every = torch.overrides.get_overridable_functions()
    assert torch.cat in every[torch]
    assert F.relu in every[F]
