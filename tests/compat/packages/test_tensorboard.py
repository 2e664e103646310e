"""SummaryWriter: event files that hold what was added, read back record by record."""

import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboardX.proto.event_pb2 import Event

import funcnet.compat as torch
from funcnet.compat.utils.tensorboard import SummaryWriter


def events(folder: Path) -> list[Any]:
    """The values of all event files below a folder, in order."""
    result = []
    for path in sorted(folder.rglob("events.*")):
        data = path.read_bytes()
        at = 0
        while at < len(data):
            (length,) = struct.unpack("<Q", data[at : at + 8])
            event = Event.FromString(data[at + 12 : at + 12 + length])
            result += [(event.step, value) for value in event.summary.value]
            at += length + 16
    return result


def test_numbers_are_kept_with_their_steps(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        assert writer.get_logdir() == str(tmp_path)
        for step in range(3):
            loss = torch.tensor(0.5, requires_grad=True) * step
            writer.add_scalar("loss", loss, step, new_style=True)
    found = [(step, value.tag, value.simple_value) for step, value in events(tmp_path)]
    assert found == [(0, "loss", 0.0), (1, "loss", 0.5), (2, "loss", 1.0)]


def test_an_image_keeps_its_pixels(tmp_path: Path) -> None:
    import io

    from PIL import Image

    picture = torch.arange(12).reshape(3, 2, 2) / 12
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_image("picture", picture, 4)
    ((step, value),) = events(tmp_path)
    decoded = np.asarray(Image.open(io.BytesIO(value.image.encoded_image_string)))
    wanted = (picture * 255).to(torch.uint8).permute(1, 2, 0).numpy()
    assert step == 4
    np.testing.assert_array_equal(decoded, wanted)


def test_a_histogram_counts_all_values(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_histogram("weight", torch.randn(100), 1)
    ((_, value),) = events(tmp_path)
    assert value.histo.num == 100
    assert sum(value.histo.bucket) == 100


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("add_scalars", ("losses", {"a": torch.tensor(1.0), "b": 2.0}, 1)),
        ("add_images", ("batch", torch.rand(2, 3, 4, 4), 1)),
        ("add_text", ("note", "hello", 1)),
        ("add_pr_curve", ("curve", torch.tensor([0, 1, 1]), torch.rand(3), 1)),
        ("add_mesh", ("mesh", torch.rand(1, 5, 3))),
        ("add_hparams", ({"lr": 0.1}, {"accuracy": torch.tensor(0.9)})),
    ],
)
def test_what_scripts_add_is_written(
    tmp_path: Path, method: str, arguments: tuple[Any, ...]
) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        getattr(writer, method)(*arguments)
    assert events(tmp_path)


def test_a_graph_is_refused(tmp_path: Path) -> None:
    with (
        SummaryWriter(str(tmp_path)) as writer,
        pytest.raises(NotImplementedError, match=r"torch\.fx\.symbolic_trace"),
    ):
        writer.add_graph(torch.nn.Linear(2, 3), torch.ones(1, 2))


def test_without_tensorboardx_the_import_works_and_the_writer_says_what_to_do() -> None:
    code = (
        "import sys; sys.modules['tensorboardX'] = None\n"
        "from funcnet.compat.utils.tensorboard import SummaryWriter\n"
        "try:\n"
        "    SummaryWriter()\n"
        "except ImportError as error:\n"
        "    print(error)"
    )
    out = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert out.strip().endswith("pip install tensorboardX")
