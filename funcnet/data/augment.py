"""Random changes of whole batches, to be run inside the compiled step.

They are functions of a key, `(key, ...) -> ...`, and need jax, so this module is not
imported by `funcnet.data`. `funcnet.train.fit(..., augment=...)` takes them:

    def augment(key, batch):
        images, labels = batch
        crop, flip = jax.random.split(key)
        images = random_crop(crop, random_flip(flip, images), padding=4)
        return images, labels
"""

import jax
import jax.numpy as jnp

from funcnet._check import check_floating, check_rank
from funcnet._errors import InputError
from funcnet._types import Array, Key

_LAYOUT = "(batch, channels, height, width)"


def random_flip(key: Key, images: Array, p: float = 0.5) -> Array:
    """Exchange left and right of each image with probability `p`.

    Args:
        images: `(batch, channels, height, width)`.

    Raises:
        InputError: they have other dimensions.

    Example:
        >>> x = jnp.arange(3.0).reshape(1, 1, 1, 3)
        >>> random_flip(jax.random.key(0), x, p=1.0).ravel().tolist()
        [2.0, 1.0, 0.0]
    """
    check_rank("random_flip", images, (4,), _LAYOUT)
    flipped = jax.random.bernoulli(key, p, (len(images), 1, 1, 1))
    return jnp.where(flipped, images[..., ::-1], images)


def random_crop(key: Key, images: Array, padding: int, fill: float = 0.0) -> Array:
    """Put margins around each image and cut out its size again, at a random position.

    As `RandomCrop(size, padding)` does, with the size of the images.

    Args:
        images: `(batch, channels, height, width)`.
        padding: width of the margins.
        fill: what they hold.

    Raises:
        InputError: the images have other dimensions, or the padding is negative.

    Example:
        >>> random_crop(jax.random.key(0), jnp.ones((2, 3, 8, 8)), 4).shape
        (2, 3, 8, 8)
    """
    check_rank("random_crop", images, (4,), _LAYOUT)
    if padding < 0:
        raise InputError(f"random_crop: padding is {padding}, at least 0 is needed.")
    margins = [(0, 0), (0, 0), (padding, padding), (padding, padding)]
    padded = jnp.pad(images, margins, constant_values=jnp.asarray(fill, images.dtype))
    corners = jax.random.randint(key, (2, len(images)), 0, 2 * padding + 1)

    def cut(image: Array, top: Array, left: Array) -> Array:
        return jax.lax.dynamic_slice(image, (0, top, left), images.shape[1:])

    return jax.vmap(cut)(padded, corners[0], corners[1])


def mixup(
    key: Key, images: Array, labels: Array, classes: int, alpha: float = 1.0
) -> tuple[Array, Array]:
    """Blend each image and its label with those before it, by one drawn share.

    Args:
        images: floating point, `(batch, channels, height, width)`.
        labels: integers `(batch,)`, or probabilities `(batch, classes)`.
        alpha: both parameters of the beta distribution of the share.

    Returns:
        Images, and labels `(batch, classes)` for a loss that takes probabilities.

    Raises:
        InputError, InputTypeError: images or labels have another form.

    Source: H. Zhang et al., "mixup: beyond empirical risk minimization", 2017,
    https://arxiv.org/abs/1710.09412.

    Example:
        >>> x, y = jnp.ones((2, 1, 4, 4)), jnp.array([0, 2])
        >>> x, y = mixup(jax.random.key(0), x, y, classes=3)
        >>> y.shape, bool(jnp.allclose(y.sum(1), jnp.ones(2)))
        ((2, 3), True)
    """
    check_rank("mixup", images, (4,), _LAYOUT)
    check_floating("mixup", images)
    share = jax.random.beta(key, alpha, alpha, dtype=images.dtype)
    shares = _probabilities("mixup", labels, classes, images)
    return _blend(images, share), _blend(shares, share)


def cutmix(
    key: Key, images: Array, labels: Array, classes: int, alpha: float = 1.0
) -> tuple[Array, Array]:
    """Put a rectangle of the image before it into each image, and blend the labels.

    The rectangle is the same in the whole batch; the labels' shares are those of the
    areas. Takes and returns what `mixup` does.

    Source: S. Yun et al., "CutMix: regularization strategy to train strong classifiers
    with localizable features", 2019, https://arxiv.org/abs/1905.04899.

    Example:
        >>> x, y = jnp.ones((2, 1, 4, 4)), jnp.array([0, 2])
        >>> x, y = cutmix(jax.random.key(0), x, y, classes=3)
        >>> x.shape, y.shape
        ((2, 1, 4, 4), (2, 3))
    """
    check_rank("cutmix", images, (4,), _LAYOUT)
    check_floating("cutmix", images)
    height, width = images.shape[-2:]
    share_key, row_key, column_key = jax.random.split(key, 3)
    half = 0.5 * jnp.sqrt(1.0 - jax.random.beta(share_key, alpha, alpha))
    rows, columns = _stretch(row_key, height, half), _stretch(column_key, width, half)
    inside = jnp.logical_and(rows[:, None], columns[None])  # (height, width)
    mixed = jnp.where(inside[None, None], jnp.roll(images, 1, 0), images)
    share = 1.0 - jnp.mean(inside.astype(images.dtype))
    return mixed, _blend(_probabilities("cutmix", labels, classes, images), share)


def _stretch(key: Key, size: int, half: Array) -> Array:
    """Mark the pixels of a line around a random one."""
    center = jax.random.randint(key, (), 0, size)
    reach = jnp.floor(half * size).astype(center.dtype)
    positions = jnp.arange(size, dtype=center.dtype)
    return jnp.logical_and(positions >= center - reach, positions < center + reach)


def _blend(x: Array, share: Array) -> Array:
    return x * share + jnp.roll(x, 1, 0) * (1 - share)


def _probabilities(name: str, labels: Array, classes: int, images: Array) -> Array:
    """Return labels as probabilities, in the images' dtype."""
    is_number = jnp.issubdtype(labels.dtype, jnp.integer) and labels.ndim == 1
    if len(labels) != len(images) or not (is_number or labels.shape[1:] == (classes,)):
        raise InputError(
            f"{name}: labels are {labels.dtype} {labels.shape}, needed are integers "
            f"({len(images)},) or probabilities ({len(images)}, {classes})."
        )
    if is_number:
        return jax.nn.one_hot(labels, classes, dtype=images.dtype)
    return labels.astype(images.dtype)
