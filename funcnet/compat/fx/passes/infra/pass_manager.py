"""Passes one after the other, as `torch.fx.passes.infra.pass_manager`."""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat.fx.graph_module import GraphModule
from funcnet.compat.fx.passes.infra.pass_base import PassResult


def this_before_that_pass_constraint(
    this: Callable[..., Any], that: Callable[..., Any]
) -> Callable[..., bool]:
    """Return a constraint: one pass comes before another."""
    return lambda a, b: not (a is that and b is this)


class PassManager:
    """Runs passes in order until nothing changes.

    Args:
        passes: functions of a module that return a `PassResult`.
        constraints: functions of two passes, whether the first may precede the second.
        steps: how often all passes are run at most.
        run_checks_after_each_pass, suppress_check_failures: whether `check` is called.
    """

    def __init__(
        self,
        passes: Sequence[Callable[..., Any]] | None = None,
        constraints: Sequence[Callable[..., bool]] | None = None,
        steps: int | None = None,
        run_checks_after_each_pass: bool = False,
        suppress_check_failures: bool = False,
    ) -> None:
        self.passes = list(passes or ())
        self.constraints = list(constraints or ())
        self.steps = 1 if steps is None else steps
        self.run_checks_after_each_pass = run_checks_after_each_pass

    def add_pass(self, _pass: Callable[..., Any]) -> None:
        """Add a pass at the end."""
        self.passes.append(_pass)

    def add_constraint(self, constraint: Callable[..., bool]) -> None:
        """Add a constraint on the order."""
        self.constraints.append(constraint)

    def validate_constraints(self) -> None:
        """Check the order of the passes.

        Raises:
            RuntimeError: a constraint does not hold.
        """
        for i, first in enumerate(self.passes):
            for second in self.passes[i + 1 :]:
                if not all(one(first, second) for one in self.constraints):
                    raise RuntimeError(
                        "pass schedule constraint violated. Expected "
                        f"{second} before {first}"
                    )

    def check(self, module: GraphModule) -> None:
        """Check a module; written by subclasses."""

    def __call__(self, module: GraphModule) -> PassResult:
        self.validate_constraints()
        overall = False
        for _ in range(self.steps):
            changed = False
            for one in self.passes:
                result = one(module)
                if not isinstance(result, PassResult):
                    raise TypeError(
                        f"The result of the pass {one} should be type PassResult. "
                        "Please wrap it with pass_result_wrapper()"
                    )
                module, changed = result.graph_module, changed or result.modified
                module.recompile()
                if self.run_checks_after_each_pass:
                    self.check(module)
            overall = overall or changed
            if not changed:
                break
        return PassResult(module, overall)


__all__ = ["PassManager", "this_before_that_pass_constraint"]
