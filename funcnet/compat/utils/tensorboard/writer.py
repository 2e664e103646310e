"""Writer of event files, as `torch.utils.tensorboard.writer`.

The files are written by tensorboardX, which needs neither PyTorch nor TensorFlow.
"""

import importlib
from types import TracebackType
from typing import Any, Self

from funcnet.compat._tensor.tensor import Tensor


class SummaryWriter:
    """Writer of event files into a folder, as `torch.utils.tensorboard.SummaryWriter`.

    Tensors among the arguments are written as they are at the call.

    Args:
        log_dir: the folder; None: `runs/DATE_TIME_HOST` and the comment.
        comment: added to the name of that folder.
        purge_step: what was written at this step and later is hidden.
        max_queue: so many events are kept until they are written.
        flush_secs: or so many seconds.
        filename_suffix: added to the names of the files.

    Raises:
        ImportError: tensorboardX is not installed.

    Example:
        >>> import tempfile, funcnet.compat as torch
        >>> from funcnet.compat.utils.tensorboard import SummaryWriter
        >>> with SummaryWriter(tempfile.mkdtemp()) as writer:
        ...     writer.add_scalar("loss", torch.tensor(0.5), 1)
        ...     writer.add_histogram("weight", torch.randn(100), 1)
    """

    def __init__(
        self,
        log_dir: str | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        filename_suffix: str = "",
    ) -> None:
        self._writer = _tensorboardx().SummaryWriter(
            log_dir,
            comment=comment,
            purge_step=purge_step,
            max_queue=max_queue,
            flush_secs=flush_secs,
            filename_suffix=filename_suffix,
        )
        self.log_dir: str = self._writer.logdir

    def get_logdir(self) -> str:
        """Return the folder of the event files."""
        return self.log_dir

    def add_scalar(
        self,
        tag: str,
        scalar_value: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        new_style: bool = False,
        double_precision: bool = False,
    ) -> None:
        """Write a number, in float32 and in one form, whatever is asked."""
        value = (
            scalar_value.item() if isinstance(scalar_value, Tensor) else scalar_value
        )
        self._writer.add_scalar(tag, value, global_step, walltime)

    def add_scalars(
        self,
        main_tag: str,
        tag_scalar_dict: dict[str, Any],
        global_step: int | None = None,
        walltime: float | None = None,
    ) -> None:
        """Write several numbers, which are drawn into one plot."""
        self._add("scalars", main_tag, tag_scalar_dict, global_step, walltime)

    def add_histogram(
        self,
        tag: str,
        values: Any,
        global_step: int | None = None,
        bins: str = "tensorflow",
        walltime: float | None = None,
        max_bins: int | None = None,
    ) -> None:
        """Write the histogram of an array."""
        self._add("histogram", tag, values, global_step, bins, walltime, max_bins)

    def add_image(
        self,
        tag: str,
        img_tensor: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        dataformats: str = "CHW",
    ) -> None:
        """Write an image, of numbers from 0 to 1 or of bytes."""
        self._add("image", tag, img_tensor, global_step, walltime, dataformats)

    def add_images(
        self,
        tag: str,
        img_tensor: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        dataformats: str = "NCHW",
    ) -> None:
        """Write a batch of images as one."""
        self._add("images", tag, img_tensor, global_step, walltime, dataformats)

    def add_figure(
        self,
        tag: str,
        figure: Any,
        global_step: int | None = None,
        close: bool = True,
        walltime: float | None = None,
    ) -> None:
        """Write a figure of matplotlib as an image."""
        self._add("figure", tag, figure, global_step, close, walltime)

    def add_video(
        self,
        tag: str,
        vid_tensor: Any,
        global_step: int | None = None,
        fps: float = 4,
        walltime: float | None = None,
    ) -> None:
        """Write a video `(N, T, C, H, W)`; moviepy makes it."""
        self._add("video", tag, vid_tensor, global_step, fps, walltime)

    def add_audio(
        self,
        tag: str,
        snd_tensor: Any,
        global_step: int | None = None,
        sample_rate: int = 44100,
        walltime: float | None = None,
    ) -> None:
        """Write a sound `(1, L)` of numbers from -1 to 1; soundfile makes it."""
        self._add("audio", tag, snd_tensor, global_step, sample_rate, walltime)

    def add_text(
        self,
        tag: str,
        text_string: str,
        global_step: int | None = None,
        walltime: float | None = None,
    ) -> None:
        """Write a text."""
        self._add("text", tag, text_string, global_step, walltime)

    def add_embedding(
        self,
        mat: Any,
        metadata: Any = None,
        label_img: Any = None,
        global_step: int | None = None,
        tag: str = "default",
        metadata_header: Any = None,
    ) -> None:
        """Write rows of features, with labels and images, for the projector."""
        self._add(
            "embedding", mat, metadata, label_img, global_step, tag, metadata_header
        )

    def add_pr_curve(
        self,
        tag: str,
        labels: Any,
        predictions: Any,
        global_step: int | None = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Write a curve of precision and recall."""
        self._add(
            *("pr_curve", tag, labels, predictions, global_step, num_thresholds),
            *(weights, walltime),
        )

    def add_mesh(
        self,
        tag: str,
        vertices: Any,
        colors: Any = None,
        faces: Any = None,
        config_dict: Any = None,
        global_step: int | None = None,
        walltime: float | None = None,
    ) -> None:
        """Write a mesh or a cloud of points."""
        self._add(
            *("mesh", tag, vertices, colors, faces, config_dict),
            *(global_step, walltime),
        )

    def add_hparams(
        self,
        hparam_dict: dict[str, Any],
        metric_dict: dict[str, Any],
        hparam_domain_discrete: dict[str, Any] | None = None,
        run_name: str | None = None,
        global_step: int | None = None,
    ) -> None:
        """Write settings and the metrics that they led to, into a folder of a run.

        The values that a setting may have are not written.
        """
        self._add("hparams", hparam_dict, metric_dict, run_name, global_step)

    def add_custom_scalars(self, layout: dict[str, Any]) -> None:
        """Write which numbers are drawn into which plots."""
        self._add("custom_scalars", layout)

    def add_graph(
        self,
        model: Any,
        input_to_model: Any = None,
        verbose: bool = False,
        use_strict_trace: bool = True,
    ) -> None:
        """Refuse: there is no TorchScript graph to write.

        Raises:
            NotImplementedError: always, with what to use instead.
        """
        raise NotImplementedError(
            "There is no TorchScript graph to write. Print torch.fx.symbolic_trace("
            "model).graph, or write text with add_text."
        )

    def flush(self) -> None:
        """Write what is kept."""
        self._writer.flush()

    def close(self) -> None:
        """Write what is kept, and end."""
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _add(self, what: str, *arguments: Any) -> None:
        getattr(self._writer, f"add_{what}")(*map(_on_host, arguments))


def _on_host(x: Any) -> Any:
    """An argument with numpy's arrays in place of tensors."""
    if isinstance(x, Tensor):
        return x.detach().cpu().numpy()
    if isinstance(x, dict):
        return {name: _on_host(value) for name, value in x.items()}
    if type(x) in (list, tuple):
        return type(x)([_on_host(value) for value in x])
    return x


def _tensorboardx() -> Any:
    try:
        return importlib.import_module("tensorboardX")
    except ModuleNotFoundError as error:
        raise ImportError(
            "SummaryWriter writes with tensorboardX, which is not installed: "
            "pip install tensorboardX",
            name="tensorboardX",
        ) from error


__all__ = ["SummaryWriter"]
