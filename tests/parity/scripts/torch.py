"""Scripts of small names: devices, settings, branches, `func`, `jit`, `autograd`."""

import importlib
from typing import Any

from tests.parity.scripts.common import numbers, refused, saved, script

# --- answers without a GPU, which the comparison has not ------------------------------

ANSWERS = """
cuda.is_available() cuda.device_count() cuda.is_initialized() cuda.empty_cache()
cuda.memory_allocated() cuda.max_memory_allocated() cuda.memory_reserved()
cuda.max_memory_reserved() cuda.memory_cached() cuda.max_memory_cached()
cuda.memory_stats() cuda.host_memory_stats() cuda.get_rng_state_all()
cuda.set_rng_state_all([]) cuda.manual_seed(1) cuda.manual_seed_all(1) cuda.seed()
cuda.seed_all() cuda.default_generators cuda.get_arch_list() cuda.is_bf16_supported()
cuda.is_tf32_supported() cuda.memory.empty_cache() cuda.random.get_rng_state_all()
cuda.has_half cuda.has_magma cpu.is_available() cpu.synchronize() cpu.current_device()
cpu.device_count() cpu.set_device("cpu") cpu.is_initialized() accelerator.is_available()
accelerator.device_count() accelerator.current_accelerator()
accelerator.current_accelerator(True) version.cuda version.hip version.debug
compiler.is_compiling() compiler.is_exporting() compiler.reset()
compiler.cudagraph_mark_step_begin() is_warn_always_enabled()
get_deterministic_debug_mode() are_deterministic_algorithms_enabled()
is_deterministic_algorithms_warn_only_enabled() is_anomaly_enabled()
is_anomaly_check_nan_enabled() backends.cudnn.version() backends.cudnn.is_available()
backends.cudnn.enabled backends.cudnn.benchmark backends.cudnn.deterministic
backends.cudnn.benchmark_limit backends.cudnn.allow_tf32 backends.cuda.is_built()
backends.cuda.matmul.allow_tf32 backends.cuda.flash_sdp_enabled()
backends.cuda.math_sdp_enabled() backends.cuda.mem_efficient_sdp_enabled()
backends.cuda.enable_flash_sdp(True) backends.cuda.is_flash_attention_available()
backends.mps.is_available() backends.mps.is_built() backends.opt_einsum.is_available()
mps.is_available() xpu.is_available() xpu.device_count() jit.is_scripting()
jit.is_tracing() jit.onednn_fusion_enabled() compiled_with_cxx11_abi()
"""
REFUSED = """
cuda.init() cuda.current_device() cuda.get_device_name() cuda.get_device_name(0)
cuda.get_device_capability() cuda.get_device_properties(0) cuda.synchronize()
cuda.ipc_collect() cuda.mem_get_info() cuda.Event() cuda.Event(enable_timing=True)
cuda.Stream() cuda.current_stream() cuda.default_stream() cuda.get_rng_state()
cuda.initial_seed() cuda.can_device_access_peer(0,1) accelerator.current_device_index()
accelerator.set_device_index(0) accelerator.synchronize() accelerator.current_stream()
accelerator.memory_allocated() accelerator.memory_stats() accelerator.empty_cache()
accelerator.get_memory_info() accelerator.reset_peak_memory_stats()
set_deterministic_debug_mode("wrong") get_device_module("mps:foo") cuda.set_device(0)
"""


def _asked(lib: Any, question: str) -> Any:
    return eval(f"lib.{question}", {"lib": lib})


@script("answers", *ANSWERS.split())
def answer(lib: Any, question: str) -> Any:
    return _asked(lib, question)


@script("answers", *REFUSED.split())
def refusal(lib: Any, question: str) -> Any:
    """Both refuse; the kinds of PyTorch's errors differ from release to release."""
    return refused(lambda: _asked(lib, question)) != "no error"


@script("answers")
def contexts(lib: Any) -> Any:
    cuda, seen = lib.cuda, []
    with cuda.device(-1), cuda.device_of(lib.ones(1)):
        seen.append(1)
    with cuda.stream(None), cuda.StreamContext(None), lib.cpu.stream(None):
        seen.append(2)
    with lib.backends.cudnn.flags(enabled=False, benchmark=True):
        seen.append(lib.backends.cudnn.benchmark)
    with lib.autograd.set_multithreading_enabled(True):
        seen.append(lib.is_grad_enabled())
    return seen


