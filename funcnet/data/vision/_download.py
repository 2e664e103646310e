"""Files from the network: resumed where they broke off, whole or not there at all."""

import hashlib
import http.client
import os
import urllib.error
import urllib.request
from pathlib import Path

__all__ = ["DownloadError", "download"]

_CHUNK = 1 << 16
_TRIES = 3
_SECONDS = 30  # without a byte
_USER_AGENT = "funcnet"


class DownloadError(RuntimeError):
    """A file could not be had from any of its addresses, or is not the right one."""


def download(
    urls: tuple[str, ...],
    path: str | os.PathLike[str],
    md5: str | None = None,
    *,
    sha256: str | None = None,
    progress: bool = True,
) -> None:
    """Fetch a file to a path, from the first address that has it.

    What has arrived is kept in `path + ".part"` and gone on with at the next call;
    the file appears under its name only when it is whole and its checksum is right.
    A progress bar is shown on a terminal.

    Args:
        urls: addresses of the same file.
        md5: checksum of the whole file; None takes what comes.
        sha256: the first digits of the file's SHA256; None takes what comes.
        progress: show the bar, where there is a terminal.

    Raises:
        DownloadError: no address has it, or what came has another checksum.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    failures = []
    for url in urls:
        try:
            _fetch(url, part, progress)
        except (OSError, http.client.HTTPException, ValueError) as error:
            failures.append(f"{url}: {error}")
            continue
        wrong = _wrong(part, md5, sha256)
        if not wrong:
            os.replace(part, path)
            return
        part.unlink()
        failures.append(f"{url}: {wrong}")
    raise DownloadError(
        f"{path.name} could not be downloaded. Fetch it by other means and put it into "
        f"{path.parent}. Tried:\n  " + "\n  ".join(failures)
    )


def _wrong(part: Path, md5: str | None, sha256: str | None) -> str:
    """What is wrong with a whole file's checksums; nothing gives an empty string."""
    if md5 is not None and (result := md5_of(part)) != md5:
        return f"its MD5 is {result}, it must be {md5}"
    if sha256 is not None:
        with part.open("rb") as file:
            result = hashlib.file_digest(file, "sha256").hexdigest()
        if not result.startswith(sha256):
            return f"its SHA256 is {result}, it must begin with {sha256}"
    return ""


def md5_of(path: str | os.PathLike[str]) -> str:
    """Return the MD5 checksum of a file, as hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(
            file, lambda: hashlib.md5(usedforsecurity=False)
        ).hexdigest()


def _fetch(url: str, part: Path, progress: bool) -> None:
    """Append what is missing to a file; a connection that broke is tried again."""
    for attempt in range(_TRIES):
        try:
            _append(url, part, progress)
            return
        except urllib.error.HTTPError:
            raise
        except (OSError, http.client.HTTPException):
            if attempt == _TRIES - 1:
                raise


def _append(url: str, part: Path, progress: bool) -> None:
    from tqdm import tqdm

    had = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": _USER_AGENT}
    if had:
        headers["Range"] = f"bytes={had}-"
    request = urllib.request.Request(url, headers=headers)
    try:
        response = urllib.request.urlopen(request, timeout=_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == 416 and had:  # nothing is left to send
            return
        raise
    with response:
        goes_on = response.status == 206
        had = had if goes_on else 0
        left = response.headers.get("Content-Length")
        total = None if left is None else had + int(left)
        bar = tqdm(
            total=total,
            initial=had,
            unit="B",
            unit_scale=True,
            desc=part.stem,
            disable=None if progress else True,
        )
        with bar, part.open("ab" if goes_on else "wb") as file:
            while chunk := response.read(_CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
                had += len(chunk)
    if total is not None and had < total:
        raise http.client.IncompleteRead(b"", total - had)
