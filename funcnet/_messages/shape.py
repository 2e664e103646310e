"""Reshaping."""

MESSAGES = {
    "flatten.order": "{name}: start_dim {start_dim} comes after end_dim {end_dim} for "
    "an input of shape {input}.",
    "unflatten.sizes": "{name}: dimension {dim} has size {size} (input shape {input}), "
    "which the sizes {sizes} do not multiply to.",
}
