"""Named tuples that operations return, as `torch.return_types`."""

import operator
from typing import Any

from funcnet._homes import home_of


def named(name: str, fields: str) -> Any:
    """Make a tuple type with named fields, which is printed as in PyTorch."""
    names = tuple(fields.split())

    class Result(tuple):
        __slots__ = ()
        _fields = __match_args__ = names

        def __new__(cls, *parts: Any) -> Any:
            if len(parts) == 1 and len(names) > 1:
                (parts,) = parts
            return tuple.__new__(cls, parts)

        def __repr__(self) -> str:
            parts = ",\n".join(
                f"{field}={part!r}" for field, part in zip(names, self, strict=True)
            )
            return f"torch.return_types.{name}(\n{parts})"

        def __reduce__(self) -> Any:
            return type(self), (tuple(self),)

    for index, field in enumerate(names):
        setattr(Result, field, property(operator.itemgetter(index)))
    Result.__name__ = Result.__qualname__ = name
    Result.__module__ = __name__
    return Result


geqrf = named("geqrf", "a tau")
linalg_cholesky_ex = named("linalg_cholesky_ex", "L info")
linalg_eig = named("linalg_eig", "eigenvalues eigenvectors")
linalg_eigh = named("linalg_eigh", "eigenvalues eigenvectors")
linalg_inv_ex = named("linalg_inv_ex", "inverse info")
linalg_ldl_factor = named("linalg_ldl_factor", "LD pivots")
linalg_ldl_factor_ex = named("linalg_ldl_factor_ex", "LD pivots info")
linalg_lstsq = named("linalg_lstsq", "solution residuals rank singular_values")
linalg_lu = named("linalg_lu", "P L U")
linalg_lu_factor = named("linalg_lu_factor", "LU pivots")
linalg_lu_factor_ex = named("linalg_lu_factor_ex", "LU pivots info")
linalg_qr = named("linalg_qr", "Q R")
linalg_slogdet = named("linalg_slogdet", "sign logabsdet")
linalg_solve_ex = named("linalg_solve_ex", "result info")
linalg_svd = named("linalg_svd", "U S Vh")
lu_unpack = named("lu_unpack", "P L U")
qr = named("qr", "Q R")
slogdet = named("slogdet", "sign logabsdet")
svd = named("svd", "U S V")
triangular_solve = named("triangular_solve", "solution cloned_coefficient")
aminmax = named("aminmax", "min max")
cummax = named("cummax", "values indices")
cummin = named("cummin", "values indices")
frexp = named("frexp", "mantissa exponent")
histogram = named("histogram", "hist bin_edges")
histogramdd = named("histogramdd", "hist bin_edges")
kthvalue = named("kthvalue", "values indices")
max = named("max", "values indices")
median = named("median", "values indices")
min = named("min", "values indices")
mode = named("mode", "values indices")
nanmedian = named("nanmedian", "values indices")
sort = named("sort", "values indices")
topk = named("topk", "values indices")

all_return_types: list[type] = [
    member
    for member in list(globals().values())
    if isinstance(member, type) and home_of(member) == __name__
]
__all__ = ["all_return_types", *(member.__name__ for member in all_return_types)]
