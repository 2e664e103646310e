# Made by `make stubs` from the registry of operations; see tools/stubs.
# Do not edit: a test compares this file with what would be made anew.
# mypy: disable-error-code="override"

"""Linear algebra, as `torch.linalg`."""

from collections.abc import Sequence
from funcnet.compat import return_types
from funcnet.compat._core.dtype import dtype
from funcnet.compat._ops.linalg.checks import LinAlgError as LinAlgError
from funcnet.compat._surface import publish as publish, suggestions as suggestions
from funcnet.compat._tensor.tensor import Tensor

def cholesky(A: Tensor, *, upper: bool = False, out: Tensor | None = None) -> Tensor:
    """Factor a positive-definite matrix, as `torch.linalg.cholesky`."""

def cholesky_ex(
    A: Tensor,
    *,
    upper: bool = False,
    check_errors: bool = False,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.linalg_cholesky_ex:
    """Factor, and tell of failure in `info`, as `torch.linalg.cholesky_ex`."""

def cond(
    A: Tensor, p: float | str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """Compute the condition number, as `torch.linalg.cond`."""

def cross(
    input: Tensor, other: Tensor, *, dim: int = -1, out: Tensor | None = None
) -> Tensor:
    """Compute the cross product of vectors of 3, as `torch.linalg.cross`."""

def det(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the determinant, as `torch.linalg.det`."""

def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The diagonals of matrices, as `torch.linalg.diagonal`."""

def eig(A: Tensor, *, out: tuple[Tensor, ...] | None = None) -> return_types.linalg_eig:
    """Find eigenvalues and vectors of a square matrix, as `torch.linalg.eig`."""

def eigh(
    A: Tensor, UPLO: str = "L", *, out: tuple[Tensor, ...] | None = None
) -> return_types.linalg_eigh:
    """Find eigenvalues and vectors of a Hermitian matrix, as `torch.linalg.eigh`."""

def eigvals(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Find the eigenvalues of a square matrix, as `torch.linalg.eigvals`."""

def eigvalsh(A: Tensor, UPLO: str = "L", *, out: Tensor | None = None) -> Tensor:
    """Find the eigenvalues of a Hermitian matrix, as `torch.linalg.eigvalsh`."""

def householder_product(
    input: Tensor, tau: Tensor, *, out: Tensor | None = None
) -> Tensor:
    """Multiply reflectors, as `torch.linalg.householder_product`."""

def inv(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Invert a square matrix or a batch of them, as `torch.linalg.inv`."""

def inv_ex(
    A: Tensor, *, check_errors: bool = False, out: tuple[Tensor, ...] | None = None
) -> return_types.linalg_inv_ex:
    """Invert without raising; `info` tells of failure, as `torch.linalg.inv_ex`."""

def ldl_factor(
    A: Tensor, *, hermitian: bool = False, out: tuple[Tensor, ...] | None = None
) -> return_types.linalg_ldl_factor:
    """Factor a symmetric or Hermitian matrix, as `torch.linalg.ldl_factor`."""

def ldl_factor_ex(
    A: Tensor,
    *,
    hermitian: bool = False,
    check_errors: bool = False,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.linalg_ldl_factor_ex:
    """Factor, and tell of failure in `info`, as `torch.linalg.ldl_factor_ex`."""

def ldl_solve(
    LD: Tensor,
    pivots: Tensor,
    B: Tensor,
    *,
    hermitian: bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Solve with what `ldl_factor` gives, as `torch.linalg.ldl_solve`."""

def lstsq(
    A: Tensor,
    B: Tensor,
    rcond: float | None = None,
    *,
    driver: str | None = None,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.linalg_lstsq:
    """Minimise `|A X - B|`, as `torch.linalg.lstsq`."""

def lu(
    A: Tensor, *, pivot: bool = True, out: tuple[Tensor, ...] | None = None
) -> return_types.linalg_lu:
    """Factor into permutation, lower and upper triangle, as `torch.linalg.lu`."""

def lu_factor(
    A: Tensor, *, pivot: bool = True, out: tuple[Tensor, ...] | None = None
) -> return_types.linalg_lu_factor:
    """Factor into a matrix of both factors, and pivots, as `torch.linalg.lu_factor`."""

def lu_factor_ex(
    A: Tensor,
    *,
    pivot: bool = True,
    check_errors: bool = False,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.linalg_lu_factor_ex:
    """Factor compactly without raising, as `torch.linalg.lu_factor_ex`."""

def lu_solve(
    LU: Tensor,
    pivots: Tensor,
    B: Tensor,
    *,
    left: bool = True,
    adjoint: bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Solve with what `lu_factor` gives, as `torch.linalg.lu_solve`."""

def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Multiply matrices, vectors or batches of matrices, as `torch.matmul`."""

def matrix_exp(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the exponential of a square matrix, as `torch.linalg.matrix_exp`."""

def matrix_norm(
    A: Tensor,
    ord: float | str = "fro",
    dim: Sequence[int] = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the `ord`-norm of matrices, as `torch.linalg.matrix_norm`."""

def matrix_power(input: Tensor, n: int, *, out: Tensor | None = None) -> Tensor:
    """Multiply a square matrix by itself `n` times, as `torch.matrix_power`."""

def matrix_rank(
    A: Tensor,
    tol: float | Tensor | None = None,
    hermitian: bool = False,
    *,
    atol: float | Tensor | None = None,
    rtol: float | Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Count the singular values that are not about 0, as `torch.linalg.matrix_rank`."""

def multi_dot(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor: ...
def norm(
    A: Tensor,
    ord: float | str | None = None,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute a norm of vectors or matrices, as `torch.linalg.norm`."""

def pinv(
    A: Tensor,
    rcond: float | Tensor | None = None,
    hermitian: bool = False,
    *,
    atol: float | Tensor | None = None,
    rtol: float | Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the Moore-Penrose inverse, as `torch.linalg.pinv`."""

def qr(
    A: Tensor, mode: str = "reduced", *, out: tuple[Tensor, ...] | None = None
) -> return_types.linalg_qr:
    """Factor into an orthogonal and a triangular matrix, as `torch.linalg.qr`."""

def slogdet(
    A: Tensor, *, out: tuple[Tensor, ...] | None = None
) -> return_types.linalg_slogdet:
    """Compute sign and logarithm of the determinant, as `torch.linalg.slogdet`."""

def solve(
    A: Tensor, B: Tensor, *, left: bool = True, out: Tensor | None = None
) -> Tensor:
    """Solve `A X = B`, or `X A = B` with `left=False`, as `torch.linalg.solve`."""

def solve_ex(
    A: Tensor,
    B: Tensor,
    *,
    left: bool = True,
    check_errors: bool = False,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.linalg_solve_ex:
    """Solve without raising; `info` tells of failure, as `torch.linalg.solve_ex`."""

def solve_triangular(
    A: Tensor,
    B: Tensor,
    *,
    upper: bool,
    left: bool = True,
    unitriangular: bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Solve `A X = B` with a triangular `A`, as `torch.linalg.solve_triangular`."""

def svd(
    A: Tensor,
    full_matrices: bool = True,
    *,
    driver: str | None = None,
    out: tuple[Tensor, ...] | None = None,
) -> return_types.linalg_svd:
    """Find the singular values and vectors `U, S, Vh`, as `torch.linalg.svd`."""

def svdvals(
    A: Tensor, *, driver: str | None = None, out: Tensor | None = None
) -> Tensor:
    """Find the singular values, as `torch.linalg.svdvals`."""

def tensorinv(A: Tensor, ind: int = 2, *, out: Tensor | None = None) -> Tensor:
    """Invert a tensor under `tensordot`, as `torch.linalg.tensorinv`."""

def tensorsolve(
    A: Tensor,
    B: Tensor,
    dims: Sequence[int] | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Solve `tensordot(A, X, X.ndim) = B`, as `torch.linalg.tensorsolve`."""

def vander(x: Tensor, *, N: int | None = None, out: Tensor | None = None) -> Tensor:
    """Raise to the powers 0, 1, ..., `N - 1`, as `torch.linalg.vander`."""

def vecdot(x: Tensor, y: Tensor, *, dim: int = -1, out: Tensor | None = None) -> Tensor:
    """Sum `conj(x) * y` over a dimension, as `torch.linalg.vecdot`."""

def vector_norm(
    x: Tensor,
    ord: float = 2,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the `ord`-norm along dimensions, as `torch.linalg.vector_norm`."""
