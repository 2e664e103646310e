"""Distances and similarities of vectors."""

MESSAGES = {
    "cosine_similarity.dim": "{name}: dim is {dim}, the inputs {x1} and {x2} have "
    "{ndim} dimensions. The default is 1; vectors alone want dim=0.",
    "distance.degree": "{name}: p is {p}, it must be 0 or more.",
    "distance.shapes": "{name}: x1 {x1} and x2 {x2} do not broadcast to one shape.",
    "cdist.shapes": "{name}: x1 {x1} and x2 {x2} must be (*, m, features) and (*, n, "
    "features).",
    "cdist.batch": "{name}: the leading dimensions of x1 {x1} and x2 {x2} do not "
    "broadcast.",
}
