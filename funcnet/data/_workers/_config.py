"""The configuration of a loader's workers, pickled once for all of them."""

import os
import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass

import cloudpickle

from funcnet._errors import InputTypeError
from funcnet.data._datasets.dataset import IterableDataset
from funcnet.data._loader.fetcher import BatchSpec, is_stream
from funcnet.data._workers._info import HEAVY
from funcnet.data._workers._shared import pack


@dataclass(frozen=True)
class WorkerConfig:
    """What the workers of a loader do.

    Attributes:
        spec: how they make batches.
        init: the user's `worker_init_fn`.
        prelude: called before anything else is unpickled.
        seed: of the epoch that they are started in.
    """

    spec: BatchSpec
    init: Callable[[int], object] | None
    prelude: Callable[[], object] | None
    seed: int

    @property
    def shared(self) -> bool:
        """Return whether the loader shares out a stream, a batch to each worker."""
        dataset = self.spec.dataset
        return is_stream(dataset) and not isinstance(dataset, IterableDataset)


class PickledConfig:
    """A `WorkerConfig`, pickled once for all workers.

    Attributes:
        modules: those it names that take long to import.
    """

    def __init__(self, config: WorkerConfig) -> None:
        from funcnet.data._workers._process_state import dumped  # what few loaders need

        self.config = config
        try:
            result = dumped((config.spec, config.init))
        except Exception as error:
            name = type(config.spec.dataset).__name__
            raise InputTypeError(
                f"DataLoader: workers get the dataset ({name}), collate_fn and "
                "worker_init_fn by cloudpickle, which says: "
                f"{type(error).__name__}: {error}. Open connections and begin "
                "generators in __iter__ or at the first use, or use num_workers=0."
            ) from error
        first = cloudpickle.dumps(config.prelude, pickle.HIGHEST_PROTOCOL)
        named = first + (result.payload or result.process_state)
        self.modules = [
            name
            for name in HEAVY
            if _names(named, name)
            or any(_is_of(module, name) for module in result.modules)
        ]
        self._files = result.files
        payload = config.prelude, result.process_state, result.payload, result.buffers
        self._file, self._ranges = pack(payload)

    def message(self, number: int, count: int) -> tuple[tuple[object, ...], list[int]]:
        """Return the message for worker `number` of `count`, and its files."""
        identity = (number, count, self.config.seed)
        message = ("start", identity, self.config.shared, self._ranges)
        return message, [self._file, *self._files]

    def close(self) -> None:
        """Release the memory that it was packed into."""
        os.close(self._file)


def _is_of(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def _names(pickled: bytes, module: str) -> bool:
    """Return whether a pickle has a string that names this module or a part."""
    # A short string is written as 0x8c, its length, itself and, mostly, a mark.
    start = rb"\x8c." + re.escape(module.encode()) + rb"[.\x94]"
    return re.search(start, pickled, re.DOTALL) is not None
