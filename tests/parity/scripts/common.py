"""Small scripts that run with torch and with compat, and what they give compared."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.compat.ops import _same

ROWS: list[tuple[str, str, Callable[[Any], Any]]] = []
"""The entry that a script tests, its label, and the script, a function of a library."""


def script(
    entry: str, *cases: Any, rows: list[tuple[str, str, Any]] = ROWS
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a script under what it tests, once for each case (its last argument)."""

    def enter(run: Callable[..., Any]) -> Callable[..., Any]:
        title = run.__name__.replace("_", " ").strip()
        if not cases:
            rows.append((entry, title, run))
        for case in cases:
            label = f"{title} {case}".replace("\n", " ")

            def on_case(lib: Any, case: Any = case) -> Any:
                return run(lib, case)

            rows.append((entry, label, on_case))
        return run

    return enter


def compare(run: Callable[[Any], Any]) -> None:
    """Run a script with both libraries from the same seed; the results must agree."""
    with quiet(), _state_kept():
        torch.manual_seed(0)
        wanted = run(torch)
        compat.manual_seed(0)
        result = run(compat)
    agree(wanted, result)


@contextmanager
def _state_kept() -> Iterator[None]:
    state = compat.get_rng_state()
    try:
        with torch.random.fork_rng():
            yield
    finally:
        compat.set_rng_state(state)


def agree(wanted: Any, found: Any, where: str = "") -> None:
    """Compare nested results: names, their order, dtypes, shapes, numbers, texts."""
    if isinstance(wanted, torch.Tensor):
        kind = type(wanted).__name__
        assert type(found).__name__ == kind, f"{where}: {type(found)}, not {kind}"
        assert found.requires_grad == wanted.requires_grad, f"{where}: requires_grad"
        _same(wanted, found, where)
    elif isinstance(wanted, dict):
        assert list(found) == list(wanted), f"{where}: {list(found)}, {list(wanted)}"
        for name, value in wanted.items():
            agree(value, found[name], f"{where}.{name}")
    elif isinstance(wanted, list | tuple):
        assert len(found) == len(wanted), f"{where}: {len(found)} parts, {len(wanted)}"
        for place, value in enumerate(wanted):
            agree(value, found[place], f"{where}.{place}")
    elif isinstance(wanted, float):
        assert np.isclose(found, wanted, 1e-5, 1e-7, True), f"{where}: {found} {wanted}"
    elif isinstance(wanted, torch.dtype | torch.Size | torch.device | type):
        assert _name(found) == _name(wanted), f"{where}: {found} is not {wanted}"
    else:
        assert found == wanted, f"{where}: {found!r} is not {wanted!r}"


def _name(x: Any) -> str:
    return x.__name__ if isinstance(x, type) else str(x)


def refused(call: Callable[[], Any], characters: int = 0) -> str:
    """The kind of error that a call raises, with so much of what it says."""
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:characters]}"
    return "no error"


# --- what many scripts do -------------------------------------------------------------


def numbers(lib: Any, *shape: int, shift: float = 0.0) -> Any:
    """The same numbers in both libraries, drawn from neither."""
    random = np.random.default_rng(int(shift * 100))
    return lib.tensor(random.normal(size=shape).astype(np.float32))


def trained(lib: Any, model: Any, *inputs: Any, steps: int = 3) -> dict[str, Any]:
    """Train a model for a few steps; all that can be seen of it on the way."""
    seen: dict[str, Any] = {"repr": repr(model), "before": saved(model)}
    optimizer = lib.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    model.train()
    for step in range(steps):
        optimizer.zero_grad()
        output = first(model(*inputs))
        (output**2).mean().backward()
        seen[f"output {step}"] = output.detach().clone()
        for name, p in model.named_parameters():
            seen[f"gradient {step} of {name}"] = None if p.grad is None else +p.grad
        optimizer.step()
    model.eval()
    with lib.no_grad():
        seen["evaluated"] = first(model(*inputs))
        seen["again"] = first(model(*inputs))
    return seen | {"after": saved(model)}


def saved(model: Any) -> dict[str, Any]:
    """A copy of a model's state."""
    return {name: x.clone() for name, x in model.state_dict().items()}


def first(output: Any) -> Any:
    return output[0] if isinstance(output, tuple) else output
