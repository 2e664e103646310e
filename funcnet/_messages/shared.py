"""Mistakes that many functions find, by the checks of `funcnet._check`."""

MESSAGES = {
    "dim": "{name}: {what} is {dim}, the input has {ndim} dimensions (shape {shape}).",
    "integer": "{name}(): argument '{what}' must be int, not {kind}",
    "rank": "{name}: {what} has shape {shape}, {ndim} dimensions; it must have "
    "{wanted}: {layout}.",
    "dtype.floating": "{name}: {what} has dtype {dtype}, a floating-point dtype is "
    "needed. Convert it first: {what}.astype(jnp.float32) (and scale images to 0..1).",
    "dtype.same": "{name}: all arrays must have the same dtype, got {listed}. Cast "
    "with .astype() (and scale images to 0..1).",
    "choice": "{name}: {what} is {value!r}, it must be one of {wanted}.",
    "range": "{name}: {what} is {value}, it must be {wanted}.",
    "positive": "{name}: {what} is {value}, it must be greater than 0.",
    "empty": "{name}: input has shape {input}, there is nothing.",
    "key": "{name} draws random numbers and got no key. Pass one: "
    "key=jax.random.key(0), a new one for each step.",
    "spatial.count": "{name}: {what} is {value!r}, it must be an integer or {dims} of "
    "them ({axes}).",
    "spatial.least": "{name}: {what} is {value!r}, it must be at least {least}.",
}
