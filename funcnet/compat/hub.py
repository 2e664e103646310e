"""Downloads of weights and models, as `torch.hub`.

Nothing is downloaded but what a script asks for: a file by its address. Code of other
repositories is loaded from folders that are there already.
"""

import hashlib
import importlib
import importlib.util
import os
import re
import shutil
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NoReturn
from urllib.parse import urlparse

from tqdm import tqdm

from funcnet.compat._messages.unsupported import missing
from funcnet.compat.serialization import load as _load_file

HASH_REGEX: Final = re.compile(r"-([a-f0-9]*)\.")
"""The first digits of a file's SHA256, as its name has them."""

READ_DATA_CHUNK: Final = 128 * 1024
_hub_dir: str | None = None


def _get_torch_home() -> str:
    cache = os.getenv("XDG_CACHE_HOME", "~/.cache")
    return os.path.expanduser(os.getenv("TORCH_HOME", os.path.join(cache, "torch")))


def get_dir() -> str:
    """Return the folder of downloaded files.

    That of `set_dir`, or `$TORCH_HOME/hub`, or `$XDG_CACHE_HOME/torch/hub`, or
    `~/.cache/torch/hub`: PyTorch's own, so that files which it left are found.
    """
    return _hub_dir if _hub_dir is not None else os.path.join(_get_torch_home(), "hub")


def set_dir(d: str | os.PathLike[str]) -> None:
    """Set the folder of downloaded files."""
    global _hub_dir
    _hub_dir = os.path.expanduser(os.fspath(d))


# --- files ----------------------------------------------------------------------------


def download_url_to_file(
    url: str, dst: str, hash_prefix: str | None = None, progress: bool = True
) -> None:
    """Download a file, as `torch.hub.download_url_to_file`.

    Args:
        url: its address.
        dst: where it goes, under this name once it is whole.
        hash_prefix: the first digits of its SHA256, to be checked.
        progress: show how far it is, on the standard error.

    Raises:
        RuntimeError: it has another hash.
    """
    target = Path(dst).expanduser()
    request = urllib.request.Request(url, headers={"User-Agent": "torch.hub"})
    digest = hashlib.sha256()
    with urllib.request.urlopen(request) as source:
        size = source.headers.get("Content-Length")
        handle, part = tempfile.mkstemp(".partial", target.name, target.parent)
        try:
            bar = tqdm(
                total=int(size) if size else None,
                disable=not progress,
                unit="B",
                unit_scale=True,
                unit_divisor=1024,
            )
            with os.fdopen(handle, "wb") as file, bar:
                while chunk := source.read(READ_DATA_CHUNK):
                    file.write(chunk)
                    digest.update(chunk)
                    bar.update(len(chunk))
            result = digest.hexdigest()
            if hash_prefix is not None and not result.startswith(hash_prefix):
                raise RuntimeError(
                    f'invalid hash value (expected "{hash_prefix}", got "{result}")'
                )
            shutil.move(part, target)
        finally:
            Path(part).unlink(missing_ok=True)


def load_state_dict_from_url(
    url: str,
    model_dir: str | None = None,
    map_location: Any = None,
    progress: bool = True,
    check_hash: bool = False,
    file_name: str | None = None,
    weights_only: bool = True,
) -> dict[str, Any]:
    """Download and load a file, as `torch.hub.load_state_dict_from_url`.

    It is downloaded unless the file is in `model_dir` already.

    Args:
        url: its address.
        model_dir: the folder for the file; `get_dir()/checkpoints` by default.
        map_location: see `torch.load`.
        progress: show how far the download is.
        check_hash: the name of the file ends with the first digits of its SHA256.
        file_name: of the file; the last part of the address by default.
        weights_only: see `torch.load`; PyTorch has False here, which would run what
            the file says.
    """
    folder = Path(model_dir or os.path.join(get_dir(), "checkpoints"))
    folder.mkdir(parents=True, exist_ok=True)
    name = file_name or os.path.basename(urlparse(url).path)
    path = folder / name
    if not path.exists():
        print(f'Downloading: "{url}" to {path}', file=sys.stderr)
        result = HASH_REGEX.search(name) if check_hash else None
        download_url_to_file(url, str(path), result and result[1], progress)
    if _is_zip_around_one(path):
        with zipfile.ZipFile(path) as archive:
            path = Path(archive.extract(archive.infolist()[0], folder))
    loaded: dict[str, Any] = _load_file(
        str(path), map_location=map_location, weights_only=weights_only
    )
    return loaded


