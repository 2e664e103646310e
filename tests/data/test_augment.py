"""Augmentation of batches inside the compiled step."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError, nn, optim, train
from funcnet import functional as F
from funcnet.data import augment

IMAGES = jnp.arange(4 * 2 * 6 * 5, dtype=jnp.float32).reshape(4, 2, 6, 5) + 1
LABELS = jnp.array([0, 1, 2, 1])


def test_each_image_is_flipped_or_not(key) -> None:
    images = jnp.concatenate([IMAGES] * 16)
    result = np.asarray(jax.jit(augment.random_flip)(key, images))
    flipped = [
        np.array_equal(a, b[..., ::-1]) for a, b in zip(result, images, strict=True)
    ]
    same = [np.array_equal(a, b) for a, b in zip(result, images, strict=True)]
    assert all(f != s for f, s in zip(flipped, same, strict=True))
    assert 16 < sum(flipped) < 48


def test_each_image_is_cut_at_a_place_of_its_own(key) -> None:
    images = jnp.concatenate([IMAGES[:1]] * 64)
    result = np.asarray(jax.jit(augment.random_crop, static_argnums=2)(key, images, 2))
    padded = np.pad(np.asarray(IMAGES[0]), [(0, 0), (2, 2), (2, 2)])
    places = {
        (top, left): padded[:, top : top + 6, left : left + 5].tobytes()
        for top in range(5)
        for left in range(5)
    }
    names = {content: place for place, content in places.items()}
    drawn = [names[image.tobytes()] for image in result]
    assert len(set(drawn)) > 15
    assert augment.random_crop(key, IMAGES, 0).tolist() == IMAGES.tolist()


def test_the_margins_can_hold_another_number(key) -> None:
    result = augment.random_crop(key, jnp.zeros((8, 1, 4, 4)), 3, fill=7.0)
    assert set(np.unique(result)) == {0, 7}


@pytest.mark.parametrize("mix", [augment.mixup, augment.cutmix])
def test_labels_are_mixed_as_the_images_are(mix, key) -> None:
    images = jnp.arange(4, dtype=jnp.float32)[:, None, None, None]
    images = jnp.broadcast_to(images, (4, 1, 8, 8))
    compiled = jax.jit(mix, static_argnums=(3, 4))
    for one in jax.random.split(key, 5):
        mixed, shares = compiled(one, images, jnp.arange(4), 4, 0.7)
        means = mixed.mean((1, 2, 3))
        labels = np.asarray(shares) @ np.arange(4)
        np.testing.assert_allclose(means, labels, atol=1e-5)
        np.testing.assert_allclose(shares.sum(1), 1, rtol=1e-6)
        again, _ = compiled(one, images, shares, 4, 0.7)  # probabilities, too
        np.testing.assert_allclose(again, mixed, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda k: augment.random_flip(k, IMAGES[0]), InputError, "batch, channels"),
        (lambda k: augment.random_crop(k, IMAGES, -1), InputError, "padding is -1"),
        (lambda k: augment.mixup(k, IMAGES, LABELS[:2], 3), InputError, r"\(2,\)"),
        (
            lambda k: augment.cutmix(k, IMAGES.astype(jnp.int32), LABELS, 3),
            InputTypeError,
            "int32",
        ),
    ],
)
def test_an_error_says_what_is_wrong(call, error, words: str, key) -> None:
    with pytest.raises(error, match=words):
        call(key)


def test_they_run_in_the_compiled_step(key) -> None:
    def change(key, batch):
        images, labels = batch
        crop, flip, mix = jax.random.split(key, 3)
        images = augment.random_flip(flip, augment.random_crop(crop, images, 1))
        return augment.mixup(mix, images, labels, 3)

    net = nn.Sequential(nn.Flatten(), nn.Linear(60, 3))
    optimizer = optim.sgd(0.1)
    step = train.train_step(net, F.cross_entropy, optimizer, augment=change)
    ts = train.TrainState.create(net, optimizer, key)
    ts, metrics = step(ts, (IMAGES, LABELS))
    assert np.isfinite(metrics["loss"])
