"""Transforms by themselves: draws, errors, printing, images and arrays alike.

That the numbers are torchvision's is tested in test_torchvision_reference, of compat.
"""

import pickle

import numpy as np
import pytest
from PIL import Image

from funcnet import InputError, InputTypeError
from funcnet.data import transforms as T
from funcnet.data.transforms import functional as F

PIXELS = np.random.default_rng(0).integers(0, 256, (3, 30, 40), dtype=np.uint8)
PICTURE = F.to_pil_image(PIXELS)
RANDOM = [
    T.RandomCrop(20),
    T.RandomResizedCrop(20),
    T.RandomHorizontalFlip(),
    T.RandomVerticalFlip(),
    T.ColorJitter(0.5, 0.5, 0.5, 0.2),
    T.RandomRotation(20),
    T.RandomAffine(20, (0.1, 0.1), (0.8, 1.2), 5),
    T.RandomPerspective(p=1.0),
    T.RandomGrayscale(0.5),
    T.GaussianBlur(3),
    T.ElasticTransform(),
    T.RandomErasing(1.0, value="random"),
    T.RandomInvert(),
    T.RandomPosterize(3),
    T.RandomSolarize(128),
    T.RandomAdjustSharpness(2.0),
    T.RandomAutocontrast(),
    T.RandomEqualize(),
    T.AutoAugment(),
    T.RandAugment(),
    T.TrivialAugmentWide(),
    T.AugMix(),
    T.RandomApply([T.RandomCrop(20)]),
    T.RandomChoice([T.RandomCrop(20), T.CenterCrop(20)], p=[1, 3]),
    T.RandomOrder([T.RandomCrop(20), T.Pad(1)]),
]


