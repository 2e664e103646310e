"""Distributions that are drawn by rejection, one number after the other."""

import math

import numpy as np

from funcnet._random._engine import Engine, whole

_AHEAD = 512  # numbers drawn at once; what is left over goes back


class _Stream:
    """Numbers one at a time; afterwards the engine stands behind the last one used."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.waiting: list[float] = []
        self.used = 0

    def __enter__(self) -> "_Stream":
        self.start = self.engine.state()
        return self

    def __exit__(self, *error: object) -> None:
        second = self.engine.second
        self.engine.restore(self.start)
        self.engine.long_words(self.used)
        self.engine.second = second

    def uniform(self) -> float:
        if not self.waiting:
            self.waiting = self.engine.doubles(_AHEAD).tolist()[::-1]
        self.used += 1
        return self.waiting.pop()

    def normal(self) -> float:
        second = self.engine.second
        if second is not None:
            self.engine.second = None
            return second
        angle = 2 * math.pi * self.uniform()
        radius = math.sqrt(-2 * math.log1p(-self.uniform()))
        self.engine.second = radius * math.sin(angle)
        return radius * math.cos(angle)


@whole
def poisson(engine: Engine, rates: np.ndarray) -> np.ndarray:
    """Poisson numbers with these rates, in float64."""
    with _Stream(engine) as stream:
        result = [_poisson(stream, rate) for rate in rates.reshape(-1).tolist()]
    return np.array(result, np.float64).reshape(rates.shape)


def _poisson(stream: _Stream, rate: float) -> int:
    if not rate >= 0:
        raise RuntimeError("invalid Poisson rate, expected rate to be non-negative")
    if rate == 0:
        return 0
    if rate < 10:  # count the factors that a product needs to fall below exp(-rate)
        least, product, count = math.exp(-rate), stream.uniform(), 0
        while product > least:
            count += 1
            product *= stream.uniform()
        return count
    # Hörmann, "The transformed rejection method for generating Poisson random
    # variables" (1993).
    b = 0.931 + 2.53 * math.sqrt(rate)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    bound = 0.9277 - 3.6224 / (b - 2)
    while True:
        u = stream.uniform() - 0.5
        v = stream.uniform()
        side = 0.5 - abs(u)
        k = math.floor((2 * a / side + b) * u + rate + 0.43)
        if side >= 0.07 and v <= bound:
            return k
        if k < 0 or (side < 0.013 and v > side):
            continue
        height = _log(v) + math.log(inverse_alpha) - math.log(a / (side * side) + b)
        if height <= -rate + k * math.log(rate) - math.lgamma(k + 1):
            return k


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf


@whole
def binomial(engine: Engine, counts: np.ndarray, probs: np.ndarray) -> np.ndarray:
    """Binomial numbers of these counts of trials and probabilities, in float64."""
    pairs = zip(counts.reshape(-1).tolist(), probs.reshape(-1).tolist(), strict=True)
    with _Stream(engine) as stream:
        result = [_binomial(stream, count, p) for count, p in pairs]
    return np.array(result, np.float64).reshape(counts.shape)


def _binomial(stream: _Stream, count: float, p: float) -> float:
    if count <= 0 or p <= 0:
        return 0
    if p >= 1:
        return count
    if p > 0.5:
        return count - _binomial_few(stream, count, 1 - p)
    return _binomial_few(stream, count, p) if p <= 0.5 else math.nan


def _binomial_few(stream: _Stream, count: float, p: float) -> float:
    if count * p >= 10:
        return _binomial_many(stream, count, p)
    total, successes, log = 0.0, 0, math.log1p(-p)
    while True:  # the waiting times until the next success
        total += math.ceil(_log(stream.uniform()) / log)
        if total > count:
            return successes
        successes += 1


def _binomial_many(stream: _Stream, count: float, p: float) -> float:
    """Hörmann, "The generation of binomial random variates" (1993), algorithm BTRS."""
    spread = math.sqrt(count * p * (1 - p))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    odds = p / (1 - p)
    middle = math.floor((count + 1) * p)
    while True:
        u = stream.uniform() - 0.5
        v = stream.uniform()
        side = 0.5 - abs(u)
        k = math.floor((2 * a / side + b) * u + count * p + 0.5)
        if k < 0 or k > count:
            continue
        if side >= 0.07 and v <= 0.92 - 4.2 / b:
            return k
        height = _log(v * (2.83 + 5.1 / b) * spread / (a / (side * side) + b))
        bound = (
            (middle + 0.5) * math.log((middle + 1) / (odds * (count - middle + 1)))
            + (count + 1) * math.log((count - middle + 1) / (count - k + 1))
            + (k + 0.5) * math.log(odds * (count - k + 1) / (k + 1))
            + _stirling_rest(middle)
            + _stirling_rest(count - middle)
            - _stirling_rest(k)
            - _stirling_rest(count - k)
        )
        if height <= bound:
            return k


def _stirling_rest(k: float) -> float:
    """What Stirling's formula leaves of `log(k!)`."""
    n = k + 1
    if k < 10:
        return math.lgamma(n) - (k + 0.5) * math.log(n) + n - math.log(2 * math.pi) / 2
    return (1 / 12 - (1 / 360 - 1 / 1260 / (n * n)) / (n * n)) / n


@whole
def gamma(engine: Engine, shapes: np.ndarray) -> np.ndarray:
    """Gamma numbers of these shapes and scale one, in float64."""
    with _Stream(engine) as stream:
        result = [_gamma(stream, alpha) for alpha in shapes.reshape(-1).tolist()]
    return np.array(result, np.float64).reshape(shapes.shape)


def _gamma(stream: _Stream, alpha: float) -> float:
    """Marsaglia and Tsang, "A simple method for generating gamma variables" (2000)."""
    scale = 1.0
    if alpha < 1:
        if alpha == 0:
            return 0.0
        scale = (1 - stream.uniform()) ** (1 / alpha)
        alpha += 1
    d = alpha - float(np.float32(1) / np.float32(3))
    c = 1 / math.sqrt(9 * d)
    while True:
        y = 0.0
        while y <= 0:
            x = stream.normal()
            y = 1 + c * x
        v, u, square = y * y * y, 1 - stream.uniform(), x * x
        if u < 1 - 0.0331 * square * square:
            return scale * d * v
        if math.log(u) < 0.5 * square + d * (1 - v + math.log(v)):
            return scale * d * v
