"""Learning curves as an image."""

from pathlib import Path
from typing import Any

from funcnet._errors import InputError
from funcnet.train._records import Record

_COLORS = {"train": "#8a8f98", "test": "#0b6bcb"}


def plot_history(history: list[Record], path: str | Path) -> None:
    """Draw the loss and each metric over the epochs and save the image.

    A curve that falls by more than a factor of twenty gets a logarithmic scale.

    Args:
        history: the records that `fit` returns.
        path: of the image; its suffix determines the format.

    Raises:
        InputError: matplotlib is not installed, or the history is empty.

    Example:
        >>> import os, tempfile
        >>> path = os.path.join(tempfile.mkdtemp(), "curves.png")
        >>> plot_history([{"epoch": 1, "train_loss": 0.9}], path)
        >>> os.path.exists(path)
        True
    """
    if not history:
        raise InputError("there are no epochs to draw.")
    names = dict.fromkeys(
        name.partition("_")[2] for name in history[0] if name.startswith("train_")
    )
    figure, axes = new_figure(len(names))
    for axis, name in zip(axes, names, strict=True):
        for split, color in _COLORS.items():
            if f"{split}_{name}" in history[0]:
                _draw(axis, history, f"{split}_{name}", split, color)
        axis.set_title(name.replace("_", " "), loc="left", fontweight="bold")
        axis.set_xlabel("epoch")
        axis.legend(frameon=False)
    figure.savefig(path)


def _draw(axis: Any, history: list[Record], name: str, split: str, color: str) -> None:
    """Draw one curve; the legend has its last value."""
    epochs = [record["epoch"] for record in history]
    values = [record[name] for record in history]
    marker = "o" if len(values) < 3 else None
    label = f"{split}  {values[-1]:.4f}"
    axis.plot(epochs, values, color=color, linewidth=1.8, marker=marker, label=label)
    if 0 < 20 * min(values) < max(values):
        axis.set_yscale("log")


def new_figure(panels: int, height: float = 3.6) -> tuple[Any, list[Any]]:
    """Make an empty figure of some panels beside each other.

    Raises:
        InputError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure  # no window, no global state
    except ImportError:
        raise InputError(
            "pictures need matplotlib. Install it: pip install 'funcnet[plots]'."
        ) from None
    figure = Figure(figsize=(4.8 * panels, height), dpi=144, layout="constrained")
    axes: list[Any] = [figure.add_subplot(1, panels, i + 1) for i in range(panels)]
    for axis in axes:
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25, linewidth=0.6)
    return figure, axes
