"""One recorded node that updates all parameters of an optimizer.

Its sources are, group by group, the numbers that may change from step to step, the
scalars of the state (step counts), and for each parameter itself, its gradient and its
slots; its outputs are the new scalars, parameters and slots. The mathematics is the
`Rule` of `funcnet.optim`.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp

import funcnet
from funcnet.compat._core.context import enable_grad, no_grad
from funcnet.compat._core.static_args import HOLE, NO_KEYWORDS
from funcnet.compat._engine import executor as _program
from funcnet.compat._engine.graph import Value, number, record
from funcnet.compat._engine.op import Op
from funcnet.compat._tensor.tensor import Tensor, wrap
from funcnet.compat.optim._sharing import Groups, in_turn
from funcnet.compat.optim._state import filled, scalar_kind
from funcnet.compat.optim.optimizer import Optimizer

if TYPE_CHECKING:
    from funcnet.optim._base import Rule

Settings = dict[str, Any]


class _Group(NamedTuple):
    """What of a group decides the program.

    `inputs` names the numbers that enter, `rows` counts the different sets of scalars,
    and `params` gives each parameter's row and the names of its slots.
    """

    settings: tuple[tuple[str, Any], ...]
    inputs: tuple[str, ...]
    rows: int
    params: tuple[tuple[int, tuple[str, ...]], ...]


class _Plan:
    """The structure of a step; there is one object of each, so it compares fast."""

    def __init__(self, cls: type["RecordedOptimizer"], groups: tuple[_Group, ...]):
        self.cls = cls
        self.groups = groups


_templates: dict[Any, Any] = {}


class RecordedOptimizer(Optimizer):
    """An optimizer whose rule is one of `funcnet.optim`'s.

    Attributes:
        native: the name of the function that makes the rule of its settings; what it
            needs, optax with it, is imported when the first step is recorded.
        inputs: settings that are inputs of the program, unless they are zero (then the
            rule leaves their terms out); `beta1` is the first of the betas.
        constants: settings that are constants in it; `beta2` is the second beta.
        scalars: the names of the state's scalars.
        starts_late: whether the update makes the state, not what prepares it.
        writes: how often PyTorch writes to a parameter in a step, for `_version`.
        decays_apart: whether it writes once more for the weight decay.
        takes_sparse: whether gradients may be sparse tensors.
    """

    native: ClassVar[str]
    inputs: ClassVar[tuple[str, ...]] = ("lr", "weight_decay")
    constants: ClassVar[tuple[str, ...]] = ("eps", "maximize")
    scalars: ClassVar[tuple[str, ...]] = ("step",)
    starts_late: ClassVar[bool] = False
    writes: ClassVar[int] = 1
    decays_apart: ClassVar[bool] = False
    takes_sparse: ClassVar[bool] = False

    def first_scalars(self, group: Settings) -> dict[str, float]:
        """The scalars of the state before the first step."""
        return dict.fromkeys(self.scalars, 0.0)

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """What each slot is filled with at first: a number, or a shape and a number."""
        raise NotImplementedError

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update all parameters that have a gradient."""
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad():
            self._update()
            # What the step read is forgotten here, so that its memory can be reused.
            _program.flush()
        return loss

    def _update(self) -> None:
        groups = [
            [p for p in group["params"] if p._grad is not None]
            for group in self.param_groups
        ]
        sparse = [p for group in groups for p in group if p._grad._sparse]  # type: ignore[union-attr]
        if sparse:
            self._update_densely(sparse)
            return
        parts = in_turn(groups)
        if len(parts) == 1:
            self._update_together(groups)
            return
        new = {id(p) for group in groups for p in group if not self.state.get(p)}
        for group, params in zip(self.param_groups, groups, strict=True):
            for p in params:  # in the order in which PyTorch makes their states
                if self.scalars or self.first_slots(p, group):
                    self.state[p]
        for part in parts:
            if self.starts_late:  # one that stands twice starts twice
                for p in [p for group in part for p in group if id(p) in new]:
                    self.state[p].clear()
            self._update_together(part)

    def _update_densely(self, params: list[Tensor]) -> None:
        """Update with dense gradients in place of sparse ones: to the same numbers."""
        name = type(self).__name__
        if not self.takes_sparse:
            also = ", please consider SparseAdam instead" if "Adam" in name else ""
            raise RuntimeError(f"{name} does not support sparse gradients{also}")
        if any(group["weight_decay"] for group in self.param_groups):
            raise RuntimeError(
                "weight_decay option is not compatible with sparse gradients"
            )
        before = [p._grad for p in params]
        for p in params:
            p._grad = p._grad.to_dense()  # type: ignore[union-attr]
        try:
            self._update()
        finally:
            for p, grad in zip(params, before, strict=True):
                p._grad = grad

    def _update_together(self, params: Groups) -> None:
        recording = _Recording([], [])
        groups = tuple(
            [
                self._gather(recording, group, chosen)
                for group, chosen in zip(self.param_groups, params, strict=True)
            ]
        )
        if not recording.targets:
            return
        key = (type(self), groups)
        template = _templates.get(key)
        if template is None:
            holes = [HOLE] * len(recording.sources)
            plan = _Plan(type(self), groups)
            template = _templates[key] = ((plan, *holes), NO_KEYWORDS)
        _, values = record(_STEP, tuple(recording.sources), template)
        _write(values, recording.targets)
        for group, chosen in zip(self.param_groups, params, strict=True):
            more = self.writes - 1
            if group.get("decoupled_weight_decay", self.decays_apart):
                more += group["weight_decay"] != 0
            if more:
                for p in chosen:
                    p._counts().version += more

    def _gather(
        self, recording: "_Recording", group: Settings, params: list[Tensor]
    ) -> _Group:
        """Add a group's sources, and the tensors that take its outputs, in order."""
        if not params:
            return _Group((), (), 0, ())
        sources, targets = recording
        inputs = self._add_numbers(sources, group)
        names = self.scalars
        born: dict[str, Value] = {}
        rows: dict[Any, tuple[int, list[list[Tensor]]]] = {}
        places = []
        own_sources: list[Value] = []
        own_targets: list[list[Tensor]] = []
        has_state = True
        for p in params:
            state = self.state.get(p)
            # By identity: `in` would ask each tensor whether it equals None.
            missing = [True for slot in state.values() if slot is None] if state else ()
            fresh = not state or bool(missing)
            if fresh and has_state:
                state = self._start(p, group, born)
                has_state = bool(state)
            state = state or {}
            values = [state[name]._value() for name in names]
            # Parameters that were always updated together share their scalars' values;
            # without scalars, the rule is told whether this is the first step.
            key = tuple([id(value) for value in values]) if names else fresh
            found = rows.get(key)
            if found is None:
                found = rows[key] = (len(rows), [[] for _ in names])
                sources += values if names else [number(0.0 if fresh else 1.0)]
                targets += found[1]
            for column, name in zip(found[1], names, strict=True):
                column.append(state[name])
            own_sources.append(p._value())
            own_sources.append(p._grad._value())  # type: ignore[union-attr]
            own_targets.append([p])
            slots = []
            for name, slot in state.items():
                if name not in names:
                    slots.append(name)
                    own_sources.append(slot._value())
                    own_targets.append([slot])
            places.append((found[0], tuple(slots)))
        sources += own_sources
        targets += own_targets
        settings = tuple([(k, _fixed(group, k)) for k in self.constants])
        return _Group(settings, inputs, len(rows), tuple(places))

    def _add_numbers(self, sources: list[Value], group: Settings) -> tuple[str, ...]:
        names = []
        for name in self.inputs:
            value = group["betas"][0] if name == "beta1" else group[name]
            if isinstance(value, Tensor):
                sources.append(value._value())
            elif value or name == "lr":
                sources.append(number(float(value)))
            else:
                continue
            names.append(name)
        return tuple(names)

    def _start(
        self, p: Tensor, group: Settings, born: dict[str, Value]
    ) -> dict[str, Any]:
        """Make the state of a parameter; scalars that start together are one value."""
        state: dict[str, Any] = {}
        for name, first in self.first_scalars(group).items():
            if name not in born:
                born[name] = filled((), first, scalar_kind(), p.device)._value()
            state[name] = wrap(born[name])
        for name, filling in self.first_slots(p, group).items():
            whole = isinstance(filling, tuple)
            shape, first = filling if whole else (p._aval.shape, filling)
            state[name] = filled(shape, first, p.dtype, p.device)
        if state:
            self.state[p] = state
        return state