def _is_zip_around_one(path: Path) -> bool:
    """Return whether a file is a zip archive of one file, and not one of torch."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        files = archive.infolist()
    return len(files) == 1 and not files[0].filename.endswith("/data.pkl")


# --- models ---------------------------------------------------------------------------


def load(
    repo_or_dir: str,
    model: str,
    *args: object,
    source: str = "github",
    trust_repo: bool | str = "check",
    force_reload: bool = False,
    verbose: bool = True,
    skip_validation: bool = False,
    **kwargs: object,
) -> Any:
    """Call an entry point of a folder's `hubconf.py`, as `torch.hub.load`.

    Its code may say `import torch`: call `funcnet.compat.install()` before.

    Raises:
        ValueError: `source` is neither "github" nor "local".
        RuntimeError: there is no such entry point.
        NotImplementedError: `source="github"`: code is not downloaded.
    """
    folder = _folder(repo_or_dir, source.lower())
    return _entry(folder, model)(*args, **kwargs)


def list(
    github: str,
    force_reload: bool = False,
    skip_validation: bool = False,
    trust_repo: bool | str = "check",
    verbose: bool = True,
    *,
    source: str | None = None,
) -> Any:
    """Return the entry points of a folder with a `hubconf.py`, as `torch.hub.list`."""
    module = _hubconf(_folder(github, source or _guess(github)))
    return [
        name
        for name, result in vars(module).items()
        if callable(result) and not name.startswith("_")
    ]


def help(
    github: str,
    model: str,
    force_reload: bool = False,
    skip_validation: bool = False,
    trust_repo: bool | str = "check",
    *,
    source: str | None = None,
) -> str | None:
    """Return the docstring of an entry point of a folder, as `torch.hub.help`."""
    result: str | None = _entry(
        _folder(github, source or _guess(github)), model
    ).__doc__
    return result


def _guess(name: str) -> str:
    return "local" if os.path.isdir(name) else "github"


def _folder(name: str, source: str) -> Path:
    if source not in ("github", "local"):
        raise ValueError(
            f'Unknown source: "{source}". Allowed values: "github" | "local".'
        )
    if source == "github":
        _no_code(name)
    return Path(name).expanduser()


def _no_code(name: str) -> NoReturn:
    address = name.partition(":")[0]
    raise NotImplementedError(
        f"torch.hub: code is not downloaded here. Clone the repository {address!r} of "
        "GitHub yourself and give its folder: torch.hub.load(folder, ..., "
        'source="local").'
    )


def _entry(folder: Path, name: str) -> Callable[..., Any]:
    if not isinstance(name, str):
        raise ValueError("Invalid input: model should be a string of function name")
    module = _hubconf(folder)
    lacks = [
        one
        for one in getattr(module, "dependencies", None) or []
        if one not in ("torch", "torchvision") and importlib.util.find_spec(one) is None
    ]
    if lacks:
        raise RuntimeError(f"Missing dependencies: {', '.join(lacks)}")
    result = getattr(module, name, None)
    if result is None or not callable(result):
        raise RuntimeError(f"Cannot find callable {name} in hubconf")
    return result


def _hubconf(folder: Path) -> ModuleType:
    with _on_path(str(folder)):
        spec = importlib.util.spec_from_file_location("hubconf", folder / "hubconf.py")
        assert spec is not None, "a file of Python"
        assert spec.loader is not None, "a file of Python"
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


@contextmanager
def _on_path(folder: str) -> Any:
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "hub")


__all__ = [
    "download_url_to_file",
    "get_dir",
    "help",
    "list",
    "load",
    "load_state_dict_from_url",
    "set_dir",
]
