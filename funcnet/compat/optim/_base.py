"""The base of optimizers that are their settings and an update of all parameters."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias, overload

from funcnet.compat._core.context import enable_grad, thread
from funcnet.compat._engine import executor
from funcnet.compat.optim._settings import check_settings
from funcnet.compat.optim.optimizer import Loss, Optimizer, ParamsT
from funcnet.optim._settings import Check

Settings: TypeAlias = dict[str, Any]
"""The settings of a group by their names, and its parameters as `"params"`."""


class UpdateOptimizer(Optimizer):
    """An optimizer whose class is a signature and `_update`.

    `takes_settings` makes its constructor of the signature.

    Attributes:
        checks: of the settings, in PyTorch's order.
        fixed: settings that cannot be chosen.
        file: PyTorch's file of the class, where it is not the name in lower case.
    """

    checks: ClassVar[tuple[Check, ...]]
    fixed: ClassVar[Settings] = {}
    file: ClassVar[str | None] = None

    def _start(self, params: ParamsT, settings: Settings) -> None:
        """Check the settings and take the parameters; all that `__init__` does."""
        check_settings(self.checks, settings)
        super().__init__(params, settings)

    @overload
    def step(self, closure: None = None) -> None: ...
    @overload
    def step(self, closure: Callable[[], Loss]) -> Loss: ...
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update all parameters that have a gradient."""
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        context = thread.context
        before, context.grad = context.grad, False  # `with no_grad()` without calls
        try:
            self._update()
            # What the step read is forgotten here, so that its memory can be reused.
            executor.run_pending()
        finally:
            context.grad = before
        return loss

    def _update(self) -> None:
        """Update all parameters that have a gradient; nothing is recorded for it."""
        raise NotImplementedError
