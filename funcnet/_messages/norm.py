"""Norms."""

MESSAGES = {
    "norm.rank": "{name}: input has shape {input}, it needs at least 2 dimensions: "
    "(batch, channels, *spatial).",
    "norm.channels": "{name}: input has shape {input}, the layer was made for "
    "{channels} channels ({setting}) in dimension 1: (batch, channels, *).",
    "norm.array": "{name}: {label} has shape {array}; it must be {wanted}, the {what} "
    "of the input {input}.",
    "norm.dtype": "{name}: {label} has dtype {dtype}, the input {input}. Cast one of "
    "them with .astype().",
    "norm.one_value": "{name}: input {input} has one value for each channel, whose "
    "variance is 0. Train with more than one sample in the batch (drop_last=True), or "
    "evaluate with train=False.",
    "norm.one_element": "{name}: input {input} has one value for each channel of a "
    "sample; it needs more than one spatial element.",
    "norm.no_statistics": "{name}: running_mean and running_var are needed to "
    "normalise without the statistics of the input, {missing} is None. Pass both, or "
    "training=True.",
    "norm.groups": "{name}: input has shape {input}; {num_groups} groups must divide "
    "its {input[1]} channels.",
    "norm.layer_groups": "{name}: num_groups {num_groups} must divide num_channels "
    "{num_channels}.",
    "norm.neighbours": "{name}: input has shape {input} and size is {size}; at least 3 "
    "dimensions (batch, channels, *spatial) and a size of 1 or more are needed.",
    "norm.shape": "{name}: input has shape {input}, it must end with the "
    "normalized_shape {normalized_shape} (at least one dimension).",
    "norm.no_shape": "{name}: normalized_shape is empty, it needs a dimension.",
}
