"""Optimizers as functions that update lists of tensors, as `torch.optim.adam.adam`.

Each is one step of the class: the same recorded node, whose state is what was given.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from funcnet.compat._core.context import no_grad
from funcnet.compat.optim import _adam, _adaptive, _sgd
from funcnet.compat.optim._update import RuleOptimizer


class _Form(NamedTuple):
    """The class, the lists of its state with their names in it, and more flags."""

    cls: type[RuleOptimizer]
    lists: dict[str, str]
    flags: tuple[str, ...] = ()


_MOMENTS = {"exp_avgs": "exp_avg", "exp_avg_sqs": "exp_avg_sq"}
_LARGEST = {"max_exp_avg_sqs": "max_exp_avg_sq"}
_STEPS = {"state_steps": "step"}
_FUSED = ("fused", "grad_scale", "found_inf")
_USUAL = ("foreach", "capturable", "differentiable")

_FORMS: Final = {
    "adam": _Form(
        _adam.Adam,
        _MOMENTS | _LARGEST | _STEPS,
        (*_USUAL, *_FUSED, "has_complex", "decoupled_weight_decay"),
    ),
    "adamw": _Form(
        _adam.AdamW, _MOMENTS | _LARGEST | _STEPS, (*_USUAL, *_FUSED, "has_complex")
    ),
    "sgd": _Form(
        _sgd.SGD,
        {"momentum_buffer_list": "momentum_buffer"},
        ("has_sparse_grad", "foreach", *_FUSED),
    ),
    "rmsprop": _Form(
        _adaptive.RMSprop,
        {
            "square_avgs": "square_avg",
            "grad_avgs": "grad_avg",
            "momentum_buffer_list": "momentum_buffer",
            **_STEPS,
        },
        ("foreach", "maximize", "differentiable", "capturable", "has_complex"),
    ),
    "adagrad": _Form(
        _adaptive.Adagrad,
        {"state_sums": "sum", **_STEPS},
        (*_FUSED, "has_sparse_grad", "foreach", "differentiable", "has_complex"),
    ),
    "adadelta": _Form(
        _adaptive.Adadelta,
        {"square_avgs": "square_avg", "acc_deltas": "acc_delta", **_STEPS},
        ("capturable", "foreach", "differentiable", "has_complex"),
    ),
    "adamax": _Form(
        _adam.Adamax,
        {"exp_avgs": "exp_avg", "exp_infs": "exp_inf", **_STEPS},
        ("foreach", "maximize", "differentiable", "capturable", "has_complex"),
    ),
    "nadam": _Form(
        _adam.NAdam,
        _MOMENTS | {"mu_products": "mu_product"} | _STEPS,
        ("decoupled_weight_decay", *_USUAL, "has_complex", "maximize"),
    ),
    "radam": _Form(
        _adam.RAdam,
        _MOMENTS | _STEPS,
        (
            *("decoupled_weight_decay", "foreach", "differentiable", "capturable"),
            *("has_complex", "maximize"),
        ),
    ),
    "rprop": _Form(
        _sgd.Rprop,
        {"prevs": "prev", "step_sizes": "step_size", **_STEPS},
        ("foreach", "capturable", "maximize", "differentiable", "has_complex"),
    ),
    "asgd": _Form(
        _sgd.ASGD,
        {"axs": "ax", "mus": "mu", "etas": "eta", **_STEPS},
        ("foreach", "maximize", "differentiable", "capturable", "has_complex"),
    ),
}
# Settings that the functions have as two, and the classes as a pair.
_PAIRS: Final = {
    "betas": ("beta1", "beta2"),
    "etas": ("etaminus", "etaplus"),
    "step_sizes": ("step_size_min", "step_size_max"),
}


def functional(name: str) -> Callable[..., None]:
    """The function of this name, such as "adam"."""
    form = _FORMS[name]
    places = ("params", "d_p_list" if name == "sgd" else "grads", *form.lists)
    known = (*places, *form.flags)
    defaults = _defaults(form)

    def step(*args: Any, **given: Any) -> None:
        given |= dict(zip(known, args, strict=False))
        lists = [given.pop(place) for place in places]
        settings = defaults | given
        for pair, names in _PAIRS.items():
            if names[0] in settings:
                settings[pair] = tuple(settings.pop(one) for one in names)
        _step(form, lists, settings)

    step.__name__ = step.__qualname__ = name
    step.__doc__ = f"Update `params` in place, as `torch.optim.{name}.{name}`."
    return step


def _defaults(form: _Form) -> dict[str, Any]:
    fixed = {"maximize": False, "initial_accumulator_value": 0}
    decoupled = issubclass(form.cls, _adam.AdamW)
    spec = form.cls.spec
    rest = {n: spec.defaults[n] for n in spec.constants if n not in _PAIRS}
    return rest | fixed | {"decoupled_weight_decay": decoupled}


def _step(form: _Form, lists: list[Any], settings: dict[str, Any]) -> None:
    params, grads, *states = lists
    if settings.get("grad_scale") is not None or settings.get("found_inf") is not None:
        raise NotImplementedError(
            "grad_scale and found_inf belong to the fused optimizers of GPUs. Divide "
            "the gradients yourself, or use torch.amp.GradScaler."
        )
    optimizer = object.__new__(form.cls)
    optimizer.state = {}  # type: ignore[assignment]
    for place, p in enumerate(params):
        pairs = zip(form.lists.values(), states, strict=True)
        kept = {name: xs[place] for name, xs in pairs if place < len(xs)}
        result = {name: x for name, x in kept.items() if x is not None}
        if result:
            order = (*form.cls.scalars, *result)
            optimizer.state[p] = {name: result[name] for name in dict.fromkeys(order)}
    optimizer.param_groups = [{"params": params, **settings}]
    before = [p._grad for p in params]
    for p, grad in zip(params, grads, strict=True):
        p._grad = grad
    try:
        with no_grad():
            optimizer._update()
    finally:
        for p, grad in zip(params, before, strict=True):
            p._grad = grad
    for xs, name in zip(states, form.lists.values(), strict=True):
        for place, p in enumerate(params):  # what the step has made
            made = optimizer.state.get(p, {}).get(name)
            if place < len(xs) and xs[place] is None and made is not None:
                xs[place] = made
