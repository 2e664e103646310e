"""Names of `torch` that few scripts use; imported when one is asked for."""

import enum
import os
from typing import Any

import numpy as np

from funcnet.compat._C import DisableTorchFunction, DisableTorchFunctionSubclass
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DType
from funcnet.compat._ops.registry import FUNCTIONS
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._VF import gru, lstm, rnn_relu, rnn_tanh
from funcnet.compat.futures import Future
from funcnet.compat.jit import fork, wait

bit = vars(_dtypes).get("uint1")
has_lapack = has_mkl = has_openmp = has_spectral = True
_nesting = 0
_accelerators: dict[str, Any] = {
    "ipu": [False, _dtypes.float16],
    "xla": [False, _dtypes.bfloat16],
}


class JITException(RuntimeError):  # noqa: N818 - PyTorch's name
    """The error of a script of TorchScript; nothing raises it here."""


class FatalError(RuntimeError):
    """The error of a failure inside of PyTorch; nothing raises it here."""


Tag = enum.Enum(  # type: ignore[misc]
    "Tag",
    [
        *("core", "cudagraph_unsafe", "data_dependent_output", "dynamic_output_shape"),
        *("flexible_layout", "generated", "inplace", "inplace_view"),
        *("maybe_aliasing_or_mutating", "needs_contiguous_strides"),
        *(
            "needs_exact_strides",
            "needs_fixed_stride_order",
            "nondeterministic_bitwise",
        ),
        *(
            "nondeterministic_seeded",
            "out",
            "out_variant",
            "pointwise",
            "pt2_compliant_tag",
        ),
        *("reduction", "view_copy"),
    ],
    start=0,
)


def is_distributed(input: Tensor) -> bool:
    """Return False: a tensor is whole."""
    return False


def is_vulkan_available() -> bool:
    """Return False."""
    return False


def cudnn_is_acceptable(tensor: Tensor) -> bool:
    """Return False: XLA chooses its kernels."""
    return False


def init_num_threads() -> None:
    """Do nothing: threads are set by torch.set_num_threads."""


def autocast_increment_nesting() -> int:
    """Count one more block of autocast; return how many."""
    global _nesting
    _nesting += 1
    return _nesting


def autocast_decrement_nesting() -> int:
    """Count one block of autocast less; return how many are left."""
    global _nesting
    _nesting -= 1
    return _nesting


def _switches(name: str) -> dict[str, Any]:
    """Whether autocast is on for a device that is never there, and its dtype."""
    known = _accelerators[name]

    def is_enabled() -> bool:
        return bool(known[0])

    def set_enabled(enabled: bool) -> None:
        known[0] = enabled

    def get_dtype() -> DType:
        return known[1]  # type: ignore[no-any-return]

    def set_dtype(dtype: DType) -> None:
        known[1] = dtype

    is_enabled.__doc__ = f"What was set for {name.upper()}s, which are never there."
    set_enabled.__doc__ = f"Accepted for {name.upper()}s, which are never there."
    get_dtype.__doc__ = f"The dtype of autocast on {name.upper()}s."
    set_dtype.__doc__ = f"Set the dtype of autocast on {name.upper()}s."
    return {
        f"is_autocast_{name}_enabled": is_enabled,
        f"set_autocast_{name}_enabled": set_enabled,
        f"get_autocast_{name}_dtype": get_dtype,
        f"set_autocast_{name}_dtype": set_dtype,
    }


globals().update(_switches("ipu") | _switches("xla"))


def sym_constrain_range(
    size: int, *, min: int | None = None, max: int | None = None
) -> None:
    """Check that a size lies between two numbers.

    Raises:
        RuntimeError: it does not.
    """
    low, high = (size if one is None else one for one in (min, max))
    if not low <= size <= high:
        raise RuntimeError(f"Invalid value range for {size} between [{min}, {max}].")


sym_constrain_range_for_size = sym_constrain_range


def from_file(
    filename: str | os.PathLike[str],
    shared: bool | None = None,
    size: int | None = 0,
    *,
    dtype: DType | None = None,
    **settings: object,
) -> Tensor:
    """A tensor of the first `size` numbers of a file, as `torch.from_file`.

    Raises:
        NotImplementedError: `shared=True`, as what is written does not reach the file.
        RuntimeError: the file is too short.

    Example:
        >>> import numpy as np, tempfile
        >>> import funcnet.compat as torch
        >>> with tempfile.NamedTemporaryFile() as file:
        ...     np.array([1.0, 2.0], "float32").tofile(file.name)
        ...     torch.from_file(file.name, size=2)
        tensor([1., 2.])
    """
    if shared:
        raise NotImplementedError(
            "torch.from_file: shared=True writes into the file, which is not there: "
            "write x.numpy().tofile(filename) when the numbers have changed."
        )
    kind = dtype or _dtypes.get_default_dtype()
    count = int(size or 0)
    numbers = np.fromfile(filename, kind.numpy, count)
    if len(numbers) < count:
        raise RuntimeError(
            f"from_file: {filename} has {len(numbers)} numbers of {kind}, {count} were "
            "asked for"
        )
    return from_array(numbers)


def lobpcg(
    A: Tensor,
    k: int | None = None,
    B: Tensor | None = None,
    X: Tensor | None = None,
    n: int | None = None,
    iK: Tensor | None = None,
    niter: int | None = None,
    tol: float | None = None,
    largest: bool | None = None,
    method: str | None = None,
    tracker: object = None,
    ortho_iparams: object = None,
    ortho_fparams: object = None,
    ortho_bparams: object = None,
) -> tuple[Tensor, Tensor]:
    """The largest or smallest eigenvalues of a symmetric matrix, and their vectors.

    Equals `torch.lobpcg` where that converges: all eigenvalues are computed, exactly,
    and some of them returned; the settings of the iteration change nothing.

    Raises:
        ValueError: the matrix has fewer than 3 k rows.

    Example:
        >>> import funcnet.compat as torch
        >>> values, vectors = torch.lobpcg(torch.diag(torch.arange(1.0, 10.0)), 2)
        >>> values
        tensor([9., 8.])
    """
    dense, mass = A.to_dense(), None if B is None else B.to_dense()
    count = k or (X.shape[-1] if X is not None else 1)
    rows = dense.shape[-1]
    if rows < 3 * count:
        raise ValueError(
            f"LOBPCG algorithm is not applicable when the number of A rows (={rows}) "
            f"is smaller than 3 x the number of requested eigenpairs (={count})"
        )
    eigh = FUNCTIONS["linalg.eigh"]
    if mass is None:
        values, vectors = eigh(dense)
    else:
        lower = FUNCTIONS["linalg.cholesky"](mass)
        solve = FUNCTIONS["linalg.solve_triangular"]
        half = solve(lower, dense, upper=False)
        values, inner = eigh(solve(lower, half.mT, upper=False))
        vectors = solve(lower.mT, inner, upper=True)
    if largest is None or largest:
        values, vectors = values.flip(-1), vectors.flip(-1)
    return values[..., :count], vectors[..., :count]


# Those of other files; `LESSER` has all.
__all__ = [
    "DisableTorchFunction",
    "DisableTorchFunctionSubclass",
    "Future",
    "fork",
    "gru",
    "lstm",
    "rnn_relu",
    "rnn_tanh",
    "wait",
]
