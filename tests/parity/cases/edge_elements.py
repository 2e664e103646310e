"""Functions of each element, of one operand and of two, at awkward points."""

from typing import Any

import numpy as np
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.opinfo.core import UnaryUfuncInfo

from tests.parity.cases.edge_points import INF, NAN, Edge, Left

PLAIN = (0.0, 1.0, 2.0, 3.0, 0.5, 1.5, 2.5, 0.3, 0.7, 6.0, 20.0, 100.0, 1000.0, 1e-10)
LEAST = {"float32": 2e-38, "float64": 1e-300}  # the least that XLA takes for a number
HUGE = {"float32": 1e30, "float64": 1e300}


def one(kind: str) -> list[np.ndarray]:
    sizes = (*PLAIN, LEAST[kind], HUGE[kind], INF)
    return [np.array([*sizes, *[-x for x in sizes], NAN], kind)]


def pairs(*points: float) -> Any:
    def make(kind: str) -> list[np.ndarray]:
        every = np.array(points, kind)
        return [x.reshape(-1) for x in np.meshgrid(every, every, indexing="ij")]

    return make


FINITE = (0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 3.0, 0.5, -0.5, 2.5, 100.0, -100.0, 1e-10)
two = pairs(*FINITE, INF, -INF, NAN)
small = pairs(0.0, 1e-20, -1e-20, 3e-20, 1.0, -2.0)  # whose squares are no numbers
shares = pairs(0.0, 1.0, 0.5, 0.25)


def named(path: str, *settings: Any, **named_settings: Any) -> Any:
    """The function of this name, with settings after the operands."""

    def run(lib: Any, *operands: Any) -> Any:
        for part in path.split("."):
            lib = getattr(lib, part)
        return lib(*operands, *settings, **named_settings)

    return run


ACTIVATIONS = (
    "celu",
    "elu",
    "gelu",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "leaky_relu",
    "logsigmoid",
    "mish",
    "relu",
    "relu6",
    "rrelu",
    "selu",
    "sigmoid",
    "silu",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
)
NATIVE_ONES = [
    *[Edge(name, named(f"nn.functional.{name}"), one) for name in ACTIVATIONS],
    Edge("celu of 0.5", named("nn.functional.celu", 0.5), one),
    Edge("elu of 0.5", named("nn.functional.elu", 0.5), one),
    Edge("gelu of tanh", named("nn.functional.gelu", approximate="tanh"), one),
    Edge("hardshrink of 1", named("nn.functional.hardshrink", 1.0), one),
    Edge("hardtanh of bounds", named("nn.functional.hardtanh", -0.5, 2.0), one),
    Edge("leaky_relu of -0.5", named("nn.functional.leaky_relu", -0.5), one),
    Edge("softplus of settings", named("nn.functional.softplus", 2.0, 3.0), one),
    Edge("softshrink of 1", named("nn.functional.softshrink", 1.0), one),
    Edge("threshold", named("nn.functional.threshold", 1.0, 5.0), one),
]

# Conversions, and what takes more than one operand, among the unary entries of `op_db`.
_OTHER = (
    "bfloat16",
    "bool",
    "byte",
    "char",
    "double",
    "float",
    "half",
    "int",
    "long",
    "short",
    "cdouble",
    "cfloat",
    "chalf",
    "fill",
    "jiterator_unary",
    "nn.functional.prelu",
    "nn.functional.threshold",
    "polygamma",
    "mvlgamma",
    "special.polygamma",
    "bitwise_not",
    "imag",
)
_UNARY = dict.fromkeys(
    info.name
    for info in op_db
    if isinstance(info, UnaryUfuncInfo) and info.name not in _OTHER
)
_POWERS = (0, 1, 2, 3, -1, -2, -3, 65, 0.5, -0.5, 1.5, 2.5, 0.3)
_WITH_NUMBER = ("fmod", "remainder", "div", "xlogy", "mul")

