"""Quasi-random points, as `torch.quasirandom`."""

from typing import Any, Final

import numpy as np

from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._core.dtype import get_default_dtype
from funcnet.compat._messages.unsupported import missing as _missing
from funcnet.compat._ops.create.creation import tensor
from funcnet.compat._ops.random.sampling import randint
from funcnet.compat._random.generator import Generator
from funcnet.compat._tensor.tensor import Tensor

__all__ = ["SobolEngine"]

_BITS: Final = 30


class SobolEngine:
    """Points of a Sobol sequence, as `torch.quasirandom.SobolEngine`.

    Scrambling draws from PyTorch's generator, so that the points are PyTorch's.

    Args:
        dimension: of the points.
        scramble: whether to scramble by a random shift and random triangular matrices.
        seed: of the scrambling; without it the default generator is used.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.quasirandom.SobolEngine(2).draw(3)
        tensor([[0.0000, 0.0000],
                [0.5000, 0.5000],
                [0.7500, 0.2500]])
    """

    MAXBIT = _BITS
    MAXDIM = 21201

    def __init__(
        self, dimension: int, scramble: bool = False, seed: int | None = None
    ) -> None:
        if dimension > self.MAXDIM or dimension < 1:
            raise ValueError(
                "Supported range of dimensionality for SobolEngine is "
                f"[1, {self.MAXDIM}]"
            )
        self.dimension = dimension
        self.scramble = scramble
        self.seed = seed
        self._directions = _direction_numbers(dimension)  # (dimension, bits)
        self._shift = np.zeros(dimension, np.int64)
        if scramble:
            self._scramble()
        self.num_generated = 0
        self._quasi = self._shift.copy()
        # PyTorch keeps the first point in the dtype that is the default now.
        first = self._quasi.astype(get_default_dtype().numpy) / 2**_BITS
        self._first_point = first.astype(get_default_dtype().numpy)[None]

    def _scramble(self) -> None:
        generator = None
        if self.seed is not None:
            generator = Generator()
            generator.manual_seed(self.seed)

        def bits(*shape: int) -> np.ndarray:
            drawn: np.ndarray = randint(2, shape, generator=generator).numpy()
            return drawn

        self._shift = bits(self.dimension, _BITS) @ (1 << np.arange(_BITS))
        lower = np.tril(bits(self.dimension, _BITS, _BITS))
        lower[:, np.arange(_BITS), np.arange(_BITS)] = 1
        rows = lower @ (1 << np.arange(_BITS)[::-1])  # (dimension, bits)
        common = rows[:, None, :] & self._directions[:, :, None]
        parity = np.bitwise_count(common) & 1  # (dimension, direction, row)
        self._directions = parity.astype(np.int64) @ (1 << np.arange(_BITS)[::-1])

    def draw(
        self, n: int = 1, out: Tensor | None = None, dtype: DType | None = None
    ) -> Any:
        """The next points, `(n, dimension)`."""
        dtype = dtype or get_default_dtype()
        parts = []
        if self.num_generated == 0 and n > 0:
            parts.append(self._first_point.astype(dtype.numpy))
        count = n - len(parts)
        steps = max(self.num_generated - 1, 0) + np.arange(count)
        # A Gray code: each point differs from the last in one direction number.
        changes = self._directions[:, _rightmost_zero(steps)].T
        points = np.bitwise_xor.accumulate(np.vstack([self._quasi, changes]), axis=0)
        self._quasi = points[-1]
        parts.append(points[1:].astype(dtype.numpy) * dtype.numpy.type(2.0**-_BITS))
        self.num_generated += n
        result = tensor(np.concatenate(parts), dtype=dtype)
        if out is None:
            return result
        out.resize_(result.shape).copy_(result)
        return out

    def draw_base2(
        self, m: int, out: Tensor | None = None, dtype: DType | None = None
    ) -> Any:
        """The next `2 ** m` points, where the number of all is a power of two.

        Raises:
            ValueError: it is not.
        """
        n = 2**m
        total = self.num_generated + n
        if total & (total - 1):
            raise ValueError(
                "The balance properties of Sobol' points require n to be a power of 2. "
                f"{self.num_generated} points have been previously generated, then: "
                f"n={self.num_generated}+2**{m}={total}. If you still want to do this, "
                "please use 'SobolEngine.draw()' instead."
            )
        return self.draw(n=n, out=out, dtype=dtype)

    def reset(self) -> "SobolEngine":
        """Start again at the first point."""
        self._quasi = self._shift.copy()
        self.num_generated = 0
        return self

    def fast_forward(self, n: int) -> "SobolEngine":
        """Skip points."""
        start = max(self.num_generated - 1, 0)
        end = start + n - (self.num_generated == 0)
        # The state after so many steps has the direction numbers of its Gray code.
        gray = (start ^ start >> 1) ^ (end ^ end >> 1)
        for bit in range(_BITS):
            if gray >> bit & 1:
                self._quasi = self._quasi ^ self._directions[:, bit]
        self.num_generated += n
        return self

    def __repr__(self) -> str:
        parts = [f"dimension={self.dimension}"]
        if self.scramble:
            parts.append("scramble=True")
        if self.seed is not None:
            parts.append(f"seed={self.seed}")
        return f"{type(self).__name__}({', '.join(parts)})"


def _direction_numbers(dimension: int) -> np.ndarray:
    """Those of Joe and Kuo, which SciPy has, in the order of the bits."""
    from scipy.stats import qmc  # slow to import, and rarely needed

    engine: Any = qmc.Sobol(dimension, scramble=False, bits=_BITS)
    return np.asarray(engine._sv, np.int64)


def _rightmost_zero(numbers: np.ndarray) -> np.ndarray:
    return np.bitwise_count(numbers & ~(numbers + 1))


def __getattr__(name: str) -> object:
    return _missing(name, globals(), "quasirandom")
