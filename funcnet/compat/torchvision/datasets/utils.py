"""Downloads, checksums and archives, as `torchvision.datasets.utils`."""

import os
import zipfile
from pathlib import Path

from funcnet.compat.torchvision._missing import missing
from funcnet.data.vision._download import download, md5_of
from funcnet.data.vision._files import unpack_gzip, unpack_tar

calculate_md5 = md5_of


def check_md5(fpath: str | Path, md5: str) -> bool:
    """Return whether a file has this checksum."""
    return md5_of(fpath) == md5


def check_integrity(fpath: str | Path, md5: str | None = None) -> bool:
    """Return whether a file exists and has the checksum, if one is given."""
    return os.path.isfile(fpath) and (md5 is None or check_md5(fpath, md5))


def download_url(
    url: str,
    root: str | Path,
    filename: str | None = None,
    md5: str | None = None,
    max_redirect_hops: int = 3,
) -> None:
    """Download a file into a folder, unless it exists; resume a partial download."""
    del max_redirect_hops  # urllib follows them, and knows when to stop
    path = Path(root).expanduser() / (filename or os.path.basename(url))
    if not check_integrity(path, md5):
        download((url,), path, md5)


def extract_archive(
    from_path: str | Path,
    to_path: str | Path | None = None,
    remove_finished: bool = False,
) -> str:
    """Unpack `.tar`, `.tar.*`, `.tgz`, `.zip` or `.gz`; return the folder."""
    source = Path(from_path)
    folder = source.parent if to_path is None else Path(to_path)
    result = folder
    if source.suffix == ".zip":
        with zipfile.ZipFile(source) as archive:
            archive.extractall(folder)
    elif ".tar" in source.suffixes or source.suffix in (".tgz", ".tbz", ".tbz2"):
        unpack_tar(source, folder)
    elif source.suffix == ".gz":
        result = folder / source.stem
        unpack_gzip(source, result)
    else:
        raise RuntimeError(
            f"Unknown compression or archive type: '{source.suffix}' of {source}. "
            "Known suffixes are .tar, .tar.gz, .tar.bz2, .tar.xz, .tgz, .zip and .gz."
        )
    if remove_finished:
        source.unlink()
    return os.fspath(result)


def download_and_extract_archive(
    url: str,
    download_root: str | Path,
    extract_root: str | Path | None = None,
    filename: str | None = None,
    md5: str | None = None,
    remove_finished: bool = False,
) -> None:
    """Download an archive and unpack it."""
    name = filename or os.path.basename(url)
    download_url(url, download_root, name, md5)
    archive = Path(download_root).expanduser() / name
    extract_archive(archive, extract_root or archive.parent, remove_finished)


__getattr__ = missing("datasets.utils", globals())

__all__ = [
    "calculate_md5",
    "check_integrity",
    "check_md5",
    "download_and_extract_archive",
    "download_url",
    "extract_archive",
]