@script("answers")
def settings(lib: Any) -> Any:
    seen = []
    for mode in ("warn", "error", 0, 1, 2, "default"):
        lib.set_deterministic_debug_mode(mode)
        seen.append(
            [
                lib.get_deterministic_debug_mode(),
                lib.are_deterministic_algorithms_enabled(),
                lib.is_deterministic_algorithms_warn_only_enabled(),
            ]
        )
    lib.use_deterministic_algorithms(True, warn_only=True)
    seen.append(lib.get_deterministic_debug_mode())
    lib.use_deterministic_algorithms(False)
    lib.set_warn_always(True)
    seen.append(lib.is_warn_always_enabled())
    lib.set_warn_always(False)
    lib.set_anomaly_enabled(True, False)
    seen += [lib.is_anomaly_enabled(), lib.is_anomaly_check_nan_enabled()]
    lib.set_anomaly_enabled(False)
    names = [lib.get_device_module(k).__name__[-4:] for k in ("cpu", "cuda")]
    return [*seen, names, lib.get_device_module().__name__[-3:]]


@script("answers")
def events_of_the_cpu(lib: Any) -> Any:
    event, stream = lib.Event("cpu"), lib.Stream("cpu")
    current = lib.cpu.current_stream()
    return [event.query(), stream.device.type, type(current).__name__]


@script("typename")
def names_of_types(lib: Any) -> Any:
    x = lib.ones(1)
    things = [x, x.int(), x.double(), x.bool(), x.half(), x.bfloat16(), x.to(lib.int8)]
    more = [lib.nn.Linear(1, 1), lib.nn.Parameter(x), 3, "a", lib.nn.ReLU, [1], None]
    return [lib.typename(one) for one in (*things, *more)]


# --- modules that scripts import ------------------------------------------------------

MODULES = """
amp amp.autocast_mode amp.grad_scaler autograd autograd.anomaly_mode
autograd.forward_ad autograd.functional autograd.grad_mode autograd.graph
autograd.profiler autograd.variable backends backends.cpu backends.cuda backends.cudnn
backends.mkl backends.mkldnn backends.mps backends.openmp backends.opt_einsum compiler
cpu cpu.amp cuda cuda.amp cuda.memory cuda.nvtx cuda.random cuda.streams fft func jit
linalg mps nn nn.functional nn.init nn.modules nn.parameter nn.utils
nn.utils.clip_grad nn.utils.convert_parameters nn.utils.fusion nn.utils.init
nn.utils.memory_format nn.utils.parametrizations nn.utils.parametrize nn.utils.prune
nn.utils.rnn nn.utils.spectral_norm nn.utils.stateless nn.utils.weight_norm optim
optim.lr_scheduler optim.optimizer optim.swa_utils overrides random serialization
special testing types utils utils.checkpoint utils.data utils.dlpack version xpu
"""


@script("modules", *MODULES.split())
def imported(lib: Any, name: str) -> Any:
    module = importlib.import_module(f"{lib.__name__}.{name}")
    return module.__name__.removeprefix(lib.__name__)


# --- branches, loops ------------------------------------------------------------------


@script("cond", True, False)
def branches(lib: Any, which: bool) -> Any:
    x = numbers(lib, 3).requires_grad_()
    y = lib.cond(which, lambda x: x.sin(), lambda x: x * 3, (x,))
    y.sum().backward()
    return [y, x.grad]


# --- func -----------------------------------------------------------------------------


@script("func.linearize")
def linearized(lib: Any) -> Any:
    x, y = numbers(lib, 3), numbers(lib, 3, shift=1.0)
    value, push = lib.func.linearize(lambda a: lib.sin(a) * a, x)
    both, push_both = lib.func.linearize(lambda a, b: (a * b, a + b), x, y)
    return [value, push(y), push(2 * y), both, push_both(y, x)]


@script("func.replace_all_batch_norm_modules_")
def without_statistics(lib: Any) -> Any:
    nn = lib.nn
    model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.InstanceNorm1d(3))
    told = lib.func.replace_all_batch_norm_modules_(model)
    x = numbers(lib, 5, 4)
    norm = model[1]
    seen = [told is model, list(model.state_dict()), norm.running_mean]
    return [*seen, model[:2](x), model.eval()[:2](x), norm.track_running_stats]


@script("func.functionalize")
def functionalized(lib: Any) -> Any:
    def f(x: Any) -> Any:
        y = x.clone()
        y.add_(1)
        return y

    return lib.func.functionalize(f)(numbers(lib, 3))


# --- jit ------------------------------------------------------------------------------


