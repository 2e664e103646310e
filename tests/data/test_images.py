"""Images in files and bytes, and grids of them."""

import io

import numpy as np
import pytest
from PIL import Image

from funcnet import InputError, InputTypeError
from funcnet.data import images

PIXELS = np.random.default_rng(0).integers(0, 256, (3, 5, 7), dtype=np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_png_is_read_as_it_was_written(channels: int, tmp_path) -> None:
    images.write_png(PIXELS[:channels], tmp_path / "a.png")
    result = images.read_image(tmp_path / "a.png")
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(result, PIXELS[:channels])


def test_a_jpeg_comes_near(tmp_path) -> None:
    smooth = np.tile(np.arange(0, 64, 2, np.uint8), (3, 32, 1))
    images.write_jpeg(smooth, tmp_path / "a.jpg", quality=95)
    result = images.read_image(str(tmp_path / "a.jpg")).astype(int)
    assert np.abs(result - smooth).max() <= 4
    assert len(images.encode_jpeg(smooth, 20)) < len(images.encode_jpeg(smooth, 95))


@pytest.mark.parametrize(
    ("mode", "channels"),
    [("UNCHANGED", 3), ("GRAY", 1), ("GRAY_ALPHA", 2), ("rgb", 3), ("RGBA", 4)],
)
def test_an_image_is_read_with_the_channels_asked_for(mode: str, channels: int) -> None:
    content = images.encode_png(PIXELS)
    assert images.decode_image(content, mode).shape == (channels, 5, 7)


def as_png(image: Image.Image, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def test_palettes_bits_and_shorts_are_read() -> None:
    coloured = Image.fromarray(PIXELS.transpose(1, 2, 0))
    palette = coloured.quantize(8)
    assert images.decode_image(as_png(palette)).shape == (3, 5, 7)
    assert images.decode_image(as_png(palette, transparency=0)).shape == (4, 5, 7)
    bits = images.decode_image(as_png(coloured.convert("1")))
    assert set(np.unique(bits)) <= {0, 255}
    shorts = np.arange(6, dtype=np.uint16).reshape(2, 3) * 9000
    result = images.decode_image(as_png(Image.fromarray(shorts)))
    assert result.dtype == np.uint16
    np.testing.assert_array_equal(result[0], shorts)


def test_a_camera_s_orientation_is_applied_when_asked_for() -> None:
    picture = Image.fromarray(PIXELS.transpose(1, 2, 0))
    exif = picture.getexif()
    exif[0x0112] = 6  # turned by 90 degrees
    content = as_png(picture, exif=exif)
    assert images.decode_image(content).shape == (3, 5, 7)
    turned = images.decode_image(content, apply_exif_orientation=True)
    np.testing.assert_array_equal(turned, np.rot90(PIXELS, -1, (1, 2)))


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no-such\.png"):
        images.read_image(tmp_path / "no-such.png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_a_damaged_file_is_named(kind: str, tmp_path) -> None:
    file = io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(file, kind)
    content = file.getvalue()
    path = tmp_path / f"cut.{kind.lower()}"
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(images.ImageError, match=path.name):
        images.read_image(path)


@pytest.mark.parametrize("content", [b"", b"abc", b"\x89PNG\r\n\x1a\n", bytes(100)])
def test_bytes_that_are_no_image_are_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"no image that Pillow knows|damaged"):
        images.decode_image(content)


def test_bytes_may_come_as_an_array() -> None:
    content = np.frombuffer(images.encode_png(PIXELS), np.uint8)
    np.testing.assert_array_equal(images.decode_image(content), PIXELS)
    with pytest.raises(InputTypeError, match="one-dimensional uint8"):
        images.decode_image(content.astype(np.int32))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: images.encode_png(PIXELS / 255), InputTypeError, "float64"),
        (lambda: images.encode_png(PIXELS[0]), InputError, r"\(5, 7\)"),
        (lambda: images.encode_png(PIXELS, 10), InputError, "between 0 and 9"),
        (lambda: images.encode_jpeg(PIXELS, 0), InputError, "between 1 and 100"),
        (lambda: images.decode_image(b"", "HSV"), InputError, "HSV"),
        (lambda: images.make_grid("x"), InputTypeError, "str"),
        (lambda: images.make_grid([PIXELS, PIXELS[:1]]), InputError, "same shape"),
        (lambda: images.make_grid(np.zeros(3)), InputError, "no image"),
        (
            lambda: images.make_grid(PIXELS / 255, normalize=True, value_range=[0, 1]),
            InputTypeError,
            "tuple",
        ),
    ],
)
def test_an_error_says_what_is_wrong(call, error, words: str) -> None:
    with pytest.raises(error, match=words):
        call()


def test_a_grid_has_each_image_in_its_place() -> None:
    batch = np.arange(5, dtype=np.float32)[:, None, None, None] * np.ones((1, 3, 4, 6))
    grid = images.make_grid(batch, nrow=3, padding=1, pad_value=-1)
    assert grid.shape == (3, 11, 22)
    assert grid[0, 1, 1] == 0
    assert grid[0, 1, 8] == 1
    assert grid[0, 6, 1] == 3
    assert (grid[:, 0] == -1).all()
    assert (grid[:, 6:, 15:] == -1).all()  # there is no sixth image


def test_a_grid_is_stretched_as_a_whole_or_each_image_by_itself() -> None:
    batch = np.stack([np.linspace(0, 1, 4), np.linspace(0, 10, 4)]).reshape(2, 1, 2, 2)
    whole = images.make_grid(batch, padding=0, normalize=True)
    assert whole.max() == pytest.approx(1)
    assert whole[0, :, :2].max() == pytest.approx(0.1)
    each = images.make_grid(batch, padding=0, normalize=True, scale_each=True)
    assert each[0, :, :2].max() == pytest.approx(1)
    ranged = images.make_grid(batch, padding=0, normalize=True, value_range=(0.0, 20.0))
    assert ranged.max() == pytest.approx(0.5)


def test_a_saved_grid_is_rounded_to_levels(tmp_path) -> None:
    image = np.array([0.0, 0.25, 0.5, 2.0], np.float32).reshape(1, 2, 2)
    images.save_image(image, tmp_path / "a.png")
    result = images.read_image(tmp_path / "a.png")
    assert result.shape == (3, 2, 2)
    assert result[0].ravel().tolist() == [0, 64, 128, 255]
