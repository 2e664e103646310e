# Made by `make stubs` from the registry of operations; see tools/stubs.
# Do not edit: a test compares this file with what would be made anew.
# mypy: disable-error-code="override"

"""Special functions, as `torch.special`."""

from collections.abc import Sequence
from funcnet.compat._core.annotations import Scalar
from funcnet.compat._core.dtype import dtype
from funcnet.compat._surface import publish as publish, suggestions as suggestions
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor

def airy_ai(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the Airy function Ai, as `torch.special.airy_ai`."""

def bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the Bessel function J of order 0, as `torch.special.bessel_j0`."""

def bessel_j1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the Bessel function J of order 1, as `torch.special.bessel_j1`."""

def bessel_y0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the Bessel function Y of order 0, as `torch.special.bessel_y0`."""

def bessel_y1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the Bessel function Y of order 1, as `torch.special.bessel_y1`."""

def chebyshev_polynomial_t(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor: ...
def chebyshev_polynomial_u(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor: ...
def chebyshev_polynomial_v(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor: ...
def chebyshev_polynomial_w(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor: ...
def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
def entr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the entropy `-x * log(x)`, as `torch.special.entr`."""

def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the error function, as `torch.erf`."""

def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute one minus the error function, as `torch.erfc`."""

def erfcx(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `exp(x ** 2) * erfc(x)`, as `torch.special.erfcx`."""

def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse of the error function, as `torch.erfinv`."""

def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `2 ** input`, as `torch.exp2`."""

def expit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `1 / (1 + exp(-input))`, as `torch.sigmoid`."""

def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `exp(input) - 1`, also where `input` is small, as `torch.expm1`."""

def gammainc(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the regularised lower incomplete gamma function, as `torch.igamma`."""

def gammaincc(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the regularised upper incomplete gamma function, as `torch.igammac`."""

def gammaln(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
def hermite_polynomial_h(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor:
    """Compute the polynomial of degree `n`, as `torch.special.hermite_polynomial_h`."""

def hermite_polynomial_he(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor:
    """Compute the polynomial of degree `n`, as `torch.special.hermite_polynomial_he`."""

def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the modified Bessel function of order 0, as `torch.i0`."""

def i0e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `exp(-|x|) * i0(x)`, as `torch.special.i0e`."""

def i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the modified Bessel function of order 1, as `torch.special.i1`."""

def i1e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `exp(-|x|) * i1(x)`, as `torch.special.i1e`."""

def laguerre_polynomial_l(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor:
    """Compute the polynomial of degree `n`, as `torch.special.laguerre_polynomial_l`."""

def legendre_polynomial_p(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor:
    """Compute the polynomial of degree `n`, as `torch.special.legendre_polynomial_p`."""

def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `log(1 + input)`, also where `input` is small, as `torch.log1p`."""

def log_ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the logarithm of `ndtr`, as `torch.special.log_ndtr`."""

def log_softmax(
    input: Tensor,
    dim: int | None = None,
    _stacklevel: int = 3,
    dtype: dtype | None = None,
) -> Tensor:
    """Compute the logarithm of `softmax`, as `torch.nn.functional.log_softmax`."""

def logit(
    input: Tensor, eps: float | None = None, *, out: Tensor | None = None
) -> Tensor:
    """Compute `log(x / (1 - x))`, as `torch.logit`; of `x` in `[eps, 1 - eps]`."""

def logsumexp(
    input: Tensor,
    dim: int | Sequence[int],
    keepdim: bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the logarithm of the sum of exponentials, as `torch.logsumexp`."""

def modified_bessel_i0(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
def modified_bessel_i1(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
def modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
def modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
def multigammaln(input: Tensor, p: int, *, out: Tensor | None = None) -> Tensor:
    """Compute the logarithm of the multivariate gamma function, as `torch.mvlgamma`."""

def ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the area below the normal density up to `x`, as `torch.special.ndtr`."""

def ndtri(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the inverse of `ndtr`, as `torch.special.ndtri`."""

def polygamma(n: int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the `n`th derivative of digamma, as `torch.polygamma`."""

def psi(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
def round(input: Tensor, *, decimals: int = 0, out: Tensor | None = None) -> Tensor:
    """Round to `decimals` places, halves to the even number, as `torch.round`."""

def scaled_modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `exp(x) * K0(x)`, as `torch.special.scaled_modified_bessel_k0`."""

def scaled_modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `exp(x) * K1(x)`, as `torch.special.scaled_modified_bessel_k1`."""

def shifted_chebyshev_polynomial_t(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor: ...
def shifted_chebyshev_polynomial_u(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor: ...
def shifted_chebyshev_polynomial_v(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor: ...
def shifted_chebyshev_polynomial_w(
    input: Tensor | Scalar, n: int, *, out: Tensor | None = None
) -> Tensor: ...
def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `sin(pi * input) / (pi * input)`, as `torch.sinc`."""

def softmax(
    input: Tensor,
    dim: int | None = None,
    _stacklevel: int = 3,
    dtype: dtype | None = None,
) -> Tensor:
    """Normalise exponentials over `dim`, as `torch.nn.functional.softmax`."""

def spherical_bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
def xlog1py(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Compute `input * log1p(other)`, as `torch.special.xlog1py`."""

def xlogy(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Compute `input * log(other)`, 0 where `input` is 0, as `torch.xlogy`."""

def zeta(
    input: Tensor | Scalar, other: TensorLike, *, out: Tensor | None = None
) -> Tensor:
    """Compute the Hurwitz zeta function, as `torch.special.zeta`."""
