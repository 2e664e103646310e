"""Rules of special functions, computed by scipy, and of Fourier transforms."""

from typing import Any, Final

import numpy as np

from funcnet.compat._interpreter.rules import (
    Compute,
    Equation,
    in_dtype,
    out_dtype,
    rule,
)

_NAMES: Final = {
    "bessel_i0e": "i0e",
    "bessel_i1e": "i1e",
    "erf": "erf",
    "erf_inv": "erfinv",
    "erfc": "erfc",
    "lgamma": "gammaln",
}


@rule(*_NAMES)
def _special(equation: Equation) -> Compute | None:
    dtype = in_dtype(equation)
    if dtype.kind != "f" or dtype.itemsize < 4:
        return None
    import scipy.special

    return getattr(scipy.special, _NAMES[equation.primitive.name])  # type: ignore[no-any-return]


@rule("fft")
def _fft(equation: Equation) -> Compute | None:
    import scipy.fft

    kind, lengths = int(equation.params["fft_type"]), equation.params["fft_lengths"]
    axes, dtype = tuple(range(-len(lengths), 0)), out_dtype(equation)
    if not lengths or 0 in equation.invars[0].aval.shape:
        return None
    functions: dict[int, Any] = {
        0: scipy.fft.fftn,
        1: scipy.fft.ifftn,
        2: scipy.fft.rfftn,
        3: scipy.fft.irfftn,
    }
    function = functions[kind]
    return lambda x: np.asarray(function(x, lengths, axes), dtype)
