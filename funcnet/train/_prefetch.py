"""Prefetching: batches are copied to the device while the last ones are trained on."""

import queue
import threading
from collections.abc import Iterable, Iterator, Mapping, Sized
from typing import Any, NamedTuple

import jax
import numpy as np

from funcnet._errors import InputError


class prefetch_to_device:  # noqa: N801, called like a function
    """Prefetch batches to a device, in a thread: an iterable of them.

    While a step runs on the device the next batches are loaded and copied. The thread
    also works ahead of a loop that waits for each step, as one that prints its loss.

    Args:
        batches: a loader, or any iterable of batches; each `for` is one epoch.
        device: a device or sharding; JAX's default one.
        depth: number of batches that wait on the device, each in its memory.

    Its `state_dict` is that of the loader at the batch yielded last, not at the one
    loaded last, so it can be saved and resumed in mid-epoch.

    Raises:
        InputError: `depth` is not positive.

    Example:
        >>> from funcnet import data
        >>> loader = data.ArrayLoader(data.digits("test"), 100, shuffle=False)
        >>> ahead = prefetch_to_device(loader)
        >>> images, labels = next(iter(ahead))
        >>> type(images).__name__, images.shape, ahead.state_dict()["position"]
        ('ArrayImpl', (100, 1, 8, 8), 100)
    """

    def __init__(
        self,
        batches: Iterable[Any],
        device: jax.Device | jax.sharding.Sharding | None = None,
        depth: int = 2,
    ) -> None:
        if depth < 1:
            raise InputError(
                f"prefetch_to_device: depth is {depth}, at least 1 is needed."
            )
        self.batches, self.device, self.depth = batches, device, depth
        self._state: Any = None

    def __iter__(self) -> Iterator[Any]:
        waiting: queue.Queue[_Item] = queue.Queue(self.depth)
        stop = threading.Event()
        thread = threading.Thread(target=self._load, args=(waiting, stop), daemon=True)
        thread.start()
        try:
            while True:
                item = waiting.get()
                self._state = item.state
                if item.error is not None:
                    raise item.error
                if item.ended:
                    return
                yield item.batch
        finally:
            stop.set()
            thread.join(_PATIENCE)

    def __len__(self) -> int:
        """The number of batches in an epoch, where the loader knows it."""
        if not isinstance(self.batches, Sized):
            raise TypeError(f"{type(self.batches).__name__} has no length")
        return len(self.batches)

    def state_dict(self) -> dict[str, Any]:
        """The state of the loader at the batch that was yielded last."""
        return self._state or self.batches.state_dict()  # type: ignore[attr-defined]

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Resume from a `state_dict`."""
        self._state = None
        self.batches.load_state_dict(state)  # type: ignore[attr-defined]

    def _load(self, waiting: "queue.Queue[_Item]", stop: threading.Event) -> None:
        try:
            for batch in self.batches:
                ready = _put(batch, self.device)
                if not _hand_over(_Item(self._now(), ready), waiting, stop):
                    return
            _hand_over(_Item(self._now(), ended=True), waiting, stop)
        except BaseException as error:  # which the loop raises
            _hand_over(_Item(self._now(), error=error), waiting, stop)

    def _now(self) -> Any:
        state = getattr(self.batches, "state_dict", None)
        return None if state is None else state()


_PATIENCE = 5.0  # seconds to wait for the thread to end


class _Item(NamedTuple):
    """An item of the queue: a batch, the end or an error; and the loader's state."""

    state: Any
    batch: Any = None
    ended: bool = False
    error: BaseException | None = None


def _hand_over(
    item: _Item, waiting: "queue.Queue[_Item]", stop: threading.Event
) -> bool:
    """Wait until there is room; return whether the item is still wanted."""
    while not stop.is_set():
        try:
            waiting.put(item, timeout=0.05)
        except queue.Full:
            continue
        return True
    return False


def _put(batch: Any, device: Any) -> Any:
    """The arrays of a batch on the device; strings stay on the host."""
    leaves, structure = jax.tree.flatten(batch)
    indices = [
        index
        for index, leaf in enumerate(leaves)
        if isinstance(leaf, jax.Array)
        or (isinstance(leaf, np.ndarray | np.generic) and leaf.dtype.kind not in "SUO")
    ]
    moved = jax.device_put([leaves[index] for index in indices], device)
    for index, leaf in zip(indices, moved, strict=True):
        leaves[index] = leaf
    return jax.tree.unflatten(structure, leaves)