ONES = [
    *NATIVE_ONES,
    *[Edge(name, named(name), one) for name in _UNARY],
    *[Edge(f"x ** {p}", lambda lib, x, p=p: x**p, one) for p in _POWERS],
    *[Edge(f"{p} ** x", lambda lib, x, p=p: p**x, one) for p in (0, 1, 2, -2, 0.5)],
    *[
        Edge(f"x ** tensor({p})", lambda lib, x, p=p: x ** lib.tensor(p), one)
        for p in (0, 1, 2, -1, 0.0, 2.0, 0.5)
    ],
    *[
        Edge(f"tensor({p}) ** x", lambda lib, x, p=p: lib.tensor(p) ** x, one)
        for p in (0, 0.0, 1.0, 2, -2.0)
    ],
    *[Edge(f"float_power of {p}", named("float_power", p), one) for p in (0, 1, 0.5)],
    *[
        Edge(f"{name} of {p}", named(name, p), one)
        for name in _WITH_NUMBER
        for p in (0.0, 1, 2.0, -2.0, INF)
    ],
    *[
        Edge(f"polygamma {n}", lambda lib, x, n=n: lib.polygamma(n, x), one)
        for n in range(4)
    ],
    Edge("mvlgamma", named("mvlgamma", 2), one),
    Edge("logit of eps", named("logit", 0.2), one),
    Edge("clamp", named("clamp", -1, 1), one),
    Edge("clamp of min", named("clamp", 1.0), one),
    Edge("clamp of max", lambda lib, x: x.clamp(max=-1), one),
    Edge("clamp of NaN", named("clamp", NAN, 1), one),
    Edge("clamp, ends crossed", named("clamp", 2, -2), one),
    Edge("round of decimals", named("round", decimals=1), one),
    Edge("nan_to_num of numbers", named("nan_to_num", 1.0, 2.0, 3.0), one),
    Edge("1 / x", lambda lib, x: 1 / x, one),
    Edge("abs, squared", lambda lib, x: x.abs() ** 2, one),
    Edge("where", lambda lib, x: lib.where(x > 0, x.sqrt(), 0.0), one),
]

NATIVE_TWOS = [
    *[
        Edge(name, named(f"nn.functional.{name}", reduction="none"), two)
        for name in (
            *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div"),
            *("poisson_nll_loss", "binary_cross_entropy_with_logits"),
        )
    ],
    Edge(
        "smooth_l1_loss of 0",
        named("nn.functional.smooth_l1_loss", beta=0.0, reduction="none"),
        two,
    ),
    Edge(
        "huber_loss of 0.5",
        named("nn.functional.huber_loss", delta=0.5, reduction="none"),
        two,
    ),
    Edge(
        "kl_div of logarithms",
        named("nn.functional.kl_div", log_target=True, reduction="none"),
        pairs(0.0, -1.0, -2.0, 0.5, INF, -INF, NAN),
    ),
    Edge(
        "kl_div, small",
        named("nn.functional.kl_div", reduction="none"),
        small,
    ),
    Edge(
        "poisson_nll_loss of rates",
        named("nn.functional.poisson_nll_loss", log_input=False, reduction="none"),
        two,
    ),
    Edge(
        "binary_cross_entropy",
        named("nn.functional.binary_cross_entropy", reduction="none"),
        shares,
    ),
    Edge(
        "glu",
        lambda lib, x, y: lib.nn.functional.glu(lib.stack([x, y], -1)),
        two,
    ),
    Edge(
        "gaussian_nll_loss",
        lambda lib, x, y: lib.nn.functional.gaussian_nll_loss(
            x, lib.tensor(1.0, dtype=x.dtype).reshape(1), y, reduction="none"
        ),
        pairs(0.0, 1.0, 2.0, 1e-8, INF),
    ),
    Edge(
        "margin_ranking_loss",
        lambda lib, x, y: lib.nn.functional.margin_ranking_loss(
            x, y, lib.tensor(np.ones(x.shape), dtype=x.dtype), 1.0, reduction="none"
        ),
        two,
    ),
]

_BINARY = (
    "add",
    "sub",
    "mul",
    "div",
    "atan2",
    "pow",
    "float_power",
    "fmod",
    "remainder",
    "hypot",
    "copysign",
    "xlogy",
    "logaddexp",
    "logaddexp2",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "nextafter",
    "ldexp",
    "special.xlog1py",
    "max",
    "min",
)
TWOS = [
    *NATIVE_TWOS,
    *[Edge(name, named(name), two) for name in _BINARY],
    Edge("div, small", named("div"), small),
    *[
        Edge(f"div, {how}", named("div", rounding_mode=how), two)
        for how in ("floor", "trunc")
    ],
    *[Edge(f"lerp of {w}", named("lerp", w), two) for w in (0.3, 0.7)],
    Edge("lerp of tensors", lambda lib, x, y: lib.lerp(x, y, y), two),
    Edge("clamp of a tensor", named("clamp"), two),
    Edge("clamp of max tensor", lambda lib, x, y: x.clamp(max=y), two),
    Edge("clamp of tensors", lambda lib, x, y: x.clamp(y, y + 1), two),
    Edge("clamp of crossed tensors", lambda lib, x, y: x.clamp(y, -y), two),
    Edge("addcmul", lambda lib, x, y: lib.addcmul(x, x, y), two),
    Edge("complex abs", lambda lib, x, y: lib.complex(x, y).abs(), pairs(*FINITE)),
    Edge("complex angle", lambda lib, x, y: lib.complex(x, y).angle(), pairs(*FINITE)),
    Edge(
        "complex sgn",
        lambda lib, x, y: lib.view_as_real(lib.complex(x, y).sgn()).sum(-1),
        pairs(*FINITE),
    ),
    Edge(
        "complex acosh",
        lambda lib, x, y: lib.view_as_real(lib.complex(x, y).acosh()).sum(-1),
        pairs(1.0, -1.5, 2.0, -2.0, 0.5, -0.5),
    ),
]


