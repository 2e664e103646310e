"""Write a file whole or not at all: every writer of checkpoints goes through here."""

import errno
import os
import stat
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_SECONDS = 0.02  # between two flushes; small files are written in less


@contextmanager
def writing(path: str | os.PathLike[str], size: int = 0) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when the block ends without error.

    What is written goes to a hidden file in the same folder (`file.name`), which is
    flushed to the disk and then renamed. After an error the old file is as it was and
    the hidden one is gone; a process that is killed leaves the old file or the new
    one. The old file's permissions are kept, links are followed, and what is no file
    (a pipe, a device) is written as it is.

    Args:
        path: the file.
        size: about how many bytes will be written, if that is known. The disk sets
            them aside at once: it is faster, and a full disk is noticed at the start.

    Raises:
        OSError: the folder is missing or cannot be written, or the disk is full; of
            the class and number that the system gave.

    Example:
        >>> import tempfile
        >>> path = os.path.join(tempfile.mkdtemp(), "a.bin")
        >>> with writing(path) as file:
        ...     _ = file.write(b"whole")
        >>> open(path, "rb").read()
        b'whole'
    """
    target = Path(os.path.realpath(path))
    mode = _mode(target)
    if mode is not None and not stat.S_ISREG(mode):
        with open(target, "wb") as file:  # a folder raises here, as it should
            yield file
        return
    # Names have at most 255 bytes; the longest ones are cut.
    start = os.fsdecode(os.fsencode(target.name)[:200])
    temporary = target.with_name(f".{start}.{uuid.uuid4().hex[:8]}.tmp")
    renamed = False
    try:
        with _telling(path, temporary), open(temporary, "xb") as file:
            if mode is not None:
                os.chmod(temporary, stat.S_IMODE(mode))
            if size:
                _set_aside(file.fileno(), size)
            with _flushing(file.fileno()):
                yield file
            file.truncate() if size else file.flush()
            os.fsync(file.fileno())
        with _telling(path, temporary), _freeing_later(target):
            os.replace(temporary, target)
        renamed = True
    finally:
        if not renamed:
            temporary.unlink(missing_ok=True)
    _flush_folder(target.parent)


def _mode(target: Path) -> int | None:
    try:
        return target.stat().st_mode
    except FileNotFoundError:
        return None


def _set_aside(descriptor: int, size: int) -> None:
    """Reserve room on the disk, where the system and the disk can."""
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(descriptor, 0, size)
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
                raise


@contextmanager
def _telling(path: str | os.PathLike[str], temporary: Path) -> Iterator[None]:
    """Make errors of the system name the file that was given, and its state."""
    try:
        yield
    except OSError as error:
        ours = error.filename in (None, str(temporary))
        if not ours or error.errno is None:
            raise
        raise OSError(
            error.errno,
            f"{os.strerror(error.errno)}; nothing was saved, and what was there before "
            "is unchanged",
            os.fspath(path),
        ) from error


@contextmanager
def _flushing(descriptor: int) -> Iterator[None]:
    """Flush to the disk while more is computed and written.

    With one fsync at the end, a save of 240 MB took a fifth longer.
    """
    done, errors = threading.Event(), []
    flush = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync

    def run() -> None:
        try:
            while not done.wait(_SECONDS):
                flush(descriptor)
        except OSError as error:
            # The system reports an error of the disk once, and not again at the last
            # fsync.
            errors.append(error)

    flusher = threading.Thread(target=run, name="funcnet-flush", daemon=True)
    running = _started(flusher)
    try:
        yield
    finally:
        done.set()
        if running:
            flusher.join()
    if errors:
        raise errors[0]


def _started(thread: threading.Thread) -> bool:
    """Start a thread; not when the interpreter ends, as in a function of `atexit`."""
    try:
        thread.start()
    except RuntimeError:
        return False
    return True


@contextmanager
def _freeing_later(target: Path) -> Iterator[None]:
    """Free the disk and the memory of the old file in another thread.

    For 240 MB that takes a quarter of the time of a save. The system does it when
    no process has the file open any more.
    """
    try:
        old = os.open(target, os.O_RDONLY) if os.name == "posix" else None
    except OSError:  # there is none, or it may not be read
        old = None
    try:
        yield
    finally:
        if old is not None:
            free = threading.Thread(target=os.close, args=(old,), name="funcnet-free")
            if not _started(free):
                os.close(old)


def _flush_folder(folder: Path) -> None:
    """Make the renaming itself survive a power failure, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
