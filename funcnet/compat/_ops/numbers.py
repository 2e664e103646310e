"""Which arguments of operations are numbers that may change from call to call.

A setting is part of a program: another one compiles another program. That must be so
where the shape of the result depends on it, or where another formula is computed. All
other numbers are inputs; the table says by the names of an operation and its argument
which they are, and at which values. At the values left out, as `p=2` of a norm, there
is another formula, or an error. An argument that a call leaves out is a setting, too.

A layer's settings are the arguments of the function that it computes. These numbers are
constants of a program until they change (see `_tiers/fixed_numbers.py`); the operands
of arithmetic are inputs from the first (`scalars_as_inputs`).
"""

import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from funcnet.compat._tensor.recording import NumberInput
from funcnet.compat._tensor.tensor import Tensor

Accepts: TypeAlias = Callable[[float], bool]


def _any(x: float) -> bool:
    return math.isfinite(x)


def _nonzero(x: float) -> bool:
    return math.isfinite(x) and x != 0


def _not_negative(x: float) -> bool:
    return 0 <= x < math.inf


def _negative(x: float) -> bool:
    return -math.inf < x < 0


def _positive(x: float) -> bool:
    return 0 < x < math.inf


def _share(x: float) -> bool:
    """A probability, but for the ends, where nothing is drawn or mixed."""
    return 0 < x < 1


def _up_to_one(x: float) -> bool:
    return 0 <= x <= 1


def _degree(x: float) -> bool:
    """Of a norm: 0, 1, 2 and infinity have formulas of their own."""
    return 0 < x < math.inf and x not in (1, 2)


def _exponent(x: float) -> bool:
    """Those of which PyTorch has a formula of its own are settings."""
    return math.isfinite(x) and x not in (-2, -1, -0.5, 0, 0.5, 1, 2, 3)


_EPS: Final[dict[str, Accepts]] = {"eps": _positive}

_REAL: Final[dict[str, dict[str, Accepts]]] = {
    # activations
    "celu": {"alpha": _nonzero},
    "elu": {"alpha": _any},
    "hardshrink": {"lambd": _any},
    "hardtanh": {"min_val": _negative, "max_val": _positive},
    "leaky_relu": {"negative_slope": _any},
    "logit": {"eps": _positive},
    "softplus": {"beta": _nonzero, "threshold": _any},
    "softshrink": {"lambd": _not_negative},
    "threshold": {"threshold": _any, "value": _any},
    # losses
    "cosine_embedding_loss": {"margin": _any},
    "cross_entropy": {"label_smoothing": _share},
    "gaussian_nll_loss": _EPS,
    "hinge_embedding_loss": {"margin": _any},
    "huber_loss": {"delta": _positive},
    "linear_cross_entropy": {"label_smoothing": _share},
    "margin_ranking_loss": {"margin": _any},
    "multi_margin_loss": {"margin": _any},
    "poisson_nll_loss": _EPS,
    "smooth_l1_loss": {"beta": _positive},
    "triplet_margin_loss": {"margin": _positive, "p": _degree, "eps": _positive},
    "triplet_margin_with_distance_loss": {"margin": _positive},
    # norms and distances
    "batch_norm": {"eps": _positive, "momentum": _any},
    "cdist": {"p": _degree},
    "cosine_similarity": _EPS,
    "dist": {"p": _degree},
    "group_norm": _EPS,
    "instance_norm": {"eps": _positive, "momentum": _any},
    "layer_norm": _EPS,
    "linalg.norm": {"ord": _degree},
    "linalg.vector_norm": {"ord": _degree},
    "local_response_norm": {"alpha": _any, "beta": _any, "k": _any},
    "norm": {"p": _degree},
    "normalize": {"p": _degree, "eps": _positive},
    "pairwise_distance": {"p": _degree, "eps": _positive},
    "pdist": {"p": _degree},
    "renorm": {"p": _degree, "maxnorm": _not_negative},
    "rms_norm": _EPS,
    # dropout
    **{
        name: {"p": _share}
        for name in (
            *("alpha_dropout", "dropout", "dropout1d", "dropout2d", "dropout3d"),
            *("feature_alpha_dropout", "feature_dropout"),
        )
    },
    # the rest
    "cov": {"correction": _any},
    "cumulative_trapezoid": {"dx": _any},
    "float_power": {"exponent": _exponent},
    "masked.kept": {"fill": _any},
    "nan_to_num": {"nan": _any, "posinf": _any, "neginf": _any},
    "nanquantile": {"q": _up_to_one},
    "pad": {"value": _any},
    "pow": {"exponent": _exponent},
    "quantile": {"q": _up_to_one},
    "std": {"correction": _any},
    "std_mean": {"correction": _any},
    "trapezoid": {"dx": _any},
    "var": {"correction": _any},
    "var_mean": {"correction": _any},
}
"""Arguments of operations on floating-point numbers, "nn.functional" left out."""

_WHOLE: Final[dict[str, dict[str, Accepts]]] = {
    "roll": {"shifts": _any},
    "tril": {"diagonal": _any},
    "triu": {"diagonal": _any},
}
"""Arguments that are integers, of operations on tensors of any dtype."""


def numbers_of(name: str) -> Mapping[str, Accepts]:
    """The arguments of an operation that are numbers, and at which values."""
    return _REAL.get(name.removeprefix("nn.functional."), {})


def as_number(name: str, argument: str, value: object) -> Any:
    """A number as an input, if it is one of an operation's numbers; else as it is."""
    whole = _WHOLE.get(name)
    kind: type = int if whole else float
    known = (whole or numbers_of(name)).get(argument)
    if type(value) is int or type(value) is kind:
        number: float = value  # type: ignore[assignment]
        if known is not None and known(number):
            return NumberInput(kind(number))
    return value


class Numbers:
    """What makes inputs of the numbers among the arguments of an operation."""

    __slots__ = ("_kind", "_places")

    def __init__(self, name: str, run: Callable[..., Any]) -> None:
        whole = _WHOLE.get(name)
        known = numbers_of(name) if whole is None else whole
        self._kind: type = int if whole else float
        names = list(inspect.signature(run).parameters) if known else []
        self._places = tuple(
            [(names.index(arg), arg, known[arg]) for arg in known if arg in names]
        )

    def __bool__(self) -> bool:
        return bool(self._places)

    def entered(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
        """The arguments with numbers as inputs; None where there are none."""
        kind = self._kind
        first = args[0] if args else None
        if kind is float and not (
            isinstance(first, Tensor) and first._spec.dtype.is_floating_point
        ):
            return None
        entered: list[Any] | None = None
        given: Any
        named = kwargs
        for place, name, accepts in self._places:
            given = args[place] if place < len(args) else kwargs.get(name)
            if type(given) not in (int, kind) or not accepts(given):
                continue
            if place >= len(args):
                named = {**named, name: NumberInput(kind(given))}
                continue
            if entered is None:
                entered = [*args]
            entered[place] = NumberInput(kind(given))
        if entered is None:
            return None if named is kwargs else (args, named)
        return tuple(entered), named
