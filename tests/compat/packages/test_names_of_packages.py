"""Names from inside of PyTorch that packages use when they are imported."""

import importlib
from datetime import timedelta
from typing import Any

import pytest

import funcnet.compat as torch
import funcnet.compat.distributed as dist
from funcnet.compat import nn
from funcnet.compat.utils import _pytree as pytree

FILES = [file for file in dist._files._FILES if dist._files._FILES[file][1]]


@pytest.mark.parametrize("file", FILES)
def test_what_needs_several_processes_says_so_when_it_is_used(file: str) -> None:
    why, names = dist._files._FILES[file]
    module = importlib.import_module(f"funcnet.compat.distributed.{file}")
    for name in names.split():
        with pytest.raises(NotImplementedError) as error:
            getattr(module, name)()
        assert str(error.value).endswith(f"{name} is not there: {why}.")


def test_members_of_a_refused_class_refuse() -> None:
    from funcnet.compat.distributed.fsdp import ShardingStrategy

    with pytest.raises(AttributeError, match=r"ShardingStrategy is not there: arrays"):
        _ = ShardingStrategy.FULL_SHARD  # type: ignore[attr-defined]
    assert not hasattr(ShardingStrategy, "_missing")


def test_placements_are_values() -> None:
    from funcnet.compat.distributed.tensor import Partial, Placement, Replicate, Shard

    assert Shard(1) == Shard(1) != Shard(0)
    assert Shard(0).is_shard()
    assert not Shard(0).is_shard(1)
    assert Replicate().is_replicate()
    assert Partial("avg").is_partial("avg")
    assert isinstance(Replicate(), Placement)


def test_collectives_with_gradients_of_one_process() -> None:
    from funcnet.compat.distributed.nn.functional import all_gather, all_reduce

    from funcnet.compat.distributed import _functional_collectives as functional

    dist.init_process_group("gloo", rank=0, world_size=1, store=dist.HashStore())
    try:
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = functional.all_gather_tensor_autograd(
            all_reduce(x) * 3, 0, dist.group.WORLD
        )
        functional.wait_tensor(y).sum().backward()
        assert x.grad is not None
        assert x.grad.tolist() == [3.0, 3.0]
        assert [one.tolist() for one in all_gather(x)] == [[1.0, 2.0]]
    finally:
        dist.destroy_process_group()


def test_the_timeout_of_groups() -> None:
    from funcnet.compat.distributed.constants import default_pg_timeout

    assert default_pg_timeout == timedelta(minutes=30)


def test_rpc_is_refused_when_a_decorated_function_is_called() -> None:
    from funcnet.compat.distributed.rpc import api

    with pytest.raises(RuntimeError, match="RPC has not been initialized"):
        api._require_initialized(lambda: None)()


def test_operators_below_the_public_ones() -> None:
    aten: Any = torch.ops.aten
    x = torch.arange(6.0).reshape(2, 3)
    copied = aten._to_copy.default(x, dtype=torch.float64)
    assert copied.dtype is torch.float64
    same = aten._to_copy.default(x)
    assert same.data_ptr() != x.data_ptr()
    view = aten.slice.Tensor(x, 1, 1, 3)
    assert view.tolist() == [[1.0, 2.0], [4.0, 5.0]]
    view.zero_()
    assert aten.slice(x, -1, 0, None, 2).tolist() == [[0.0, 0.0], [3.0, 0.0]]
    rows = aten.index.Tensor(x, [None, torch.tensor([0, 0])])
    assert rows.tolist() == [[0.0, 0.0], [3.0, 3.0]]
    same = aten.alias(x)
    assert same.data_ptr() == x.data_ptr()


def test_torch_has_itself() -> None:
    assert torch.torch is torch


def test_how_containers_are_flattened_has_a_name() -> None:
    children, context = pytree._dict_flatten_with_keys({"a": 1, "b": 2})
    assert [(str(key), child) for key, child in children] == [
        ("['a']", 1),
        ("['b']", 2),
    ]
    assert pytree._dict_unflatten([3, 4], context) == {"a": 3, "b": 4}
    assert pytree._list_flatten([5]) == ([5], None)


def test_bases_of_norms_have_subclasses() -> None:
    class AnyRank(nn.modules.batchnorm._BatchNorm):
        def _check_input_dim(self, input: torch.Tensor) -> None:
            pass

    class Scaled(nn.modules.instancenorm._InstanceNorm):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x * self.eps

    norm = AnyRank(3)
    assert norm(torch.ones(2, 3, 4, 4)).shape == (2, 3, 4, 4)
    assert norm(torch.ones(2, 3)).shape == (2, 3)
    assert norm.num_batches_tracked == 2
    assert Scaled(3, eps=0.5)(torch.ones(1)).item() == 0.5


def test_bases_of_layers_can_be_extended() -> None:
    class Mine(nn.modules.dropout._DropoutNd):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x * self.p

    assert Mine(0.25)(torch.ones(1)).item() == 0.25


def test_a_parameter_is_made_from_what_vars_gives() -> None:
    old = nn.Parameter(torch.ones(2), requires_grad=False)
    settings = vars(old) | {"requires_grad": old.requires_grad}
    new = nn.Parameter(torch.zeros(3), **settings)
    assert new.tolist() == [0.0, 0.0, 0.0]
    assert not new.requires_grad
    for name in ("shape", "_no_such_setting"):
        with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'"):
            nn.Parameter(torch.zeros(3), **{name: 1})


def test_a_wrapper_of_an_optimizer_needs_no_constructor() -> None:
    class Wrapper(torch.optim.Optimizer):
        def __init__(self, inner: torch.optim.Optimizer) -> None:
            self.inner = inner

        def step(self, closure: Any = None) -> None:
            self.inner.step(closure)

    x = nn.Parameter(torch.ones(1))
    x.sum().backward()
    Wrapper(torch.optim.SGD([x], lr=0.5)).step()
    assert x.item() == 0.5


def test_modules_are_no_script_modules() -> None:
    assert not isinstance(nn.Linear(1, 1), torch.jit.ScriptModule)
    assert torch.ScriptModule is torch.jit.ScriptModule


def test_assertions_on_tensors() -> None:
    torch._assert_async(torch.tensor(1), "wrong")
    with pytest.raises(RuntimeError, match="wrong"):
        torch._assert_async(torch.tensor(0), "wrong")
    with pytest.raises(AssertionError, match="wrong"):
        torch._assert(False, "wrong")


def test_strides_of_a_part_that_learns() -> None:
    x = torch.arange(6.0).reshape(2, 3)[-1].detach().requires_grad_(True)
    y = torch.as_strided(x, (2,), (2,))
    assert y.tolist() == [3.0, 5.0]
    y.sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [1.0, 0.0, 1.0]
    assert torch.as_strided(x, (), ()).item() == 3.0
