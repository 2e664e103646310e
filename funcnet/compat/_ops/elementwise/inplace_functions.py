"""In-place forms that PyTorch has as functions besides: `torch.relu_(x)`."""

from funcnet.compat._ops.elementwise import arithmetic as _arithmetic  # noqa: F401 - they enter the methods
from funcnet.compat._ops.elementwise import clamp as _clamp  # noqa: F401
from funcnet.compat._ops.elementwise import pointwise as _pointwise  # noqa: F401
from funcnet.compat._ops.elementwise import powers as _powers  # noqa: F401
from funcnet.compat._ops.elementwise import rounding as _rounding  # noqa: F401
from funcnet.compat._ops.elementwise import special as _special  # noqa: F401
from funcnet.compat._ops.nn import activations as _activations  # noqa: F401
from funcnet.compat._ops.registry import FUNCTIONS, METHODS

_NAMES = """
abs acos acosh arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh ceil
clamp clamp_max clamp_min clip cos cosh deg2rad erf erfc exp exp2 expm1 fix floor frac
gcd i0 lcm ldexp log log10 log1p log2 logit nan_to_num neg negative rad2deg reciprocal
relu round rsqrt sigmoid sin sinc sinh sqrt square tan tanh trunc xlogy
"""

for _name in _NAMES.split():
    FUNCTIONS[f"{_name}_"] = METHODS[f"{_name}_"]
