"""Pools."""

MESSAGES = {
    "pool.padding": "{name}: padding is {pad}, it must be at most half of the window "
    "({half} for kernel_size {kernel_size} with dilation {dilation}), or windows would "
    "hold nothing but padding.",
    "pool.dtype": "{name}: input has dtype {dtype}, which has no maximum. Convert it "
    "to real numbers first.",
    "pool.divisor": "{name}: divisor_override is 0; give another number or None.",
    "pool.norm_type": "{name}: norm_type is 0, a power other than 0 is needed.",
    "fractional.one_of": "{name}: give one of output_size and output_ratio.",
    "fractional.ratio": "{name}: output_ratio is {output_ratio}, it must be a number "
    "between 0 and 1, or {dims} of them.",
    "fractional.samples": "{name}: _random_samples have shape {samples}, they must be "
    "{wanted} or more of them.",
    "fractional.no_fit": "{name}: {counts} windows of kernel_size {kernel_size} do not "
    "fit into the spatial shape {sizes}; output_size + kernel_size - 1 must not exceed "
    "it.",
    "unpool.dtype": "{name}: indices have dtype {dtype}, integers are needed, as "
    "max_pool{dims}d_with_indices returns them.",
    "unpool.shapes": "{name}: input has shape {input} and indices {indices}; they must "
    "be the same.",
    "unpool.index": "{name}: the index {index} lies outside of the output of spatial "
    "shape {output}, 0 to {last}. Give the pool's own settings, and its input shape as "
    "output_size.",
    "unpool.output_size": "{name}: output_size is {output_size}, its spatial part must "
    "be within one stride {stride} of {natural}, the natural size.",
    "pool.no_output": "{name}: input has shape {input}, too small for windows of "
    "kernel_size {kernel_size}: the output would have spatial shape {output}. Use a "
    "smaller kernel_size or fewer pools.",
}
