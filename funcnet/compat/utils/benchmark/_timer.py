"""Timer, which waits for compiled programs to end."""

import ast
import enum
import timeit
from collections.abc import Callable
from typing import Any, NoReturn

from funcnet.compat._engine import executor
from funcnet.compat._profiling.streams import synchronize
from funcnet.compat._toplevel import settings as _settings
from funcnet.compat.utils.benchmark._measurement import Measurement, TaskSpec

_RESULT, _RUN = "_result_of_statement", "_run_what_is_recorded"


class Language(enum.Enum):
    """Language of a statement."""

    PYTHON = 0
    CPP = 1


def timer() -> float:
    """Run all pending operations and return the time in seconds."""
    synchronize()
    return timeit.default_timer()


class Timer:
    """Time a statement, as `torch.utils.benchmark.Timer`.

    What the statement records is computed each time, and its result kept until then,
    so that the time is that of the computation; a first run, which compiles, is not
    counted.

    Args:
        stmt: what is timed.
        setup: is run once before, as is `global_setup`.
        timer: gives the time in seconds.
        globals: the names that the statement knows.
        label, sub_label, description, env: where it stands in a comparison.
        num_threads: as XLA has as many threads as there are cores, this is only shown.

    Example:
        >>> import funcnet.compat as torch
        >>> from funcnet.compat.utils import benchmark
        >>> x = torch.ones(8, 8)
        >>> measured = benchmark.Timer("x @ x", globals={"x": x}).timeit(10)
        >>> measured.number_per_run, measured.median > 0
        (10, True)
    """

    def __init__(
        self,
        stmt: str = "pass",
        setup: str = "pass",
        global_setup: str = "",
        timer: Callable[[], float] = timer,
        globals: dict[str, Any] | None = None,
        label: str | None = None,
        sub_label: str | None = None,
        description: str | None = None,
        env: str | None = None,
        num_threads: int = 1,
        language: Language | str = Language.PYTHON,
    ) -> None:
        if language not in (Language.PYTHON, "py", "python"):
            raise NotImplementedError(
                "torch.utils.benchmark times statements in Python; C++ is not compiled."
            )
        if not isinstance(stmt, str):
            raise ValueError("Currently only a `str` stmt is supported.")
        stmt, setup = _dedented(stmt), _dedented(setup)
        names = {"torch": _torch(), _RUN: _run} | (globals or {})
        self._clock = timer
        self._timer = timeit.Timer(_run_to_the_end(stmt), setup, timer, names)
        self._task_spec = TaskSpec(
            stmt=stmt,
            setup=setup,
            global_setup=global_setup,
            label=label,
            sub_label=sub_label,
            description=description,
            env=env,
            num_threads=num_threads,
        )

    def timeit(self, number: int = 1000000) -> Measurement:
        """Time `number` runs together."""
        with _Threads(self._task_spec.num_threads):
            self._timer.timeit(max(int(number // 100), 2))
            return Measurement(number, [self._timer.timeit(number)], self._task_spec)

    def repeat(self, repeat: int = -1, number: int = -1) -> NoReturn:
        """Raise NotImplementedError, as in PyTorch; see `blocked_autorange`."""
        raise NotImplementedError("See `Timer.blocked_autorange.`")

    def autorange(self, callback: Callable[..., object] | None = None) -> NoReturn:
        """Raise NotImplementedError, as in PyTorch; see `blocked_autorange`."""
        raise NotImplementedError("See `Timer.blocked_autorange.`")

    def blocked_autorange(
        self, callback: Callable[..., object] | None = None, min_run_time: float = 0.2
    ) -> Measurement:
        """Time blocks of runs until they have taken `min_run_time` seconds."""
        with _Threads(self._task_spec.num_threads):
            number = self._block_size(min_run_time)
            times: list[float] = []
            while sum(times) < min_run_time:
                times.append(self._timer.timeit(number))
                if callback is not None:
                    callback(number, times[-1])
        return Measurement(number, times, self._task_spec)

    def adaptive_autorange(
        self,
        threshold: float = 0.1,
        *,
        min_run_time: float = 0.01,
        max_run_time: float = 10.0,
        callback: Callable[..., object] | None = None,
    ) -> Measurement:
        """Time blocks until they agree to a share of the median, or time is up."""
        with _Threads(self._task_spec.num_threads):
            number = self._block_size(0.05)
            times: list[float] = []
            while sum(times) < max_run_time:
                times.append(self._timer.timeit(number))
                if callback is not None:
                    callback(number, times[-1])
                result = Measurement(number, times, self._task_spec)
                enough = len(times) > 3 and sum(times) > min_run_time
                if enough and result.meets_confidence(threshold):
                    break
        return Measurement(number, times, self._task_spec)

    def collect_callgrind(self, *args: object, **kwargs: object) -> NoReturn:
        """Raise NotImplementedError: instructions are not counted."""
        raise NotImplementedError(
            "torch.utils.benchmark.Timer.collect_callgrind counts the instructions of "
            "PyTorch's C++. Here programs are compiled by XLA: use timeit, or "
            "jax.profiler.trace(folder)."
        )

    def _block_size(self, min_run_time: float) -> int:
        """Return the number of runs of which reading the clock is a thousandth."""
        self._timer.timeit(2)
        clock = min(timeit.Timer(self._clock).timeit(1) for _ in range(5))
        number = 1
        while True:
            spent = self._timer.timeit(number)
            if spent >= min(min_run_time, 1000 * clock) or spent > 0.1:
                return number
            number *= 10


def _torch() -> Any:
    import funcnet.compat

    return funcnet.compat


def _dedented(code: str) -> str:
    """Dedent code."""
    lines = code.strip("\n").splitlines()
    filled = [line for line in lines if line.strip()]
    least = min((len(x) - len(x.lstrip()) for x in filled), default=0)
    return "\n".join(line[least:].rstrip() for line in lines) or "pass"


def _run_to_the_end(stmt: str) -> str:
    """Wrap the statement so that its result is computed before the clock stops."""
    parsed = ast.parse(stmt)
    last = parsed.body[-1]
    if isinstance(last, ast.Expr):
        target = ast.Name(_RESULT, ast.Store())
        parsed.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
    code = ast.unparse(ast.fix_missing_locations(parsed))
    return f"{code}\n{_RUN}()"


def _run() -> None:
    executor.run_pending()


class _Threads:
    """Context that sets the number of threads of a task."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __enter__(self) -> None:
        self.before = _settings.get_num_threads()
        _settings.set_num_threads(self.count)

    def __exit__(self, *error: object) -> None:
        _settings.set_num_threads(self.before)
