"""Files of `torch.save`, both ways: PyTorch's read here, ours read in PyTorch."""

import io
import itertools
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch.testing._internal.common_optimizers import optim_db
from torch.utils import _pytree

from funcnet import compat
from funcnet.checkpoint import pth
from tests.parity.bridge import quiet
from tests.parity.cases import file_modules
from tests.parity.cases.files import FORMATS, bits, drawn, same, to_ours, to_theirs
from tests.parity.compat.ops import _same
from tests.parity.compat.optim import Run, _compare_states, _scheduled
from tests.parity.native import schedules
from tests.parity.report import ExcludedError, Tally, Trial

DTYPES = [
    *(torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64),
    *(torch.uint16, torch.uint32, torch.uint64, torch.float16, torch.bfloat16),
    *(torch.float32, torch.float64, torch.complex64, torch.complex128),
    *(torch.float8_e4m3fn, torch.float8_e5m2),
]
ONLY_NATIVE = [
    *(torch.float8_e4m3fnuz, torch.float8_e5m2fnuz, torch.float8_e8m0fnu),
]


def trials(tally: Tally) -> Iterator[Trial]:
    for kind, (form, how) in itertools.product(DTYPES, FORMATS.items()):
        yield Trial("dtypes", f"{kind}, {form}", partial(_run_dtype, kind, how))
    for kind, (form, how) in itertools.product(ONLY_NATIVE, FORMATS.items()):
        yield Trial("dtypes", f"{kind}, {form}", partial(_run_native, kind, how))
    for (name, make), (form, how) in itertools.product(VALUES.items(), FORMATS.items()):
        yield Trial(name, form, partial(_run_value, make, how))
    for (name, make), (form, how) in itertools.product(VIEWS.items(), FORMATS.items()):
        yield Trial(f"sharing: {name}", form, partial(_run_sharing, make, how))
    for info in optim_db:
        for index, one in enumerate(info.optim_inputs_func(device="cpu")):
            run = partial(_run_optimizer, info.optim_cls, one.kwargs)
            yield Trial(f"{info.optim_cls.__name__}.state_dict", f"{index}", run)
    for name, calls in schedules.TABLE.items():
        for index, called in enumerate(calls):
            run = partial(_run_schedule, name, *called)
            yield Trial(f"{name}.state_dict", f"settings {index}", run)
    yield from file_modules.trials()


# --- dtypes and values ----------------------------------------------------------------


def _run_dtype(kind: torch.dtype, how: dict[str, Any]) -> None:
    value = {"x": drawn(kind, 3, 5), "none": drawn(kind, 0, 2), "one": drawn(kind)}
    ours = to_ours(value, **how)
    same(value, ours)
    same(value, to_theirs(ours))
    same(value, to_theirs(to_ours(to_theirs(ours))))
    _run_native(kind, how)


def _run_native(kind: torch.dtype, how: dict[str, Any]) -> None:
    value, file = {"x": drawn(kind, 3, 5)}, io.BytesIO()
    torch.save(value, file, **how)
    file.seek(0)
    array = pth.load(file)["x"]
    assert array.shape == (3, 5), f"{array.shape}"
    assert bits(array) == bits(value["x"])
    file = io.BytesIO()
    pth.save({"x": array}, file)
    file.seek(0)
    same(value, torch.load(file, weights_only=True))


def _run_value(make: Callable[[], Any], how: dict[str, Any]) -> None:
    with quiet():
        value = make()
    ours = to_ours(value, **how)
    same(value, ours)
    same(ours, to_theirs(ours))


def _checkpoint() -> Any:
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(torch.ones(2, 3)).sum().backward()
    optimizer.step()
    return {
        "epoch": 7,
        "arch": "resnet18",
        "state_dict": model.state_dict(),
        "best_acc1": torch.tensor(71.5),
        "optimizer": optimizer.state_dict(),
        "rng": torch.get_rng_state(),
    }


def _attributed() -> Any:
    parameter = torch.nn.Parameter(torch.ones(2))
    parameter.group = "slow"
    plain = torch.ones(3)
    plain.note = {"a": 1}
    return [parameter, plain]


