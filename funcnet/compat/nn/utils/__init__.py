"""Helpers for modules and gradients, as `torch.nn.utils`."""

from funcnet.compat.nn.utils import parametrizations, parametrize, rnn
from funcnet.compat.nn.utils.clip_grad import (
    clip_grad_norm,
    clip_grad_norm_,
    clip_grad_value_,
    clip_grads_with_norm_,
    get_total_norm,
)
from funcnet.compat.nn.utils.convert_parameters import (
    parameters_to_vector,
    vector_to_parameters,
)
from funcnet.compat.nn.utils.parametrizations import spectral_norm
from funcnet.compat.nn.utils.weight_norm import remove_weight_norm, weight_norm

__all__ = [
    "clip_grad_norm",
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
    "parameters_to_vector",
    "parametrizations",
    "parametrize",
    "remove_weight_norm",
    "rnn",
    "spectral_norm",
    "vector_to_parameters",
    "weight_norm",
]
