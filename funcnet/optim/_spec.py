"""The specification of an update rule: its signature, checks and formula.

`update_rule` turns a function from settings to a `Rule` into an optimizer in optax's
form. The specification stays with it, as `adam.spec`; the class `Adam` of
`funcnet.compat` is made of the same one.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Protocol, cast

from funcnet.optim._base import Rule, optimizer
from funcnet.optim._settings import Check, check_settings, documented

if TYPE_CHECKING:
    import optax

P = ParamSpec("P")

_TRACED: Final = ("lr", "weight_decay", "momentum", "betas")
_NUMBERS: Final = (
    *("betas", "eps", "alpha", "beta2_decay", "d", "dampening", "lambd", "lr_decay"),
    *("momentum_decay", "rho", "t0"),
)


@dataclass(frozen=True, eq=False)
class RuleSpec:
    """One update rule, written once for the native function and PyTorch's class.

    Attributes:
        name: of the native function.
        formula: makes the `Rule` of all settings.
        checks: of the settings, in PyTorch's order.
        defaults: the settings in the order of the signature, with their defaults.
    """

    name: str
    formula: Callable[..., Rule]
    checks: tuple[Check, ...]
    defaults: dict[str, Any]

    @functools.cached_property
    def traced(self) -> tuple[str, ...]:
        """The settings that may change from step to step: inputs of a compiled step.

        Of `betas` that is the first one; the second is a constant.
        """
        return tuple(name for name in _TRACED if name in self.defaults)

    @functools.cached_property
    def constants(self) -> tuple[str, ...]:
        """The settings that are constants in a compiled step; they recompile it.

        Those in `numbers` do so where they are zero, or no numbers.
        """
        varying = set(self.traced) - {"betas"}
        return tuple(name for name in self.defaults if name not in varying)

    @functools.cached_property
    def numbers(self) -> frozenset[str]:
        """Of `constants` those that are plain numbers, of which JAX may trace any.

        Of `betas` that is the second one.
        """
        return frozenset(self.constants).intersection(_NUMBERS)

    @functools.cached_property
    def scalars(self) -> tuple[str, ...]:
        """The names of the values that the rule has for all parameters together."""
        return tuple(self.formula(**self.defaults).init_scalars(0.0))

    def rule(self, **settings: Any) -> Rule:
        """The rule with these settings, all of them, and with what all rules share."""
        rule = self.formula(**settings)
        return replace(
            rule,
            name=self.name,
            maximize=settings.get("maximize", False),
            weight_decay=settings.get("weight_decay", 0.0),
            decoupled=settings.get("decoupled_weight_decay", rule.decoupled),
        )


class OptimizerFunction(Protocol[P]):
    """A public function that makes an optimizer, with its specification."""

    spec: RuleSpec

    def __call__(
        self, *args: P.args, **kwargs: P.kwargs
    ) -> "optax.GradientTransformation":
        """Make the optimizer."""


def update_rule(
    *checks: Check,
) -> Callable[[Callable[P, Rule]], OptimizerFunction[P]]:
    """Make an optimizer of a function that gives the formula of an update.

    What rules have in common is done here and need not be in the formula: the settings
    are checked, `weight_decay` (an L2 penalty, unless it is decoupled) and `maximize`
    are applied, and the docstring is completed.

    Args:
        checks: of the settings, in PyTorch's order.
    """

    def decorate(formula: Callable[P, Rule]) -> OptimizerFunction[P]:
        signature = inspect.signature(formula)
        defaults = {name: p.default for name, p in signature.parameters.items()}
        spec = RuleSpec(formula.__name__, formula, checks, defaults)

        @functools.wraps(formula)
        def make(*args: P.args, **kwargs: P.kwargs) -> "optax.GradientTransformation":
            try:
                given = signature.bind(*args, **kwargs).arguments
            except TypeError as error:
                raise TypeError(f"{spec.name}() {error}") from None
            settings = defaults | given
            check_settings(spec.name, checks, settings)
            return optimizer(spec.rule(**settings), settings["lr"])

        result = "optax.GradientTransformation"
        make.__doc__ = documented(formula)
        make.__annotations__["return"] = result
        public = cast(Any, make)
        public.__signature__ = signature.replace(return_annotation=result)
        public.spec = spec
        return cast(OptimizerFunction[P], make)

    return decorate