VALUES: dict[str, Callable[[], Any]] = {
    "a training checkpoint": _checkpoint,
    "plain values": lambda: [
        *(0, 1, 255, 256, 65535, 65536, -1, -(2**31), 2**31, 2**63, -(2**70), 10**80),
        *(0.5, -0.0, float("inf"), float("nan"), 1e-320, True, False, None),
        *("", "é€𝄞", "x" * 300, b"\x00\xff", (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
        *([], {}, {1: 2, (1, "a"): [3]}, OrderedDict(b=1, a=2), {3, 4}, 1 + 2j),
        Counter({30: 1, 80: 2}),
    ],
    "values of torch": lambda: [
        *(torch.Size([2, 3]), torch.float16, torch.bfloat16, torch.float8_e4m3fn),
        *(torch.device("cpu"), torch.device("cuda", 1), torch.strided),
    ],
    "long lists": lambda: [list(range(3000)), {str(i): i for i in range(3000)}],
    "tensors that require gradients": lambda: [
        *(torch.ones(2, requires_grad=True), torch.nn.Parameter(torch.ones(2))),
        *(
            torch.nn.Parameter(torch.ones(2), False),
            torch.ones(2, requires_grad=True) * 2,
        ),
    ],
    "attributes": _attributed,
    "buffers": lambda: [torch.nn.Buffer(torch.ones(2)).detach()],
    "conjugates": lambda: [
        torch.complex(torch.ones(2), torch.ones(2)).conj(),
        torch.complex(torch.ones(2), torch.ones(2)).conj().imag,
    ],
    "many tensors": lambda: [torch.full((2,), float(i)) for i in range(1500)],
    "large tensors": lambda: {"a": torch.randn(1000, 1000), "b": torch.ones(10, 7)},
}


# --- sharing --------------------------------------------------------------------------


def _of(*views: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[], Any]:
    def make() -> Any:
        base = torch.arange(24.0).reshape(2, 3, 4)
        return [view(base) for view in views]

    return make


def _whole(x: torch.Tensor) -> torch.Tensor:
    return x


VIEWS: dict[str, Callable[[], Any]] = {
    "twice": _of(_whole, lambda x: x.detach()),
    "rows": _of(_whole, lambda x: x[0], lambda x: x[1, 1:]),
    "rows first": _of(lambda x: x[1], lambda x: x[0], _whole),
    "a part alone": _of(lambda x: x[:, 1]),
    "a slice alone": _of(lambda x: x[1]),
    "permuted": _of(lambda x: x.permute(2, 0, 1), _whole),
    "permuted alone": _of(lambda x: x.permute(2, 0, 1)),
    "channels last": lambda: [
        torch.ones(2, 3, 4, 5).to(memory_format=torch.channels_last)
    ],
    "steps": _of(lambda x: x[:, ::2, 1::2], _whole),
    "a diagonal": _of(lambda x: x[0].diagonal(), _whole),
    "expanded": _of(lambda x: x[:, :1].expand(2, 5, 4), _whole),
    "overlapping": _of(lambda x: x.as_strided((5, 4), (2, 1), 3), _whole),
    "flat": _of(lambda x: x.view(-1), lambda x: x.view(6, 4), lambda x: x.view(1, 24)),
    "scalars": _of(lambda x: x[0, 0, 0], lambda x: x[1, 2, 3]),
}


def _run_sharing(make: Callable[[], Any], how: dict[str, Any]) -> None:
    wanted = make()
    ours = to_ours(wanted, **how)
    same(wanted, ours)
    back = to_theirs(ours)
    same(wanted, back)
    for place in range(len(wanted)):
        for group in (wanted, ours, back):
            one = group[place]
            one[(0,) * one.ndim] = 100.0 + place
    same(wanted, ours)
    same(wanted, back)


# --- optimizers and schedules ---------------------------------------------------------


def _run_optimizer(cls: Any, kwargs: dict[str, Any]) -> None:
    theirs, ours = Run(torch, cls, kwargs), Run(compat, cls, kwargs)
    _steps(theirs, 4)
    saved = (theirs.optimizer.state_dict(), theirs.params)
    state, params = to_ours(saved)
    same(saved[1], params)
    _put(ours, compat, state, params)
    if cls is not torch.optim.LBFGS:
        # Where PyTorch keeps a number, some of its versions keep a tensor.
        same(
            _plain(saved[0]["state"]),
            _plain(to_theirs(ours.optimizer.state_dict())["state"]),
        )
    again = Run(torch, cls, kwargs)
    _put(again, torch, *to_theirs((ours.optimizer.state_dict(), ours.params)))
    for run in (theirs, ours, again):
        _steps(run, 3)
    for name, wanted in theirs.params.items():
        assert bits(again.params[name]) == bits(wanted), f"{name} went on differently"
        _same(wanted, ours.params[name], f"{name}: ")
    _compare_states(
        ours.optimizer.state_dict(), theirs.optimizer.state_dict(), 1e-4, 1e-3
    )


def _steps(run: Run, count: int) -> None:
    for _ in range(count):
        try:
            run.optimizer.step(run.closure)
        except Exception as error:
            if run.library is torch:
                raise ExcludedError(f"PyTorch raises {type(error).__name__}") from None
            raise


def _put(run: Run, library: Any, state: Any, params: Any) -> None:
    with library.no_grad():
        for name, param in run.params.items():
            param.copy_(params[name])
    run.optimizer.load_state_dict(state)


def _plain(state: Any) -> Any:
    return _pytree.tree_map_only(torch.Tensor, lambda x: x.detach(), dict(state))


def _run_schedule(name: str, args: Any, kwargs: Any) -> None:
    optimizer, theirs = _scheduled(torch, name, "SGD", args, kwargs)
    for step in range(5):
        optimizer.step()
        with quiet():
            theirs.step(*((1.0 / (step + 1),) if name == "ReduceLROnPlateau" else ()))
    state = {k: v for k, v in theirs.state_dict().items() if _is_data(v)}
    ours = to_ours((optimizer.state_dict(), state))
    same((optimizer.state_dict(), state), ours)
    same(ours, to_theirs(ours))


def _is_data(value: Any) -> bool:
    return not any(callable(leaf) for leaf in _pytree.tree_leaves(value))
