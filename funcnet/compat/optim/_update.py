"""Optimizers that update all parameters in one recorded operation.

The mathematics is the `Rule` of `funcnet.optim`; `_program` describes the operation.
"""

import functools
from typing import Any, ClassVar, Final, NamedTuple

from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._engine.graph import Value, number_input, record, scalar_input
from funcnet.compat._tensor.tensor import Tensor, wrap
from funcnet.compat.optim._base import Settings, UpdateOptimizer
from funcnet.compat.optim._program import STEP, Group, Plan
from funcnet.compat.optim._sharing import Groups, conflict_free_parts
from funcnet.compat.optim._state import full_state, scalar_dtype
from funcnet.optim._base import Fill, Rule
from funcnet.optim._spec import RuleSpec

_plans: dict[Any, Plan] = {}


class RuleOptimizer(UpdateOptimizer):
    """An optimizer with an update rule of `funcnet.optim`.

    Traced settings of the rule are inputs of the program, unless they are zero (their
    terms are then left out); its numbers are constants until they change, the others
    always.

    Attributes:
        spec: the rule with its settings.
        functional: PyTorch's functional form, if there is one: its parameters in order,
            with a `*` before those that must be named.
        scalars: the names of the state's scalars.
        counts_steps: whether the state counts the steps.
        starts_late: whether the update makes the state, not what precedes it.
        writes: how many times PyTorch writes to a parameter in a step, for `_version`.
        decays_apart: whether it writes once more for the weight decay.
        takes_sparse: whether gradients may be sparse tensors.
    """

    spec: ClassVar[RuleSpec]
    functional: ClassVar[str | None] = None
    scalars: ClassVar[tuple[str, ...]]
    counts_steps: ClassVar[bool] = True
    starts_late: ClassVar[bool] = False
    writes: ClassVar[int] = 1
    decays_apart: ClassVar[bool] = False
    takes_sparse: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.checks = cls.spec.checks
        cls.scalars = ("step",) * cls.counts_steps + cls.spec.scalars

    def _rule(self, group: Settings) -> Rule:
        """The rule with the settings of a group."""
        return self.spec.rule(**{name: group[name] for name in self.spec.defaults})

    def _has_slots(self, p: Tensor, group: Settings) -> bool:
        """Whether there is a state; asked at each step of those that have none."""
        settings = [0.0 if k == "lr" else group[k] for k in self.spec.defaults]
        try:
            return _has_slots(self.spec, p._spec.shape, *settings)
        except TypeError:  # a setting that is no key, such as a list
            return True

    def _init_slots(self, p: Tensor, group: Settings) -> dict[str, Fill]:
        return self._rule(group).init_slots(p._spec.shape, _plain(group["lr"]))

    def _update(self) -> None:
        plain = not (self.scalars or self.state) and len(self.param_groups) == 1
        if plain and self._update_without_state(self.param_groups[0]):
            return
        groups: Groups = []
        sparse: list[Tensor] = []
        for group in self.param_groups:
            with_grad = []
            for p in group["params"]:
                grad = p._grad
                if grad is not None:
                    with_grad.append(p)
                    if grad._sparse:
                        sparse.append(p)
            groups.append(with_grad)
        if sparse:
            self._update_densely(sparse)
            return
        parts = conflict_free_parts(groups)
        if len(parts) == 1:
            self._update_together(groups)
            return
        new = {id(p) for group in groups for p in group if not self.state.get(p)}
        for group, params in zip(self.param_groups, groups, strict=True):
            for p in params:  # in the order in which PyTorch makes their states
                if self.scalars or self._init_slots(p, group):
                    self.state[p]
        for part in parts:
            if self.starts_late:  # a parameter listed twice starts twice
                for p in [p for group in part for p in group if id(p) in new]:
                    self.state[p].clear()
            self._update_together(part)

    def _update_without_state(self, group: Settings) -> bool:
        """Update in one pass over the parameters, as plain gradient descent allows.

        False where there is a state, or where memory is shared.
        """
        values: list[Value] = []
        params: list[Tensor] = []
        memory: set[int] = set()
        for p in group["params"]:
            grad = p._grad
            if grad is None:
                continue
            if p._steps or grad._sparse or grad._steps:
                return False
            storage, of_grad = p._storage, grad._storage
            if storage.host is not None or of_grad.host is not None:
                return False
            memory |= {id(storage), id(of_grad)}
            values += (storage.value, of_grad.value)
            params.append(p)
        if not params or len(memory) < len(values) or self._has_slots(params[0], group):
            return False
        sources: list[Value] = []
        inputs = self._add_inputs(sources, group)
        constants, numbers = self._add_numbers(sources, group)
        sources.append(scalar_input(0.0))  # the first step, as it always is
        rows = ((0, ()),) * len(params)
        groups = (Group(constants, inputs, numbers, 1, rows),)
        self._record([*sources, *values], [[p] for p in params], groups)
        self._count_writes(group, params)
        return True

    def _update_densely(self, params: list[Tensor]) -> None:
        """Update with dense gradients instead of sparse ones: the results are equal."""
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
        self._record(recording.sources, recording.targets, groups)
        for group, chosen in zip(self.param_groups, params, strict=True):
            self._count_writes(group, chosen)

    def _record(
        self,
        inputs: list[Value],
        targets: list[list[Tensor]],
        groups: tuple[Group, ...],
    ) -> None:
        """Record the step on these inputs, and write its outputs into the targets."""
        key = (self.spec, self.scalars, groups)
        plan = _plans.get(key)
        if plan is None:
            plan = _plans[key] = Plan(*key)
        sources = tuple(inputs)

        def template() -> Any:
            return (plan, *[PLACEHOLDER] * len(sources)), NO_KEYWORDS

        _, values = record(STEP, sources, plan, template)
        _write(values, targets)

    def _count_writes(self, group: Settings, params: list[Tensor]) -> None:
        """Count the writes to parameters that PyTorch makes besides one."""
        more = self.writes - 1
        if group.get("decoupled_weight_decay", self.decays_apart):
            more += group["weight_decay"] != 0
        if more:
            for p in params:
                p._counts().version += more

    def _gather(
        self, recording: "_Recording", group: Settings, params: list[Tensor]
    ) -> Group:
        """Add a group's sources, and the tensors that take its outputs, in order."""
        if not params:
            return Group((), (), (), 0, ())
        sources, targets = recording
        inputs = self._add_inputs(sources, group)
        constants, numbers = self._add_numbers(sources, group)
        names = self.scalars
        started: dict[str, Value] = {}
        rows: dict[Any, tuple[int, list[list[Tensor]]]] = {}
        indices = []
        own_sources: list[Value] = []
        own_targets: list[list[Tensor]] = []
        has_state = True
        for p in params:
            state = self.state.get(p)
            fresh = not state or _lacks_slot(state)
            if fresh and has_state:
                has_state = bool(names) or self._has_slots(p, group)
                state = self._init_state(p, group, started) if has_state else {}
            state = state or {}
            # Parameters that were always updated together share their scalars' values;
            # without scalars, an input says whether this is the first step.
            key: Any = fresh
            if names:
                values = [state[name]._value() for name in names]
                key = tuple(map(id, values))
            row = rows.get(key)
            if row is None:
                row = rows[key] = (len(rows), [[] for _ in names])
                sources += values if names else [scalar_input(0.0 if fresh else 1.0)]
                targets += row[1]
            own_sources += (p._value(), p._grad._value())  # type: ignore[union-attr]
            own_targets.append([p])
            slots = []
            for name, slot in state.items():
                if name in names:
                    row[1][names.index(name)].append(slot)
                else:
                    slots.append(name)
                    own_sources.append(slot._value())
                    own_targets.append([slot])
            indices.append((row[0], tuple(slots)))
        sources += own_sources
        targets += own_targets
        return Group(constants, inputs, numbers, len(rows), tuple(indices))

    def _add_inputs(self, sources: list[Value], group: Settings) -> tuple[str, ...]:
        names = []
        for name in self.spec.traced:
            value = group["betas"][0] if name == "betas" else group[name]
            if isinstance(value, Tensor):
                sources.append(value._value())
            elif value or name == "lr":
                sources.append(scalar_input(float(value)))
            else:
                continue
            names.append(name)
        return tuple(names)

    def _add_numbers(
        self, sources: list[Value], group: Settings
    ) -> tuple[tuple[tuple[str, Any], ...], tuple[str, ...]]:
        """The settings that are constants, and the names of those that are numbers."""
        constants, names = [], []
        numbers = self.spec.numbers
        for name in self.spec.constants:
            value = group.get(name)  # not so of `betas`
            if type(value) not in _PLAIN:
                value = _constant(group, name)
            if name in numbers and type(value) in (int, float) and value:
                sources.append(number_input(float(value)))
                names.append(name)
            else:
                constants.append((name, value))
        return tuple(constants), tuple(names)

    def _init_state(
        self, p: Tensor, group: Settings, started: dict[str, Value]
    ) -> dict[str, Any]:
        """Make the state of a parameter; scalars that start together share a value."""
        rule, lr = self._rule(group), _plain(group["lr"])
        state: dict[str, Any] = {}
        for name, first in ({"step": 0.0} | rule.init_scalars(lr)).items():
            if name in self.scalars:
                if name not in started:
                    scalar = full_state((), first, scalar_dtype(), p.device)
                    started[name] = scalar._value()
                state[name] = wrap(started[name])
        shape = p._spec.shape
        for name, fill in rule.init_slots(shape, lr).items():
            slot_shape = shape if fill.shape is None else fill.shape
            state[name] = full_state(slot_shape, fill.value, p.dtype, p.device)
        if state:
            self.state[p] = state
        return state


