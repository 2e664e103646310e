"""The names of `compat/_lesser.py`, which is imported when one of them is asked for."""

from typing import Final

LESSER: Final = frozenset(
    (
        "DisableTorchFunction",
        "DisableTorchFunctionSubclass",
        "FatalError",
        "Future",
        "JITException",
        "Tag",
        "autocast_decrement_nesting",
        "autocast_increment_nesting",
        "bit",
        "cudnn_is_acceptable",
        "fork",
        "from_file",
        "get_autocast_ipu_dtype",
        "get_autocast_xla_dtype",
        "gru",
        "has_lapack",
        "has_mkl",
        "has_openmp",
        "has_spectral",
        "init_num_threads",
        "is_autocast_ipu_enabled",
        "is_autocast_xla_enabled",
        "is_distributed",
        "is_vulkan_available",
        "lobpcg",
        "lstm",
        "rnn_relu",
        "rnn_tanh",
        "set_autocast_ipu_dtype",
        "set_autocast_ipu_enabled",
        "set_autocast_xla_dtype",
        "set_autocast_xla_enabled",
        "sym_constrain_range",
        "sym_constrain_range_for_size",
        "wait",
    )
)
