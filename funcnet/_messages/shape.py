"""Reshaping."""

MESSAGES = {
    "flatten.order": "{name}: start_dim {start_dim} comes after end_dim {end_dim} for "
    "an input of shape {input}.",
    "unflatten.sizes": "{name}: dimension {dim} has size {size} (input shape {input}), "
    "which the sizes {sizes} do not multiply to.",
    "fold.no_block": "{name}: no block of kernel_size={windows[kernel_size]} with "
    "dilation={windows[dilation]} fits into images of {sizes} with "
    "padding={windows[padding]}.",
    "fold.columns": "{name}: input has shape {input}; for output_size={sizes} and "
    "these settings it must be (channels * {taps}, {blocks}), the batch in front.",
}