@pytest.mark.parametrize("transform", RANDOM, ids=lambda t: type(t).__name__)
def test_the_same_seed_gives_the_same_image(transform) -> None:
    first, again = (transform(PIXELS, generator=3) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    generator = np.random.default_rng(3)
    np.testing.assert_array_equal(first, transform(PIXELS, generator=generator))


def test_other_seeds_give_other_images() -> None:
    crops = [T.RandomCrop(10)(PIXELS, generator=seed) for seed in range(8)]
    assert len({crop.tobytes() for crop in crops}) == 8


@pytest.mark.parametrize("transform", RANDOM, ids=lambda t: type(t).__name__)
def test_without_a_generator_numpys_global_stream_is_drawn_from(transform) -> None:
    images = []
    for _ in range(2):
        np.random.seed(5)
        images.append(transform(PIXELS))
    np.testing.assert_array_equal(*images)


@pytest.mark.parametrize("transform", RANDOM, ids=lambda t: type(t).__name__)
def test_the_image_that_was_given_stays_as_it_is(transform) -> None:
    image = PIXELS.copy()
    transform(image, generator=0)
    np.testing.assert_array_equal(image, PIXELS)


@pytest.mark.parametrize("transform", RANDOM, ids=lambda t: type(t).__name__)
def test_a_transform_is_its_settings(transform) -> None:
    again = pickle.loads(pickle.dumps(transform))
    assert again == transform
    assert repr(again) == repr(transform)
    with pytest.raises(AttributeError):
        transform.p = 0.1


def test_compose_names_the_place_of_what_cannot_be_called() -> None:
    # The fourth note of the seeds leaves `normalize = None` in its list.
    parts = [T.Resize(256), T.CenterCrop(224), T.ToTensor(), None]
    with pytest.raises(InputTypeError, match="at position 3 is None"):
        T.Compose(parts)


def test_compose_calls_functions_of_the_user() -> None:
    twice = T.Compose([T.ToTensor(), lambda x: x * 2])
    assert twice(Image.new("L", (2, 2), 255)).max() == 2


@pytest.mark.parametrize("size", [16, (16, 24), 64, (45, 31)])
def test_images_and_arrays_are_cut_alike(size) -> None:
    cut = F.pil_to_tensor(F.center_crop(PICTURE, size))
    np.testing.assert_array_equal(cut, F.center_crop(PIXELS, size))


def test_images_and_arrays_are_resized_alike() -> None:
    smaller = F.pil_to_tensor(F.resize(PICTURE, 15)).astype(int)
    assert np.abs(smaller - F.resize(PIXELS, 15)).max() <= 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGB", "RGBA", "I", "F", "I;16", "P"])
def test_images_of_every_mode_become_arrays(mode: str) -> None:
    image = PICTURE.convert("L").convert(mode) if mode == "I;16" else PICTURE
    image = image if mode == "I;16" else PICTURE.convert(mode)
    array = T.ToTensor()(image)
    assert array.shape == (len(image.getbands()), 30, 40)
    kinds = {"I": np.int32, "I;16": np.int16}
    assert array.dtype == kinds.get(mode, np.float32)
    if mode not in ("I", "F", "I;16"):
        assert 0 <= array.min() <= array.max() <= 1


def test_floats_are_not_rescaled() -> None:
    image = np.full((2, 3, 1), 7.5, np.float64)
    array = T.ToTensor()(image)
    assert array.shape == (1, 2, 3)
    assert array.dtype == np.float64
    assert array.max() == 7.5


def test_to_pil_image_leads_back() -> None:
    again = T.ToPILImage()(T.ToTensor()(PICTURE))
    np.testing.assert_array_equal(np.asarray(again), np.asarray(PICTURE))
    assert T.ToPILImage()(T.ToTensor()(PICTURE.convert("L"))).mode == "L"


def test_whitening_multiplies_flattened_images() -> None:
    matrix, mean = np.eye(4) * 2, np.arange(4.0)
    image = np.ones((1, 2, 2))
    result = T.LinearTransformation(matrix, mean)(image)
    np.testing.assert_allclose(result.ravel(), [2, 0, -2, -4])


FLOATS = PIXELS.astype(np.float32) / 255
ERRORS = [
    (
        lambda: T.RandomCrop(50)(PIXELS),
        InputError,
        r"\(50, 50\) is larger .*30",
    ),
    (lambda: T.RandomCrop((1, 2, 3)), InputError, "only two dimensions"),
    (lambda: T.Resize("big"), InputTypeError, "Size should be int or sequence"),
    (lambda: T.Resize([1, 2, 3]), InputError, "1 or 2 values"),
    (lambda: T.Resize(10, max_size=10)(PIXELS), InputError, "strictly greater"),
    (lambda: T.Resize(9, interpolation="cubic"), InputTypeError, "'cubic'"),
    (lambda: F.resize(PIXELS, 9, "lanczos"), InputError, "for PIL images"),
    (lambda: T.Pad([1, 2, 3]), InputError, "1, 2, or 4 element"),
    (lambda: T.Pad(1, padding_mode="wrap"), InputError, "'wrap'"),
    (lambda: T.Pad(99, padding_mode="reflect")(PIXELS), InputError, "mirrored"),
    (lambda: T.Pad(1, fill=(1, 2))(PICTURE), InputError, r"2 != 3"),
    (lambda: T.Normalize([0.5] * 3, [0.5] * 3)(PICTURE), InputTypeError, "ToTensor"),
    (lambda: T.Normalize([0.5] * 3, [0.5] * 3)(PIXELS), InputTypeError, "uint8"),
    (lambda: T.Normalize([0.5] * 2, [0.5] * 3)(FLOATS), InputError, "mean has 2"),
    (lambda: T.Normalize([0.5], [0])(FLOATS), InputError, "std evaluated to zero"),
    (lambda: T.ToTensor()([1, 2]), InputTypeError, "PIL Image or ndarray"),
    (lambda: T.ToTensor()(np.zeros(3)), InputError, "2/3 dimensional"),
    (lambda: T.ToPILImage()(np.zeros((5, 4, 4))), InputError, "> 4 channels"),
    (lambda: T.ToPILImage("CMYK")(FLOATS), InputError, "CMYK"),
    (lambda: T.Lambda(3), InputTypeError, "should be callable, got 'int'"),
    (lambda: T.RandomApply(3), InputTypeError, "sequence"),
    (lambda: T.RandomChoice([T.Pad(1)], p=[1, 2]), InputError, "2 probabilities"),
    (lambda: T.ColorJitter(-1), InputError, "non negative"),
    (lambda: T.ColorJitter(hue=0.7), InputError, "hue values"),
    (lambda: T.ColorJitter("x"), InputTypeError, "length 2"),
    (lambda: T.RandomRotation(-3), InputError, "must be positive"),
    (lambda: T.RandomAffine(3, translate=(2, 0)), InputError, "between 0 and 1"),
    (lambda: T.RandomAffine(3, scale=(0, 1)), InputError, "positive"),
    (lambda: T.RandomErasing(2.0), InputError, "between 0 and 1"),
    (lambda: T.RandomErasing(1.0, value="x"), InputError, "'random'"),
    (lambda: T.RandomErasing(1.0)(PICTURE), InputTypeError, "Tensor Image"),
    (lambda: T.GaussianBlur(4), InputError, "odd"),
    (lambda: T.GaussianBlur(3, (2, 1)), InputError, "min, max"),
    (lambda: F.gaussian_blur(PIXELS, 99), InputError, "does not fit"),
    (lambda: F.adjust_hue(PICTURE, 0.6), InputError, "not in"),
    (lambda: F.adjust_brightness(PIXELS, -1), InputError, "not non-negative"),
    (lambda: F.posterize(FLOATS, 3), InputTypeError, "uint8"),
    (lambda: F.equalize(FLOATS), InputTypeError, "uint8"),
    (lambda: F.solarize(FLOATS, 2), InputTypeError, "less than bound"),
    (lambda: F.rotate(FLOATS, 3, "bicubic"), InputError, "bicubic"),
    (lambda: F.affine(FLOATS, 3, (1, 2), 0, 0), InputError, "positive"),
    (lambda: F.convert_image_dtype(FLOATS, np.int32), InputError, "safely"),
    (lambda: F.five_crop(PIXELS, 99), InputError, "bigger than input"),
    (lambda: F.crop("x", 0, 0, 1, 1), InputTypeError, "Unexpected type"),
    (lambda: F.hflip(np.zeros(3)), InputTypeError, "not a torch image"),
    (lambda: F.perspective(PIXELS, [[0, 0]], [[0, 0]]), InputError, "four corners"),
    (lambda: T.AugMix(severity=11), InputError, "severity"),
    (lambda: T.AutoAugment("best"), InputError, "best"),
    (lambda: T.RandomCrop(3)(PIXELS, generator="x"), InputTypeError, "generator"),
    (lambda: T.MixUp()(FLOATS[None], np.zeros(1, int)), InputError, "num_classes"),
    (
        lambda: T.MixUp(num_classes=2)(PIXELS[None], np.zeros(1, int)),
        TypeError,
        "uint8",
    ),
    (lambda: T.CutMix(num_classes=2)(FLOATS, np.zeros(3, int)), InputError, "batched"),
    (lambda: T.CutMix(num_classes=2)(FLOATS[None], np.array([2])), InputError, "to 2"),
]


@pytest.mark.parametrize(("call", "error", "words"), ERRORS)
def test_an_error_says_what_is_wrong(call, error, words: str) -> None:
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("mix", [T.MixUp(num_classes=3), T.CutMix(num_classes=3)])
def test_mixed_batches_keep_the_shares_of_images_and_labels(mix) -> None:
    images = np.zeros((3, 1, 16, 16), np.float32)
    images += np.arange(3, dtype=np.float32)[:, None, None, None]
    for seed in range(5):
        mixed, labels = mix(images, np.arange(3), generator=seed)
        # The mean of an image is the mean of its labels' numbers.
        np.testing.assert_allclose(
            mixed.mean((1, 2, 3)), labels @ np.arange(3), rtol=1e-5, atol=1e-5
        )
        np.testing.assert_allclose(labels.sum(1), 1, rtol=1e-6)
