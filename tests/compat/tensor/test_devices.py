"""Devices, streams, settings: answers that are true of what JAX has."""

import importlib
import time
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat._core.device import gpus

needs_no_gpu = pytest.mark.skipif(bool(gpus()), reason="there is a GPU")


@needs_no_gpu
@pytest.mark.parametrize(
    "ask",
    [
        torch.cuda.current_device,
        torch.cuda.get_device_name,
        torch.cuda.get_device_properties,
        torch.cuda.synchronize,
        torch.cuda.get_rng_state,
        torch.cuda.mem_get_info,
        torch.cuda.current_stream,
        lambda: torch.cuda.set_device(0),
        lambda: torch.ones(1).cuda(),
        torch.accelerator.synchronize,
        torch.accelerator.memory_allocated,
    ],
)
def test_without_a_gpu_what_needs_one_is_refused(ask: Any) -> None:
    with pytest.raises(RuntimeError, match=r"CUDA|accelerator"):
        ask()


@needs_no_gpu
def test_pytorchs_assertion_about_cuda_is_caught_too() -> None:
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        torch.cuda.current_device()


@needs_no_gpu
def test_without_a_gpu_questions_are_answered() -> None:
    assert not torch.cuda.is_available()
    assert torch.cuda.device_count() == 0
    assert torch.cuda.memory_allocated() == torch.cuda.max_memory_reserved() == 0
    assert torch.cuda.get_rng_state_all() == []
    assert torch.accelerator.current_accelerator() is None
    torch.cuda.manual_seed_all(3)
    torch.cuda.empty_cache()


@pytest.mark.parametrize(
    "name",
    [
        "amp.autocast_mode",
        "amp.grad_scaler",
        "autograd.grad_mode",
        "autograd.variable",
        "backends.cuda",
        "backends.cudnn",
        "cpu.amp",
        "cuda.amp",
        "cuda.memory",
        "nn.utils.prune",
        "nn.utils.stateless",
        "testing",
        "version",
    ],
)
def test_scripts_can_import_the_parts(name: str) -> None:
    module = importlib.import_module(f"funcnet.compat.{name}")
    place: Any = torch
    for part in name.split("."):
        place = getattr(place, part)
    assert place is module


def test_settings_of_libraries_are_kept() -> None:
    cudnn = torch.backends.cudnn
    cudnn.benchmark = True
    with cudnn.flags(benchmark=False, deterministic=True):
        assert (cudnn.benchmark, cudnn.deterministic) == (False, True)
    assert (cudnn.benchmark, cudnn.deterministic) == (True, False)
    cudnn.benchmark = False


def test_events_measure_what_is_recorded_between() -> None:
    start, end = (torch.Event("cpu", enable_timing=True) for _ in range(2))
    start.record()
    x = torch.ones(8)
    time.sleep(0.02)
    y = x * 2
    end.record()
    assert 20 <= start.elapsed_time(end) < 2000
    assert y[0] == 2
    with pytest.raises(ValueError, match="enable_timing=True"):
        start.elapsed_time(torch.Event("cpu"))


def test_cond_runs_one_branch() -> None:
    called = []

    def branch(name: str) -> Any:
        return lambda x: called.append(name) or x * len(name)

    x = torch.tensor(2.0, requires_grad=True)
    y = torch.cond(x > 0, branch("yes"), branch("no"), (x,))
    y.backward()
    assert (called, y.item(), x.grad.item()) == (["yes"], 6, 3)
    result = torch.while_loop(lambda i: i < 5, lambda i: (i + 2,), (torch.tensor(0),))
    assert result[0] == 6


def test_typename_is_pytorchs() -> None:
    assert torch.typename(torch.ones(1).long()) == "torch.LongTensor"
    assert torch.typename(torch.nn.Linear(1, 1)) == "torch.nn.modules.linear.Linear"


def test_deterministic_modes() -> None:
    torch.set_deterministic_debug_mode("warn")
    assert torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(False)
    assert torch.get_deterministic_debug_mode() == 0
    with pytest.raises(RuntimeError, match="expected `default`"):
        torch.set_deterministic_debug_mode("worn")


def test_torchscript_files_are_refused() -> None:
    with pytest.raises(NotImplementedError, match=r"state_dict\(\) with torch\.save"):
        torch.jit.save(torch.nn.Linear(1, 1), "model.pt")
