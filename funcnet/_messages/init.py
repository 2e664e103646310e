"""Initial values of parameters."""

MESSAGES = {
    "init.slope": "{name}: negative_slope {slope!r} not a valid number.",
    "init.nonlinearity": "{name}: Unsupported nonlinearity {nonlinearity!r}; it must "
    "be one of {known}.",
    "init.trunc_normal": "{name}: std={std}, a={a}, b={b}; std must be positive, a "
    "below b.",
    "init.matrix": "{name}: Only tensors with 2 dimensions are supported, got the "
    "shape {shape}.",
    "init.orthogonal": "{name}: Only tensors with 2 or more dimensions are supported, "
    "got the shape {shape}.",
    "init.dirac": "{name}: Only tensors with 3, 4, or 5 dimensions are supported, got "
    "the shape {shape}.",
    "init.groups": "{name}: dim 0 must be divisible by groups, got {channels} and "
    "{groups}.",
    "init.fans": "{name}: Fan in and fan out can not be computed for tensor with fewer "
    "than 2 dimensions, got the shape {shape}. Use uniform or normal for it.",
}