def _inf(*operands: Any) -> Any:
    return sum(np.isinf(x) for x in operands) > 0


def _nan(*operands: Any) -> Any:
    return sum(np.isnan(x) for x in operands) > 0


def _pole(x: Any) -> Any:
    return (x <= 0) & (x == np.floor(x))


def _tiny(*operands: Any) -> Any:
    return sum(abs(x - 1e-10) < 1e-15 for x in map(np.float64, operands)) > 0


_AT_POLE = "PyTorch's float error stands for the infinite derivative at a pole"
_BY_ITSELF = "PyTorch divides a number by itself, which is NaN where it is infinite"
_COARSE = "PyTorch's own float error"
_STEP = "PyTorch takes the straight piece's curvature, 0, at the threshold itself"

LEFT: dict[str, tuple[Left, ...]] = {
    "digamma": (Left("1", _AT_POLE, _pole),),
    "polygamma 0": (Left("1", _AT_POLE, _pole),),
    "polygamma 1": (
        Left("value", _AT_POLE, _pole),
        Left("1", "PyTorch's zeta of infinity is NaN", _inf),
    ),
    "polygamma 2": (Left("", "PyTorch's zeta of infinity is NaN", _inf),),
    "polygamma 3": (Left("", "PyTorch's zeta of infinity is NaN", _inf),),
    "lgamma": (Left("2", _AT_POLE, _pole),),
    "mvlgamma": (
        Left("2", _AT_POLE, lambda x: _pole(2 * x)),
        Left("1", _AT_POLE, _pole),
    ),
    "copysign": (Left("1", _BY_ITSELF, _inf),),
    "mish": (
        Left("1", "PyTorch multiplies infinity by 0", _inf),
        Left("2", _COARSE, lambda x: x > 5),
    ),
    "gelu": (Left("value", "PyTorch's float32 is NaN at infinity", _inf),),
    "frexp": (Left("1", "PyTorch's power of 2 overflows", lambda x: abs(x) < 1e-290),),
    "sinc": (
        Left("1", _COARSE, lambda x: abs(x) < 1e-6),
        Left("2", _COARSE, lambda x: (abs(x) < 1e-6) | (abs(x) > 1e20)),
    ),
    "softplus": (Left("2", _STEP, lambda x: x == 20),),
    "softplus of settings": (Left("2", _STEP, lambda x: x == 1.5),),
    "special.airy_ai": (
        Left("value", _COARSE, lambda x: x < -2),
        Left("value", "PyTorch's is NaN at infinity", _inf),
    ),
    "special.erfcx": (Left("2", _COARSE, lambda x: x > 10),),
    "special.log_ndtr": (Left("", _COARSE, lambda x: x < -10),),
    "special.i1": (
        Left("1", "PyTorch takes NaN for a small number", _nan),
        Left("2", _COARSE, lambda x: abs(x) < 1e-6),
    ),
    "kl_div": (Left("1b", "PyTorch's is NaN at target 0, ours finite"),),
    "kl_div, small": (
        Left("1b", "PyTorch's is NaN at target 0, ours finite", lambda x, y: y == 0),
    ),
    "binary_cross_entropy": (
        Left("2", "PyTorch's second derivative has a cut-off of its own"),
    ),
    **{
        name: (
            Left("2", "the gradient is NaN", lambda x, y: (y == 0) & (x < 0)),
            Left("2", _COARSE, _tiny),
        )
        for name in ("pow", "float_power")
    },
    **{
        name: (Left("2", _COARSE, _tiny),) for name in ("atan2", "hypot", "complex abs")
    },
    "complex sgn": (Left("1", _COARSE, _tiny), Left("2", _COARSE, _tiny)),
}
