"""Function transforms, as `torch.func`."""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._func.grad import grad, grad_and_value, vjp
from funcnet.compat._func.jacobians import hessian, jacfwd, jacrev
from funcnet.compat._func.jvp import jvp, linearize
from funcnet.compat._func.vmap import vmap
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.shape.joining import stack
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.norm import _BatchNorm
from funcnet.compat.nn.utils.stateless import functional_call


@explains_keywords
def functionalize(func: Callable[..., Any], *, remove: str = "mutations") -> Any:
    """Return the function: in-place writes are recorded functionally already."""
    del remove
    return func


def replace_all_batch_norm_modules_(root: Module) -> Module:
    """Make batch norms keep no running statistics, as transforms need.

    Equals `torch.func.replace_all_batch_norm_modules_`; the module is changed and
    returned.
    """
    for module in root.modules():
        if isinstance(module, _BatchNorm):
            module.running_mean = module.running_var = None
            module.num_batches_tracked = None
            module.track_running_stats = False
    return root


def stack_module_state(
    models: Sequence[Module],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Stack the state of equal modules, as `torch.func.stack_module_state`.

    The parameters are leaves of their own, which want gradients if the first's do.
    """

    def stacked(members: str) -> dict[str, Any]:
        every = [dict(getattr(model, members)()) for model in models]
        result = {}
        for name, first in every[0].items():
            batch = stack([own[name].detach() for own in every])
            result[name] = batch.requires_grad_(first.requires_grad)
        return result

    return stacked("named_parameters"), stacked("named_buffers")


__all__ = [
    "functional_call",
    "functionalize",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "linearize",
    "replace_all_batch_norm_modules_",
    "stack_module_state",
    "vjp",
    "vmap",
]