def _write(values: list[Value], targets: list[list[Tensor]]) -> None:
    """Put the outputs of a step into their tensors."""
    for value, tensors in zip(values, targets, strict=True):
        for x in tensors:
            storage = x._storage
            if x._steps or storage.host is not None:
                x._write(value)
            else:  # what `x._write` comes to
                counter = x._counter
                (storage if counter is None else counter).version += 1
                storage.stamp += 1
                storage.value = value


class _Recording(NamedTuple):
    """What a step reads, and for each of its outputs the tensors that take it."""

    sources: list[Value]
    targets: list[list[Tensor]]


def _fixed(group: Settings, name: str) -> Any:
    value = group["betas"][1] if name == "beta2" else group[name]
    if isinstance(value, Tensor):
        return value._array().item()
    return tuple(value) if isinstance(value, list) else value


def _run(plan: _Plan, *arrays: Any) -> tuple[Any, ...]:
    """The update: a pure function of the sources."""
    source = iter(arrays)
    results: list[Any] = []
    for group in plan.groups:
        if group.params:
            _run_group(plan.cls, group, source, results)
    return tuple(results)


def _run_group(
    cls: type[RecordedOptimizer],
    group: _Group,
    source: Iterator[Any],
    results: list[Any],
) -> None:
    given = {name: next(source) for name in group.inputs}
    # Scalars are computed in double precision, as PyTorch does with Python's floats.
    lr = jnp.asarray(given.pop("lr"), jnp.float64).reshape(())
    rule = _rule(cls, group, given)
    rows = []
    for _ in range(group.rows):
        old = [next(source) for _ in cls.scalars or ("updated",)]
        count, *others = [jnp.asarray(x, jnp.float64) for x in old]
        shared = dict(zip(cls.scalars[1:], others, strict=True))
        k = rule.scalars(count + 1, lr, shared)
        rows.append(k)
        if cls.scalars:
            new = [count + 1, *[k[name] for name in shared]]
            results += [x.astype(y.dtype) for x, y in zip(new, old, strict=True)]
    for row, names in group.params:
        param, grad = next(source), next(source)
        slots = {name: next(source) for name in names}
        results += _updated(rule, param, grad, slots, rows[row])


