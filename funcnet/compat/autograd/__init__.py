"""Automatic differentiation, as `torch.autograd`."""

from funcnet.compat._autograd import grad as _grad
from funcnet.compat._autograd.anomaly import detect_anomaly, set_detect_anomaly
from funcnet.compat._autograd.custom_function import Function, once_differentiable
from funcnet.compat._autograd.variable import Variable
from funcnet.compat._core.context import (
    enable_grad,
    inference_mode,
    no_grad,
    set_grad_enabled,
)
from funcnet.compat._ops.registry import register as _register
from funcnet.compat.autograd import (
    anomaly_mode,
    forward_ad,
    function,
    functional,
    grad_mode,
    graph,
    profiler,
    variable,
)
from funcnet.compat.autograd.function import NestedIOFunction
from funcnet.compat.autograd.grad_mode import (
    enforce_grad_layout_policy,
    set_multithreading_enabled,
)
from funcnet.compat.autograd.gradcheck import gradcheck, gradgradcheck

grad = _register("autograd.grad")(_grad.grad)
backward = _register("autograd.backward")(_grad.backward)

__all__ = [
    "Function",
    "NestedIOFunction",
    "Variable",
    "anomaly_mode",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "enforce_grad_layout_policy",
    "forward_ad",
    "function",
    "functional",
    "grad",
    "grad_mode",
    "gradcheck",
    "gradgradcheck",
    "graph",
    "inference_mode",
    "no_grad",
    "once_differentiable",
    "profiler",
    "set_detect_anomaly",
    "set_grad_enabled",
    "set_multithreading_enabled",
    "variable",
]
