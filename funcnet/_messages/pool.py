"""Pools."""

MESSAGES = {
    "pool.padding": "{name}: padding is {pad}, it must be at most half of the window "
    "({half} for kernel_size {kernel_size} with dilation {dilation}), or windows would "
    "hold nothing but padding.",
    "pool.no_output": "{name}: input has shape {input}, too small for windows of "
    "kernel_size {kernel_size}: the output would have spatial shape {output}. Use a "
    "smaller kernel_size or fewer pools.",
}