@script("jit")
def accepted(lib: Any) -> Any:
    jit, x = lib.jit, numbers(lib, 3)
    future = jit.fork(lambda a: a * 2, x)
    frozen = jit.freeze(jit.script(lib.nn.Linear(3, 2).eval()))
    traced = jit.trace(lib.nn.Linear(3, 2), x)
    return [
        jit.wait(future),
        frozen(x).detach(),
        traced(x),
        jit.isinstance([1, 2], list[int]),
        jit.isinstance([1, "a"], list[int]),
        jit.isinstance({"a": 1}, dict[str, int]),
        next(iter(jit.Attribute(3, int))),
        refused(lambda: jit.freeze(lib.nn.Linear(1, 1)))[:12] != "no error",
        jit.optimize_for_inference(frozen)(x).detach(),
    ]


# --- autograd -------------------------------------------------------------------------


@script("autograd.graph")
def parts(lib: Any) -> Any:
    graph, x = lib.autograd.graph, numbers(lib, 3).requires_grad_()
    y = x * 2
    edge = graph.get_gradient_edge(y)
    leaf = graph.get_gradient_edge(x)
    seen = [edge.output_nr, edge.node is y.grad_fn, type(leaf.node).__name__]
    version = x._version
    graph.increment_version(x)
    seen.append(x._version - version)
    with graph.save_on_cpu():
        (x**2).sum().backward()
    return [*seen, x.grad, refused(lambda: graph.get_gradient_edge(lib.ones(1)), 40)]


@script("autograd.graph", "all", "any")
def hooks_of_several(lib: Any, mode: str) -> Any:
    seen: list[Any] = []
    a, b = numbers(lib, 3).requires_grad_(), numbers(lib, 3, shift=1.0).requires_grad_()
    handle = lib.autograd.graph.register_multi_grad_hook((a, b), seen.append, mode=mode)
    (a * b * b).sum().backward()
    count = [len(seen)]
    handle.remove()
    (a * b).sum().backward()
    shown = seen[0] if mode == "all" else [seen[0].shape]
    return [count, len(seen), shown]


USES = {
    "twice": lambda x, y: x * x + x.exp(),
    "branches": lambda x, y: (x * y).tanh() + (x + y).sin() * x,
    "once": lambda x, y: x * y,
    "shared": lambda x, y: (x * 2).relu() * (x * 2).relu() + y * 3 * x,
}


@script("Tensor.register_hook", *USES)
def hooks_of_leaves_see_all_of_the_gradient(lib: Any, use: str) -> Any:
    x, y = [numbers(lib, 3, shift=s).requires_grad_() for s in (0.0, 1.0)]
    seen: list[Any] = []

    def changed(grad: Any) -> Any:
        seen.append(["hook", grad.clone()])
        return grad.clamp(max=0.5)

    x.register_hook(changed)
    x.register_post_accumulate_grad_hook(lambda t: seen.append(["x", t.grad.clone()]))
    y.register_post_accumulate_grad_hook(lambda t: seen.append(["y", t.grad.clone()]))
    USES[use](x, y).sum().backward()
    if use != "twice":
        result = lib.autograd.grad((USES[use](x, y) ** 2).sum(), [y, x])
        seen.append(["grad", *result])
        (USES[use](x, y) ** 2).sum().backward(inputs=[x])
    return [seen, x.grad, y.grad]


@script("Tensor.register_post_accumulate_grad_hook")
def an_optimizer_in_the_backward_pass(lib: Any) -> Any:
    model = lib.nn.Sequential(lib.nn.Linear(4, 4), lib.nn.Tanh(), lib.nn.Linear(4, 4))
    model[2].weight = model[0].weight
    names = {id(p): name for name, p in model.named_parameters()}
    optimizers, order = {}, []
    for p in model.parameters():
        optimizers[id(p)] = lib.optim.SGD([p], lr=0.1)

        def step(p: Any) -> None:
            order.append(names[id(p)])
            optimizers[id(p)].step()
            optimizers[id(p)].zero_grad()

        p.register_post_accumulate_grad_hook(step)
    for shift in (0.0, 1.0):
        (model(numbers(lib, 3, 4, shift=shift)) ** 2).mean().backward()
    # A row of layers is one operation here: its order is another.
    return [sorted(order), saved(model)]


@script("nn.Module")
def order_of_what_is_replaced(lib: Any) -> Any:
    model = lib.nn.Linear(3, 2)
    model.weight = lib.nn.Parameter(numbers(lib, 2, 3))
    plain = lib.nn.Linear(3, 2, bias=False)
    plain.bias = lib.nn.Parameter(numbers(lib, 2))
    gone = lib.nn.Linear(3, 2)
    gone.bias = None
    x = numbers(lib, 4, 3)
    return [saved(model), plain(x), saved(plain), gone(x), list(gone.state_dict())]
