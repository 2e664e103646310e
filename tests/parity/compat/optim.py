"""`optim_db` and every scheduler on `funcnet.compat`, line by line as with torch."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_optimizers import optim_db
from torch.utils import _pytree

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.compat.ops import to_compat
from tests.parity.native import optimizers, schedules
from tests.parity.report import ExcludedError, Tally, Trial
from tests.reference.rates import FACTORS, Factor
from tests.reference.steps import loss, muon_slack, problem

RTOL, ATOL = 1e-4, 1e-5


def trials(tally: Tally) -> Iterator[Trial]:
    for info in optim_db:
        cls = info.optim_cls
        for index, configuration in enumerate(info.optim_inputs_func(device="cpu")):
            label = f"{index} {configuration.desc}"
            run = partial(_run, cls, configuration.kwargs)
            yield Trial(cls.__name__, label, run)
        yield Trial(cls.__name__, "saved and loaded", partial(_run, cls, {}, True))
    for name, calls in schedules.TABLE.items():
        for index, called in enumerate(calls):
            for cls_name in ("SGD", "Adam"):
                run = partial(_run_schedule, name, cls_name, *called)
                yield Trial(name, f"settings {index} of {cls_name}", run)


class Run:
    """An optimizer of torch or of compat on the small problem."""

    def __init__(self, library: Any, cls: type, kwargs: dict[str, Any]) -> None:
        mine = library is compat
        convert = to_compat if mine else lambda x: x.detach().clone()
        matrices, x64 = cls is torch.optim.Muon, cls is torch.optim.LBFGS
        parts = _pytree.tree_map(torch.tensor, problem(matrices, x64))
        start, self.x, self.target = _pytree.tree_map(convert, parts)
        self.params = {name: p.requires_grad_() for name, p in start.items()}
        self.library = library
        kwargs = _pytree.tree_map_only(torch.Tensor, convert, kwargs)
        self.cls = getattr(library.optim, cls.__name__)
        self.kwargs = kwargs
        self.optimizer = self.cls(list(self.params.values()), **kwargs)

    def closure(self) -> Any:
        self.optimizer.zero_grad()
        value = loss(self.params, self.x, self.target, self.library)
        value.backward()
        return value

    def reload(self) -> None:
        """Go on with another optimizer that loads the state of this one."""
        saved = self.optimizer.state_dict()
        self.optimizer = self.cls(list(self.params.values()), **self.kwargs)
        self.optimizer.load_state_dict(saved)


def _run(cls: Any, kwargs: dict[str, Any], reload: bool = False) -> None:
    theirs, ours = Run(torch, cls, kwargs), Run(compat, cls, kwargs)
    if not any(isinstance(x, torch.Tensor) for x in _pytree.tree_leaves(kwargs)):
        assert repr(ours.optimizer) == repr(theirs.optimizer), repr(ours.optimizer)
    # A last bit of a bfloat16 may fall the other way.
    lr = float(theirs.optimizer.defaults["lr"])
    slack = muon_slack(lr) if cls is torch.optim.Muon else ATOL
    for step in range(optimizers.steps_for(cls)):
        if reload and step == 4:
            theirs.reload()
            ours.reload()
        wanted, result = _result_or_error(theirs), _result_or_error(ours)
        if isinstance(wanted, str) or isinstance(result, str):
            assert result == wanted, f"{result}, PyTorch {wanted}"
            return
        _close(f"loss of step {step + 1}", result, wanted, slack)
        for name, p in theirs.params.items():
            _close(f"{name} after step {step + 1}", ours.params[name], p, slack)
    # The quotients that LBFGS keeps magnify the last bits of gradients close to zero.
    rtol = 1e-2 if cls is torch.optim.LBFGS else RTOL
    result, wanted = ours.optimizer.state_dict(), theirs.optimizer.state_dict()
    _compare_states(result, wanted, max(slack, rtol), rtol)


def _result_or_error(run: Run) -> Any:
    try:
        return run.optimizer.step(run.closure)
    except RuntimeError as error:
        return str(error)


def _compare_states(found: Any, wanted: Any, slack: float, rtol: float) -> None:
    """The same names in the same order, and values that are close."""
    if isinstance(wanted, dict):
        assert list(found) == list(wanted), f"{list(found)}, PyTorch {list(wanted)}"
        for name, value in wanted.items():
            _compare_states(found[name], value, slack, rtol)
    elif isinstance(wanted, list | tuple):
        assert len(found) == len(wanted), f"{len(found)}, PyTorch has {len(wanted)}"
        for one, other in zip(found, wanted, strict=True):
            _compare_states(one, other, slack, rtol)
    elif isinstance(wanted, float) or isinstance(found, float):
        number = float(_numbers(found))
        assert np.isclose(number, float(wanted), rtol, slack), f"{found} for {wanted}"
    elif isinstance(wanted, torch.Tensor):
        _close("state", found, wanted, slack, rtol)
    else:
        assert found == wanted, f"{found!r} is not {wanted!r}"


def _close(
    what: str, found: Any, wanted: torch.Tensor, slack: float, rtol: float = RTOL
) -> None:
    mine, theirs = np.asarray(_numbers(found)), wanted.detach().numpy()
    assert mine.shape == theirs.shape, f"{what}: shape {mine.shape}, {theirs.shape}"
    assert mine.dtype == theirs.dtype, f"{what}: {mine.dtype}, PyTorch {theirs.dtype}"
    np.testing.assert_allclose(mine, theirs, rtol, slack, err_msg=what)


def _numbers(x: Any) -> Any:
    return x.detach().numpy() if isinstance(x, compat.Tensor) else x


def _run_schedule(name: str, cls_name: str, args: Any, kwargs: Any) -> None:
    theirs, ours = _scheduled(torch, name, cls_name, args, kwargs), None
    with quiet():
        ours = _scheduled(compat, name, cls_name, args, kwargs)
        for step in range(schedules.STEPS):
            settings = [o.param_groups[0] for o, _ in (ours, theirs)]
            _compare_groups(*settings)
            assert np.allclose(ours[1].get_last_lr(), theirs[1].get_last_lr(), 1e-9)
            metric = float(np.exp(-step / 20) + 0.1 * np.sin(step))
            given = (metric,) if name == "ReduceLROnPlateau" else ()
            for optimizer, scheduler in (ours, theirs):
                optimizer.step()
                scheduler.step(*given)
            if step == schedules.STEPS // 2:
                ours = _reloaded(ours, _scheduled(compat, name, cls_name, args, kwargs))
        result, wanted = ours[1].state_dict(), theirs[1].state_dict()
        assert set(result) == set(wanted), f"{set(result) ^ set(wanted)}"


def _reloaded(old: Any, new: Any) -> Any:
    for one, other in zip(new, old, strict=True):
        one.load_state_dict(other.state_dict())
    return new


def _compare_groups(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert set(found) == set(wanted), f"{set(found) ^ set(wanted)}"
    for name, value in wanted.items():
        if isinstance(value, float | tuple):
            mine = np.asarray(found[name], float)
            assert np.allclose(mine, value, 1e-9, 1e-12), f"{name}: {mine}"


def _scheduled(library: Any, name: str, cls_name: str, args: Any, kwargs: Any) -> Any:
    p = library.zeros(1).requires_grad_()
    extra = {"momentum": 0.9} if cls_name == "SGD" else {}
    optimizer = getattr(library.optim, cls_name)([p], schedules.BASE, **extra)

    def make(name: str, args: Any, kwargs: Any) -> Any:
        cls = getattr(library.optim.lr_scheduler, name)
        args = [FACTORS[x.name] if isinstance(x, Factor) else x for x in args]
        kwargs = {
            k: FACTORS[x.name] if isinstance(x, Factor) else x
            for k, x in kwargs.items()
        }
        if name in ("SequentialLR", "ChainedScheduler"):
            args[0] = [make(part, *called) for part, called in args[0]]
        if name == "ChainedScheduler":
            return cls(*args, **kwargs)
        return cls(optimizer, *args, **kwargs)

    try:
        with quiet():
            return optimizer, make(name, args, kwargs)
    except Exception as error:
        if library is torch:
            raise ExcludedError(f"PyTorch raises {type(error).__name__}") from None
        raise
