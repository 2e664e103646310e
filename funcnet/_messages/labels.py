"""Class labels of losses, and weights of the classes."""

MESSAGES = {
    "labels.dtype": "{name}: {what} has dtype {dtype}, integers are needed. Convert "
    "it: {what}.astype(jnp.int32).",
    "labels.range": "{name}: {what} holds the class {label}; the input has {classes} "
    "classes, so classes are 0 to {last}.",
    "labels.weight": "{name}: weight has shape {weight}; there are {classes} classes, "
    "so it must be ({classes},).",
    "labels.shape": "{name}: target has shape {target}, the input {input}. A target "
    "holds integer class indices of shape {wanted}, each 0 to {last}{either}.",
    "labels.soft": "{name}: target has dtype {dtype} and the input's shape {input}. A "
    "target of that shape holds class probabilities, of dtype {wanted}; class indices "
    "have the shape without the classes.",
    "labels.ignore_index": "{name}: ignore_index is {ignore_index}, but the target "
    "holds class probabilities, among which no label can be ignored. Leave it out, or "
    "give class indices.",
    "multi_margin.target": "{name}: target has shape {target}, the input {input}; the "
    "target must hold one class index for each sample, shape {wanted}.",
}
