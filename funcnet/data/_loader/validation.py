"""What a loader refuses: options, in PyTorch's words, and states of other loaders."""

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from funcnet._errors import InputError
from funcnet.data._datasets.dataset import IterableDataset


def check_options(
    *,
    stream: bool,
    batch_size: int | None,
    shuffle: bool | None,
    sampler: Any,
    batch_sampler: Any,
    drop_last: bool,
    num_workers: int,
    timeout: float,
    prefetch_factor: int | None,
    persistent_workers: bool,
) -> None:
    """Raise `InputError` for options that no loader can have together."""
    if num_workers < 0:
        raise InputError(
            "num_workers option should be non-negative; use num_workers=0 to disable "
            f"multiprocessing. (It is {num_workers}.)"
        )
    if timeout < 0:
        raise InputError(f"timeout option should be non-negative (it is {timeout}).")
    if num_workers == 0 and prefetch_factor is not None:
        raise InputError(
            "prefetch_factor option could only be specified in multiprocessing.let "
            "num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor "
            "to None."
        )
    if prefetch_factor is not None and prefetch_factor < 1:
        raise InputError(
            "prefetch_factor option should be "
            f"{'positive' if prefetch_factor == 0 else 'non-negative'} (it is "
            f"{prefetch_factor})."
        )
    if persistent_workers and num_workers == 0:
        raise InputError("persistent_workers option needs num_workers > 0")
    given = {"shuffle": shuffle or None, "sampler": sampler}
    for name, value in (given | {"batch_sampler": batch_sampler}).items():
        if stream and value is not None:
            raise InputError(
                f"DataLoader with IterableDataset: expected unspecified {name} option, "
                f"but got {name}={value}. What is read in order is shuffled where it "
                "is made."
            )
    if sampler is not None and shuffle:
        raise InputError("sampler option is mutually exclusive with shuffle")
    if batch_sampler is not None:
        if batch_size != 1 or shuffle or sampler is not None or drop_last:
            raise InputError(
                "batch_sampler option is mutually exclusive with batch_size, shuffle, "
                "sampler, and drop_last"
            )
    elif batch_size is None and drop_last:
        raise InputError(
            "batch_size=None option disables auto-batching and is mutually exclusive "
            "with drop_last"
        )


def check_length(dataset: Any, given: int) -> None:
    """Warn when a stream has given more samples than it said it has."""
    if not isinstance(dataset, IterableDataset) or not hasattr(dataset, "__len__"):
        return
    if given > len(dataset):
        warnings.warn(
            f"Length of IterableDataset {type(dataset).__name__} was reported to be "
            f"{len(dataset)}, but {given} samples have been fetched. With workers, "
            "each must take its own part: see get_worker_info.",
            stacklevel=5,
        )


def check_state(
    loader: str, state: Mapping[str, Any], own: Iterable[str], samples: int | None
) -> None:
    """Raise `InputError` for a state that is not one of this loader.

    `own` names what orders depend on, `samples` is how many an epoch has, if known.
    """
    needed = {*own, "epoch", "position"}
    if set(state) - {"stream"} != needed:
        raise InputError(
            f"{loader}: a state has {', '.join(sorted(needed))}, this one has "
            f"{', '.join(state) or 'nothing'}."
        )
    epoch, position = state["epoch"], state["position"]
    if position < 0 or epoch < 0 or (samples is not None and position > samples):
        raise InputError(
            f"{loader}: the state is at sample {position} of epoch {epoch}, but there "
            f"are {samples} samples. It was saved with other data."
        )
