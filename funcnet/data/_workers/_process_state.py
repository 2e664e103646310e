"""The script's process as its workers find it: what a fork of it would have.

Workers come from a process that has never run the script, since a process that runs JAX
cannot be forked. What the script has set up goes to them with the dataset: what its own
modules and their classes hold, the switches of libraries, the settings of the process.
It is taken when workers are started, as by a fork.
"""

import io
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from funcnet.data._workers import _libraries, _process_settings, _script_modules
from funcnet.data._workers._pickling import ByValue, Pickler
from funcnet.data._workers._primitives import Sending, arrived


class ProcessState:
    """What is set up here; when it is unpickled, it is set up there."""

    def __init__(self, own: list[_script_modules.State], met: set[str]) -> None:
        self._own, self._libraries = own, _libraries.changes(met)
        self._settings = _process_settings.settings()

    def __reduce__(self) -> Any:
        return _set_up, (self._settings, self._libraries, self._own)


def _set_up(settings: Any, libraries: Any, own: Any) -> list[str]:
    """Set up this process; return what the script has and this process lacks."""
    _process_settings.restore(settings)
    _libraries.restore(libraries)
    return _script_modules.restore(own)


@dataclass
class Dumped:
    """Something pickled for workers.

    Attributes:
        world: the pickle of the world that it belongs to, with it or without.
        thing: its own pickle, where it is not in that of the world.
        buffers: what was left out of the pickles.
        files: the open files that go with them.
        modules: the names of modules that workers will import.
    """

    process_state: bytes
    payload: bytes
    modules: set[str]
    buffers: list[pickle.PickleBuffer] = field(default_factory=list)
    files: list[int] = field(default_factory=list)


def dumped(payload: Any) -> Dumped:
    """Pickle something for workers, with the world that it belongs to."""
    with ByValue(), Sending() as sending:
        result = Dumped(b"", b"", set(), files=sending.files)
        result.payload, pickler = _pickled(payload, result.buffers)
        met = result.modules = pickler.libraries
        if not pickler.modules:
            result.process_state = _pickled(ProcessState([], met))[0]
            return result
        # What modules hold may be in the dataset, too, and is to be the same there.
        process_state = ProcessState(_script_modules.states(pickler.modules, met), met)
        result.buffers.clear()
        result.files.clear()
        result.process_state = _pickled((process_state, payload), result.buffers)[0]
        result.payload = b""
        return result


def _pickled(
    payload: Any, buffers: list[pickle.PickleBuffer] | None = None
) -> tuple[bytes, Pickler]:
    file = io.BytesIO()
    pickler = Pickler(file, None if buffers is None else buffers.append)
    pickler.dump(payload)
    return file.getvalue(), pickler


def loaded(
    process_state: Any, payload: Any, buffers: Any, files: Sequence[int]
) -> tuple[Any, list[str]]:
    """What was dumped, in a process that has become part of its world.

    And what it has in the script's process and lacks here.
    """
    arrived[:] = files
    try:
        if payload:
            lost = pickle.loads(process_state)
            return pickle.loads(payload, buffers=buffers), lost
        lost, result = pickle.loads(process_state, buffers=buffers)
        return result, lost
    finally:
        arrived.clear()
