"""The operations, a family in each module; importing them fills the table."""

from funcnet.compat._ops import (
    _arithmetic,
    _fft,
    _functional,
    _linalg_factor,
    _linalg_functions,
    _linalg_norms,
    _linalg_solve,
    _linalg_spectra,
    _matmul,
    _products,
    _random,
    _stft,
    _windows,
)
from funcnet.compat._ops._table import FUNCTIONS, METHODS

__all__ = [
    "FUNCTIONS",
    "METHODS",
    "_arithmetic",
    "_fft",
    "_functional",
    "_linalg_factor",
    "_linalg_functions",
    "_linalg_norms",
    "_linalg_solve",
    "_linalg_spectra",
    "_matmul",
    "_products",
    "_random",
    "_stft",
    "_windows",
]
