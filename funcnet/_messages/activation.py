"""Activations."""

MESSAGES = {
    "celu.alpha": "{name}: alpha is {alpha}, the formula divides by it.",
    "glu.odd": "{name}: input has shape {input}; dimension {dim} must be even, its "
    "halves are the values and the gates.",
    "hardtanh.limits": "{name}: min_val {min_val} is greater than max_val {max_val}; "
    "swap them.",
    "hardtanh.order": "{name}: min_val {min_val} must be less than max_val {max_val}.",
    "prelu.weights": "{name}: {weights} weights for an input {input} of {channels} "
    "channels (dimension 1). Use 1 weight or {channels}.",
    "rrelu.limits": "{name}: lower {lower} is greater than upper {upper}.",
    "softshrink.lambd": "{name}: lambd is {lambd}, it must be 0 or more.",
    "adaptive_softmax.shapes": "{name}: input has shape {input} and target {target}. "
    "Needed are (batch, features) and (batch,), or (features,) and ().",
    "adaptive_softmax.cutoffs": "{name}: cutoffs are {cutoffs}; they must be at least "
    "one rising integer in 1..{greatest}.",
}
