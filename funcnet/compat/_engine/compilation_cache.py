"""Compiled programs on disk, so that a script that ran before starts at once.

It is JAX's own persistent cache, in the user's cache folder. `FUNCNET_CACHE` names
another folder, or is "off"; a folder that was set for JAX itself is left as it is.
"""

import functools
import hashlib
import os
import platform
from pathlib import Path
from typing import Final

import jax

# Programs that compile faster are not worth a file.
_LEAST_SECONDS: Final = 0.3


@functools.cache
def open_cache() -> Path | None:
    """Let JAX keep what it compiles, and tell where; None if it does not."""
    if jax.config.jax_compilation_cache_dir is not None:
        return Path(jax.config.jax_compilation_cache_dir)
    folder = _folder()
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    if not os.access(folder, os.W_OK):
        return None
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", _LEAST_SECONDS)
    return folder


def _folder() -> Path | None:
    wanted = os.environ.get("FUNCNET_CACHE", "")
    if wanted.lower() in ("off", "0", "none"):
        return None
    if wanted:
        return Path(wanted).expanduser()
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "funcnet" / f"xla-{_processor()}"


def _processor() -> str:
    """Tells processors apart: a program may use what another one lacks."""
    words = platform.machine() + platform.processor()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        words += next(line for line in lines if line.startswith(("flags", "Features")))
    except (OSError, StopIteration):
        pass
    return hashlib.sha256(words.encode()).hexdigest()[:12]
