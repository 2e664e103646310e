"""Random numbers drawn on the host, equal to those of PyTorch's CPU generator."""

from funcnet._random._distributions import (
    bernoulli,
    cauchy,
    exponential,
    geometric,
    integers,
    log_normal,
    multinomial,
    normal,
    permutation,
    uniform,
    whole_range,
)
from funcnet._random._engine import Engine
from funcnet._random._rejection import binomial, gamma, poisson

__all__ = [
    "Engine",
    "bernoulli",
    "binomial",
    "cauchy",
    "exponential",
    "gamma",
    "geometric",
    "integers",
    "log_normal",
    "multinomial",
    "normal",
    "permutation",
    "poisson",
    "uniform",
    "whole_range",
]
