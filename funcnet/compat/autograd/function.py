"""Custom functions, as `torch.autograd.function`."""

from funcnet.compat._autograd.custom_function import (
    Function,
    InplaceFunction,
    NestedIOFunction,
    once_differentiable,
)
from funcnet.compat._autograd.function_context import BackwardCFunction, FunctionCtx

__all__ = [
    "BackwardCFunction",
    "Function",
    "FunctionCtx",
    "InplaceFunction",
    "NestedIOFunction",
    "once_differentiable",
]
