"""The Mersenne twister, with the state that PyTorch's CPU generator has."""

import functools
import math
import threading
from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import numpy as np

_P = ParamSpec("_P")
_T = TypeVar("_T")
_WORD: Any = np.uint32
_LONG_WORD: Any = np.uint64
_CHUNK: Final = 1 << 15  # elements that stay in the cache
# The state as PyTorch saves it: seed, words left in the block, whether it is seeded,
# the next word, the words; then the second normal number of a pair, if one waits.
_STATE: Final = np.dtype(
    [
        ("seed", "<u8"),
        ("left", "<i4"),
        ("seeded", "<i4"),
        ("next", "<u8"),
        ("words", "<u8", (624,)),
        ("normals", "<f8", (3,)),
        ("has_normal", "<i8"),
        ("float_normal", "<i8"),
    ]
)


def whole(
    draw: "Callable[Concatenate[Engine, _P], _T]",
) -> "Callable[Concatenate[Engine, _P], _T]":
    """Decorate a function that draws: no other thread draws between its numbers."""

    @functools.wraps(draw)
    def locked(engine: "Engine", /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        with engine.lock:
            return draw(engine, *args, **kwargs)

    return locked


class Engine:
    """A stream of random 32-bit words that a seed determines.

    Threads may share it: a call draws consecutive numbers.

    Attributes:
        seed: the seed it was started from.
        second: the other number of the last pair of normal numbers, drawn but not yet
            given out.
        lock: held by the thread that draws.
    """

    def __init__(self, seed: int) -> None:
        self.unlock()
        self.reset(seed)

    def __getstate__(self) -> dict[str, Any]:
        return {name: x for name, x in vars(self).items() if name != "lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.unlock()

    def unlock(self) -> None:
        """Take a new lock, as the old one's thread is gone after a fork."""
        self.lock = threading.RLock()

    @whole
    def reset(self, seed: int) -> None:
        """Start again from a seed, of which 32 bits count."""
        self.seed = seed
        self.second: float | None = None
        self._words = np.random.RandomState(seed & 0xFFFFFFFF)

    @whole
    def words(self, count: int) -> np.ndarray:
        """The next words, 32 bits each."""
        return self._words.randint(0, 1 << 32, count, _WORD)

    @whole
    def long_words(self, count: int) -> np.ndarray:
        """The next numbers of 64 bits; the first of two words is the higher."""
        return self._words.randint(0, 1 << 64, count, _LONG_WORD)

    @whole
    def doubles(self, count: int) -> np.ndarray:
        """Numbers in [0, 1) in float64: 53 bits of 64."""
        return self._fractions(count) * 2.0**-53

    @whole
    def below(self, count: int, p: float) -> np.ndarray:
        """Whether numbers in [0, 1) are below `p`: `doubles(count) < p`, but quicker.

        600,000 of them take 2.0 ms, of which 1.8 are the words of the generator.
        """
        least = np.uint64(math.ceil(p * 2.0**53))
        if count <= _CHUNK:
            return self._fractions(count) < least
        result = np.empty(count, bool)
        for start in range(0, count, _CHUNK):
            part = result[start : start + _CHUNK]
            np.less(self._fractions(len(part)), least, out=part)
        return result

    def _fractions(self, count: int) -> np.ndarray:
        """Numbers in [0, 1) as multiples of 2**-53: the lower bits of long words."""
        return self._words.randint(0, 1 << 53, count, _LONG_WORD)

    @whole
    def floats(self, count: int) -> np.ndarray:
        """Numbers in [0, 1) in float32: 24 bits of a word."""
        result = np.empty(count, np.float32)
        for start in range(0, count, _CHUNK):
            part = result[start : start + _CHUNK]
            bits = self.words(len(part))
            bits &= np.uint32((1 << 24) - 1)
            part[:] = bits
            part *= np.float32(2.0**-24)
        return result

    def double(self) -> float:
        """One number in [0, 1)."""
        return float(self.doubles(1)[0])

    @whole
    def normals(self, count: int) -> np.ndarray:
        """Standard normal numbers in float64, drawn in pairs by Box and Muller."""
        first = [] if self.second is None or not count else [self.second]
        pairs = -(-(count - len(first)) // 2)
        if first:
            self.second = None
        drawn = self.doubles(2 * pairs)
        radius = np.sqrt(-2 * np.log1p(-drawn[1::2]))
        # Not numpy's sine, which differs from the C library's in the last bit.
        angles = (2 * math.pi * drawn[0::2]).tolist()
        sides = np.array([(math.cos(a), math.sin(a)) for a in angles]).reshape(-1, 2)
        result = np.concatenate([first, (radius[:, None] * sides).reshape(-1)])
        if len(result) > count:
            self.second = float(result[-1])
        return result[:count]

    @whole
    def state(self) -> np.ndarray:
        """The state as bytes, in PyTorch's layout."""
        _, words, position, *_ = self._words.get_state(legacy=True)
        state = np.zeros((), _STATE)
        state["seed"], state["seeded"], state["words"] = self.seed, 1, words
        state["left"] = 625 - position
        # PyTorch starts its first block at word 0, later ones end at 624.
        untouched = np.random.RandomState(self.seed & 0xFFFFFFFF).get_state(legacy=True)
        fresh = position == 624 and np.array_equal(words, untouched[1])
        state["next"] = 0 if fresh else position
        if self.second is not None:
            state["normals"][1], state["has_normal"] = self.second, 1
        return np.frombuffer(state.tobytes(), np.uint8).copy()

    @whole
    def restore(self, saved: Any) -> None:
        """Take up a state that `state`, or PyTorch, gave."""
        saved = np.ascontiguousarray(saved)
        if saved.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        if saved.size != _STATE.itemsize:
            raise RuntimeError(
                "Expected a CPUGeneratorImplState of size "
                f"{_STATE.itemsize} but found the input RNG state size to be "
                f"{saved.size}"
            )
        state = np.frombuffer(saved.tobytes(), _STATE)[0]
        self.seed = int(state["seed"])
        words = state["words"].astype(np.uint32)
        self._words.set_state(("MT19937", words, 625 - int(state["left"]), 0, 0.0))
        waits = int(state["has_normal"]) & 0xFFFFFFFF
        self.second = float(state["normals"][1]) if waits else None
