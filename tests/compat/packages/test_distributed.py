"""The group of one process: collectives that PyTorch's scripts call."""

from collections.abc import Iterator
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat import distributed as dist


@pytest.fixture
def group() -> Iterator[None]:
    dist.init_process_group("gloo", rank=0, world_size=1)
    yield
    dist.destroy_process_group()


def test_without_a_group_there_are_no_ranks() -> None:
    assert dist.is_available()
    assert not dist.is_initialized()
    with pytest.raises(ValueError, match="Default process group has not been init"):
        dist.get_rank()
    with pytest.raises(ValueError, match="environment variable WORLD_SIZE expected"):
        dist.init_process_group("nccl")


def test_a_launcher_may_start_one_process(monkeypatch: Any) -> None:
    for name, value in (("WORLD_SIZE", "1"), ("RANK", "0"), ("LOCAL_RANK", "0")):
        monkeypatch.setenv(name, value)
    dist.init_process_group("nccl")
    assert (dist.get_rank(), dist.get_world_size()) == (0, 1)
    assert dist.get_backend() == "nccl"
    with pytest.raises(ValueError, match="twice"):
        dist.init_process_group("nccl")
    dist.destroy_process_group()
    monkeypatch.setenv("WORLD_SIZE", "4")
    with pytest.raises(NotImplementedError, match="4 processes are asked for"):
        dist.init_process_group()


def test_collectives_are_those_of_one_process(group: None) -> None:
    x, other = torch.tensor([1.0, 2.0]), torch.zeros(2)
    for op in (dist.ReduceOp.SUM, dist.ReduceOp.AVG, dist.ReduceOp.MAX):
        dist.all_reduce(x, op)
    dist.broadcast(x, src=0)
    dist.reduce(x, 0)
    dist.barrier()
    assert x.tolist() == [1, 2]
    for run in (
        lambda: dist.all_gather([other], x),
        lambda: dist.all_gather_into_tensor(other, x),
        lambda: dist.gather(x, [other]),
        lambda: dist.scatter(other, [x]),
        lambda: dist.reduce_scatter(other, [x]),
        lambda: dist.reduce_scatter_tensor(other, x),
        lambda: dist.all_to_all([other], [x]),
        lambda: dist.all_to_all_single(other, x),
    ):
        other.zero_()
        assert run() is None
        assert other.tolist() == [1, 2]
    work = dist.all_reduce(x, async_op=True)
    assert work is not None
    assert work.wait()
    assert work.is_completed()


def test_objects_come_back(group: None) -> None:
    result: list[Any] = [None]
    dist.all_gather_object(result, {"a": 1})
    assert result == [{"a": 1}]
    dist.scatter_object_list(result, [3])
    assert result == [3]


def test_groups_of_what_there_is(group: None) -> None:
    assert dist.get_world_size(dist.new_group([0])) == 1
    assert dist.get_rank(dist.new_group([])) == -1
    assert dist.get_process_group_ranks(dist.group.WORLD) == [0]
    with pytest.raises(ValueError, match="world size should be less or equal"):
        dist.new_group([0, 1])
    with pytest.raises(ValueError, match="destination rank should not be the same"):
        dist.send(torch.ones(1), 0)
    with pytest.raises(ValueError, match="rank 2 is not in a group"):
        dist.broadcast(torch.ones(1), 2)


def test_what_needs_several_processes_refuses_when_it_is_used() -> None:
    from funcnet.compat.distributed.fsdp import FullyShardedDataParallel
    from funcnet.compat.distributed.tensor import DTensor

    assert not isinstance(torch.ones(1), DTensor)
    with pytest.raises(NotImplementedError, match=r"jax\.sharding"):
        FullyShardedDataParallel(torch.nn.Linear(1, 1))
    with pytest.raises(AttributeError, match="Did you mean 'all_reduce'"):
        dist.all_reduc  # noqa: B018


def test_futures_know_their_values() -> None:
    future: Any = torch.futures.Future()
    later = future.then(lambda f: f.value() + 1)
    both = torch.futures.collect_all([future, later])
    assert not both.done()
    future.set_result(1)
    assert later.wait() == 2
    assert [one.wait() for one in both.wait()] == [1, 2]
