"""Files of weights: found, downloaded, or asked for by their name and place."""

import dataclasses
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload
from urllib.parse import urlparse

import jax
import numpy as np

from funcnet._errors import InputError
from funcnet._types import Key, Params, State
from funcnet.data.vision._download import DownloadError, download
from funcnet.models import _catalog
from funcnet.nn import Layer

if TYPE_CHECKING:
    from funcnet.checkpoint import Report

_COUNT = "num_batches_tracked"  # which files from before 2018 do not have
_DIGITS = re.compile(r"-([a-f0-9]+)\.")


def folders() -> tuple[Path, ...]:
    """Where files of weights are looked for: PyTorch's cache first."""
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    torch_home = os.environ.get("TORCH_HOME", os.path.join(cache, "torch"))
    return (Path(torch_home).expanduser() / "hub" / "checkpoints",)


def weights_file(
    url: str,
    places: Sequence[Path] = (),
    *,
    progress: bool = True,
    check_hash: bool = True,
) -> Path:
    """Return the path of a file of weights; download it where it is nowhere.

    Looked for in `places`, or else PyTorch's cache of downloads, and in
    `$FUNCNET_HOME/checkpoints`.

    Args:
        url: its address.
        places: folders; a download goes to the first one.
        progress: show how far the download is.
        check_hash: compare a download with the digits in the file's name.

    Raises:
        InputError: the file is nowhere and cannot be downloaded, or it is damaged.
    """
    name = os.path.basename(urlparse(url).path)
    searched = list(places or folders())
    if "FUNCNET_HOME" in os.environ:
        searched.append(Path(os.environ["FUNCNET_HOME"]).expanduser() / "checkpoints")
    for folder in searched:
        if (folder / name).exists():
            return folder / name
    digits = _DIGITS.search(name) if check_hash else None
    path = searched[0] / name
    try:
        download((url,), path, sha256=digits[1] if digits else None, progress=progress)
    except DownloadError as error:
        also = "".join(f", or into {folder}" for folder in searched[1:])
        raise InputError(
            f"the weights {name} are not there and could not be downloaded. Fetch "
            f"{url} and put it into {searched[0]}{also}. ({error})"
        ) from error
    return path


def read(url: str, *, progress: bool = True, check_hash: bool = True) -> dict[str, Any]:
    """The arrays of a file of weights by name, as numpy arrays."""
    from funcnet import checkpoint

    path = weights_file(url, progress=progress, check_hash=check_hash)
    arrays: dict[str, Any] = checkpoint.load(path)
    return arrays


@overload
def load(
    model: Layer, weights: Any, *, strict: Literal[True] = True
) -> tuple[Params, State]: ...


@overload
def load(
    model: Layer, weights: Any, *, strict: Literal[False], key: Key
) -> tuple[tuple[Params, State], "Report"]: ...


def load(
    model: Layer, weights: Any, *, strict: bool = True, key: Key | None = None
) -> Any:
    """Return a network's `(params, state)` with trained weights.

    Weights of the enumerations are looked for in PyTorch's cache of downloads and in
    `$FUNCNET_HOME/checkpoints`, and downloaded where they are in neither.

    Args:
        model: the network; also one with a new head, or `nn.Frozen`.
        weights: a member of its enumeration, such as `ResNet18_Weights.DEFAULT`, or the
            path of a file.
        strict: raise where the file does not fit the network. False takes the arrays
            of the same name, shape and dtype, draws the others, and returns
            `((params, state), report)`: what was loaded, missing, unexpected or of
            another shape.
        key: what is not in the file is drawn with; needed where `strict` is False.

    Raises:
        InputError: the file is nowhere and cannot be downloaded, or `key` is needed.
        CheckpointError: it does not fit the network.

    Example:
        >>> import os, tempfile, jax
        >>> from funcnet import checkpoint, models, nn
        >>> net = nn.Sequential(body=nn.Linear(4, 8), head=nn.Linear(8, 10))
        >>> path = os.path.join(tempfile.mkdtemp(), "net.pth")
        >>> checkpoint.save(path, net.init(jax.random.key(0))[0])
        >>> small = net.replace(head=nn.Linear(8, 2))
        >>> (params, state), report = models.load(
        ...     small, path, strict=False, key=jax.random.key(1)
        ... )
        >>> report.loaded, sorted(report.mis_shaped)
        (('body.bias', 'body.weight'), ['head.bias', 'head.weight'])
    """
    is_path = isinstance(weights, str | os.PathLike)
    path = Path(weights) if is_path else weights_file(weights.url)
    if strict:
        return _restored(path, jax.eval_shape(model.init, jax.random.key(0)), True)[0]
    if key is None:
        raise InputError(
            "load: with strict=False what is not in the file is drawn anew; give a "
            "key: models.load(model, weights, strict=False, key=jax.random.key(0))."
        )
    return _restored(path, model.init(key), False)


def _restored(path: Path, like: Any, strict: bool) -> tuple[Any, "Report"]:
    """The arrays of a file under their names today, in the structure of `like`."""
    from funcnet.checkpoint._file import error_path
    from funcnet.checkpoint._flat_names import flat_names
    from funcnet.checkpoint._formats import read_document
    from funcnet.checkpoint._template import restore

    wanted = {
        ".".join(str(getattr(step, "key", step)) for step in where[1:]): leaf
        for where, leaf in jax.tree_util.tree_leaves_with_path(like)
    }
    with error_path(path), read_document(path) as document:
        names = flat_names(document.leaves)
        leaves = {}
        for step, leaf in document.leaves.items():
            now = _catalog.name_today(names[step], wanted)
            leaves[step if now == names[step] else tuple(now.split("."))] = leaf
        counted = any(name.endswith(_COUNT) for name in names.values())
        for name, leaf in {} if counted else wanted.items():
            if name.endswith(_COUNT):
                leaves[tuple(name.split("."))] = np.zeros(leaf.shape, leaf.dtype)
        document = dataclasses.replace(document, leaves=leaves)
        return restore(document, like, strict, None)
