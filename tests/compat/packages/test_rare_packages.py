"""Profiler, operators of one's own, and names that refuse when they are used."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat import profiler
from funcnet.compat._engine import executor


def test_regions_and_programs_are_timed(tmp_path: Path) -> None:
    x, run = torch.ones(3, 3), executor.hooks.run
    with profiler.profile(activities=[profiler.ProfilerActivity.CPU]) as prof:
        for _ in range(2):
            with profiler.record_function("mine"):
                time.sleep(0.01)
                y = (x @ x).sin()
        y.sum().item()
    result = {one.key: one for one in prof.key_averages()}
    assert result["mine"].count == 2
    assert result["mine"].cpu_time_total > 20_000
    assert result["mine"].self_cpu_time_total <= result["mine"].cpu_time_total
    assert any("program" in key for key in result)
    table = prof.key_averages().table(sort_by="cpu_time_total", row_limit=3)
    assert "# of Calls" in table
    prof.export_chrome_trace(str(tmp_path / "trace.json"))
    events = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    assert {"mine"} <= {one["name"] for one in events}
    assert executor.hooks.run is run  # nothing is timed any more


def test_steps_are_recorded_by_a_schedule() -> None:
    seen: list[list[str]] = []
    plan = profiler.schedule(wait=1, warmup=1, active=2, repeat=2)

    def ready(prof: Any) -> None:
        seen.append([one.name for one in prof.events() if "Step" in one.name])

    with profiler.profile(schedule=plan, on_trace_ready=ready) as prof:
        for _ in range(10):
            prof.step()
    assert seen == [
        ["ProfilerStep#2", "ProfilerStep#3"],
        ["ProfilerStep#6", "ProfilerStep#7"],
    ]
    with pytest.raises(AttributeError, match="sort by"):
        prof.key_averages().table(sort_by="nonsense")


# --- operators ------------------------------------------------------------------------


@torch.library.custom_op("tests::scaled", mutates_args=())
def scaled(x: torch.Tensor, factor: float = 2.0) -> torch.Tensor:
    return factor * x


def test_an_operator_has_a_schema_and_a_name() -> None:
    assert scaled._schema == "tests::scaled(Tensor x, float factor=2.0) -> Tensor"
    assert torch.ops.tests.scaled(torch.ones(1), 3.0).tolist() == [3]
    assert torch.ops.tests.scaled.default(torch.ones(1)).tolist() == [2]
    assert torch.ops.aten.add(torch.ones(1), 1).tolist() == [2]
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        torch.ops.tests.other  # noqa: B018


def test_an_operator_has_the_gradient_that_is_given() -> None:
    result = torch.library.custom_op(
        "tests::halved", lambda x: x / 2, mutates_args=(), schema="(Tensor x) -> Tensor"
    )
    x = torch.ones(2, requires_grad=True)
    y = result(x)
    assert y.requires_grad
    with pytest.raises(RuntimeError, match="no autograd formula was registered"):
        y.sum().backward()
    result.register_autograd(
        lambda ctx, grad: grad * ctx.factor,
        setup_context=lambda ctx, inputs, output: setattr(ctx, "factor", 5.0),
    )
    result(x).sum().backward()
    assert x.grad.tolist() == [5, 5]


def test_a_library_defines_operators_by_their_schema() -> None:
    library = torch.library.Library("tests2", "DEF")
    library.define("sine(Tensor x) -> Tensor")
    library.impl("sine", lambda x: x.sin(), "CompositeImplicitAutograd")
    x = torch.zeros(1, requires_grad=True)
    torch.ops.tests2.sine(x).backward()
    assert x.grad.tolist() == [1]
    with pytest.raises(NotImplementedError, match="operators of aten"):
        torch.library.Library("aten", "IMPL").impl("add", lambda x: x, "CPU")


# --- names ----------------------------------------------------------------------------

REFUSED = [
    ("onnx.export", "ONNX files are not written"),
    ("export.export", r"funcnet\.export"),
    ("ao.quantization.quantize_dynamic", "quantized tensors are not there"),
    ("_dynamo.explain", "one compiled program"),
    ("_subclasses.FakeTensorMode", "meta"),
    ("distributed.init_device_mesh", r"jax\.sharding"),
    ("cuda.CUDAGraph", "XLA makes CUDA graphs"),
    ("SymInt", "Python's integers"),
]


@pytest.mark.parametrize(("name", "words"), REFUSED)
def test_a_name_refuses_when_it_is_used(name: str, words: str) -> None:
    result = eval(f"torch.{name}", {"torch": torch})
    with pytest.raises(NotImplementedError, match=words):
        result()


NAMES = """_C._log_api_usage_once _C._nn._parse_to _dynamo.OptimizedModule
_dynamo.allow_in_graph _dynamo.config.suppress_errors _dynamo.utils.is_compile_supported
_dynamo._trace_wrapped_higher_order_op.TransformGetItemToIndex
_dynamo.eval_frame.OptimizedModule _jit_internal._copy_to_script_wrapper
_library.opaque_object.is_opaque_type _subclasses.fake_tensor.is_fake
_tensor_str.PRINT_OPTS _vendor.packaging.version.Version __config__.show
ao.quantization.QuantStub distributed.algorithms.join.Join
distributed.elastic.multiprocessing.errors.record distributed.fsdp.wrap.wrap
distributed.rpc.api._require_initialized export.Dim fx.experimental.proxy_tensor
fx.graph_module._copy_attr fx.node.Target fx.proxy.Proxy jit._overload_method
jit.annotations.BroadcastingList2 onnx.symbolic_helper.parse_args onnx.symbolic_opset11
onnx.register_custom_op_symbolic ops.aten profiler.tensorboard_trace_handler
quantization.QuantStub torch_version.TorchVersion utils.hooks.RemovableHandle"""


@pytest.mark.parametrize("name", NAMES.split())
def test_a_name_that_packages_import_is_there(name: str) -> None:
    eval(f"torch.{name}", {"torch": torch})


def test_numbers_are_shown_with_the_options_that_are_set() -> None:
    before = torch._tensor_str.PRINT_OPTS.precision
    assert before == 4
    assert torch._tensor_str._tensor_str(torch.tensor([1.5]), 0) == "[1.5000]"
