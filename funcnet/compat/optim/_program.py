"""The program of an optimizer's step: a pure function that updates all parameters.

Its sources are, group by group, the settings that may change from step to step, the
scalars of the state (step counts), and for each parameter itself, its gradient and its
slots; its results are the new scalars, parameters and slots.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._engine.op import Op
from funcnet.optim._base import Rule, Scalars, Slots
from funcnet.optim._spec import RuleSpec


class Group(NamedTuple):
    """The part of a group that determines the program.

    `constants` are settings with their values, `inputs` names the settings that are
    sources, `numbers` those of them that are constants until they change, `rows` counts
    the different sets of scalars, and `params` gives each parameter's row and the names
    of its slots.
    """

    constants: tuple[tuple[str, Any], ...]
    inputs: tuple[str, ...]
    numbers: tuple[str, ...]
    rows: int
    params: tuple[tuple[int, tuple[str, ...]], ...]


class Plan:
    """The structure of a step: one object for each, compared by identity."""

    def __init__(
        self, spec: RuleSpec, scalars: tuple[str, ...], groups: tuple[Group, ...]
    ) -> None:
        self.spec = spec
        self.scalars = scalars
        self.groups = groups


def _run(plan: Plan, *arrays: Array) -> tuple[Array, ...]:
    source = iter(arrays)
    results: list[Array] = []
    for group in plan.groups:
        if group.params:
            _run_group(plan, group, source, results)
    return tuple(results)


def _run_group(
    plan: Plan, group: Group, source: Iterator[Array], results: list[Array]
) -> None:
    given = {name: next(source) for name in group.inputs}
    numbers = {name: next(source) for name in group.numbers}
    # Scalars are computed in double precision, as PyTorch does with Python's floats.
    lr = jnp.asarray(given["lr"], jnp.float64).reshape(())
    rule = _rule(plan.spec, dict(group.constants) | numbers, given)
    rows = []
    for _ in range(group.rows):
        old = [next(source) for _ in plan.scalars or ("updated",)]
        count, *others = [jnp.asarray(x, jnp.float64) for x in old]
        shared = dict(zip(plan.scalars[1:], others, strict=True))
        k = rule.scalars(count + 1, lr, shared)
        rows.append(k)
        if plan.scalars:
            new = [count + 1, *[k[name] for name in shared]]
            results += [x.astype(y.dtype) for x, y in zip(new, old, strict=True)]
    for row, names in group.params:
        param, grad = next(source), next(source)
        slots = {name: next(source) for name in names}
        results += _updated(rule, param, grad, slots, rows[row])


def _rule(spec: RuleSpec, settings: dict[str, Any], given: dict[str, Array]) -> Rule:
    """The rule of a group; settings that are not sources are zero."""
    for name in spec.traced:
        value = given.get(name, 0.0)
        settings[name] = (value, settings[name]) if name == "betas" else value
    return spec.rule(**settings)


def _updated(
    rule: Rule, param: Array, grad: Array, slots: Slots, k: Scalars
) -> list[Array]:
    """The new parameter and its new slots; complex numbers are pairs of real ones."""
    if not jnp.iscomplexobj(param):
        change, new = rule.step(grad, param, slots, k)
        return [param + change, *[new[name] for name in slots]]
    real = {name: _pairs(slot) for name, slot in slots.items()}
    change, new = rule.step(_pairs(grad), _pairs(param), real, k)
    return [_joined(x) for x in (_pairs(param) + change, *[new[n] for n in slots])]


def _pairs(x: Array) -> Array:
    return jnp.stack([jnp.real(x), jnp.imag(x)], -1)


def _joined(x: Array) -> Array:
    return jax.lax.complex(x[..., 0], x[..., 1])


STEP = Op("optimizer_step", _run)