def _rule(cls: type[RecordedOptimizer], group: _Group, given: Settings) -> "Rule":
    settings = dict(group.settings)
    for name in cls.inputs:
        if name != "lr":
            settings[name] = given.get(name, 0.0)
    if "beta2" in settings:
        settings["betas"] = (settings.pop("beta1"), settings.pop("beta2"))
    rule: Rule = getattr(funcnet.optim, cls.native)(**settings).rule
    return rule


def _updated(
    rule: "Rule", param: Any, grad: Any, slots: Settings, k: Settings
) -> list[Any]:
    """The new parameter and its new slots; complex numbers are pairs of real ones."""
    if not jnp.iscomplexobj(param):
        change, new = rule.step(grad, param, slots, k)
        return [param + change, *[new[name] for name in slots]]
    real = {name: _pairs(slot) for name, slot in slots.items()}
    change, new = rule.step(_pairs(grad), _pairs(param), real, k)
    return [_joined(x) for x in (_pairs(param) + change, *[new[n] for n in slots])]


def _pairs(x: Any) -> Any:
    return jnp.stack([jnp.real(x), jnp.imag(x)], -1)


def _joined(x: Any) -> Any:
    return jax.lax.complex(x[..., 0], x[..., 1])


_STEP = Op("optimizer_step", _run)