@functools.lru_cache(maxsize=64)
def _has_slots(spec: RuleSpec, shape: tuple[int, ...], *settings: Any) -> bool:
    rule = spec.rule(**dict(zip(spec.defaults, settings, strict=True)))
    return bool(rule.init_slots(shape, 0.0))


def _lacks_slot(state: dict[str, Any]) -> bool:
    """Return whether a slot is None, by identity: `in` would compare each tensor."""
    for slot in state.values():  # noqa: SIM110, a generator costs more than the loop
        if slot is None:
            return True
    return False


def _write(values: list[Value], targets: list[list[Tensor]]) -> None:
    """Write the outputs of a step into their tensors."""
    for value, tensors in zip(values, targets, strict=True):
        for x in tensors:
            storage = x._storage
            if x._steps or storage.host is not None:
                x._write(value)
            else:  # equivalent to `x._write`
                counter = x._counter
                (storage if counter is None else counter).version += 1
                storage.content_version += 1
                storage.value = value


_PLAIN: Final = frozenset([bool, int, float])


class _Recording(NamedTuple):
    """The inputs of a step, and for each of its outputs the tensors that take it."""

    sources: list[Value]
    targets: list[list[Tensor]]


def _constant(group: Settings, name: str) -> Any:
    value = group["betas"][1] if name == "betas" else group[name]
    if isinstance(value, Tensor):
        return value._array().item()
    return tuple(value) if isinstance(value, list) else value


def _plain(lr: float | Tensor) -> float:
    return float(lr._array()) if isinstance(lr, Tensor) else float(lr)
