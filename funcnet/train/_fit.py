"""The loop around the training step."""

import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import optax

from funcnet._types import Key, Params, State
from funcnet.nn import Layer
from funcnet.optim import ReduceLROnPlateau
from funcnet.train._interrupt import Interrupt
from funcnet.train._labels import check_labels
from funcnet.train._metrics import evaluate
from funcnet.train._objective import Batch, LossFunction, MetricFunctions
from funcnet.train._records import OnEpoch, Record, Run
from funcnet.train._state import TrainState
from funcnet.train._step import Augment, eval_step, train_step

_log = logging.getLogger("funcnet.train")


def fit(
    model: Layer,
    loss_fn: LossFunction,
    optimizer: optax.GradientTransformation,
    data: Iterable[Batch],
    key: Key,
    *,
    epochs: int,
    test_data: Iterable[Batch] | None = None,
    metrics: MetricFunctions | None = None,
    accumulate: int = 1,
    augment: Augment | None = None,
    start: tuple[Params, State] | None = None,
    folder: str | Path | None = None,
    resume: bool = False,
    monitor: str | None = None,
    mode: str = "min",
    plateau: ReduceLROnPlateau | None = None,
    on_epoch: OnEpoch | None = None,
    progress: bool = True,
) -> tuple[TrainState, list[Record]]:
    """Train a model for some epochs and return its state and the history of metrics.

    With a folder, `last.msgpack` is written after each epoch, `best.msgpack` when the
    monitored value was never better, and `metrics.jsonl` has one line for each epoch.
    An interrupt (Ctrl-C) finishes the step under way, saves `last.msgpack` and raises;
    with `resume=True` the same call resumes there, and ends with exactly the parameters
    of a run without interrupt. A second Ctrl-C stops at once.

    Args:
        model, loss_fn, optimizer, metrics, accumulate, augment: as `train_step` takes
            them.
        data: batches `(*inputs, target)`; each `for` over it is an epoch. To resume in
            the middle of an epoch it needs `state_dict` and `load_state_dict`, as
            `funcnet.data.ArrayLoader` has them.
        key: of the initial parameters and of all draws.
        epochs: total number, also when resuming.
        test_data: batches to evaluate on after each epoch.
        start: the `(params, state)` to begin with, as `TrainState.create` takes them.
        folder: of the files; created if it does not exist.
        resume: start from the folder's `last.msgpack`, if it exists.
        monitor: a name in the records, "test_loss" ("train_loss" without test data).
        mode: whether a smaller ("min") or larger ("max") monitored value is better.
        plateau: lowers the optimizer's learning rate when the monitored value does not
            improve; the optimizer is one of `funcnet.optim` without a schedule.
        on_epoch: called with the state and the record after each epoch; may return
            another state to continue with.
        progress: show a progress bar (on a terminal only).

    Returns:
        The final `TrainState`, and one record for each epoch: a dict with "epoch",
        "step", "train_loss", "test_loss", the metrics likewise, and "seconds".

    Raises:
        InputError: labels of an `ArrayLoader` that the loss cannot take; nothing to
            resume in mid-epoch; an unknown monitor or mode.
        CheckpointError: the checkpoint is of another model or optimizer.

    Example:
        >>> import jax
        >>> from funcnet import data, functional as F, nn, optim, train
        >>> net = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
        >>> loader = data.ArrayLoader(data.digits("train"), 64)
        >>> ts, history = train.fit(
        ...     net, F.cross_entropy, optim.adam(1e-2), loader, jax.random.key(0),
        ...     epochs=2, metrics={"accuracy": train.accuracy},
        ... )
        >>> history[-1]["epoch"], history[-1]["train_accuracy"] > 0.8
        (2, True)
    """
    step: Any = train_step(
        model,
        loss_fn,
        optimizer,
        metrics=metrics,
        accumulate=accumulate,
        augment=augment,
    )
    measure = eval_step(model, loss_fn, metrics=metrics)
    ts = TrainState.create(model, optimizer, key, start=start)
    monitor = monitor or ("train_loss" if test_data is None else "test_loss")
    run = Run(folder, monitor, mode, plateau)
    ts = run.begin(ts, data, resume)
    check_labels(model, loss_fn, augment, ts, data)
    check_labels(model, loss_fn, None, ts, test_data)
    with Interrupt() as interrupt:
        for epoch in range(len(run.history) + 1, epochs + 1):
            began = time.perf_counter()
            with _bar(data, f"epoch {epoch}/{epochs}", progress) as bar:
                for batch in bar:
                    ts, measured, weights = step.weighed(ts, batch)
                    if run.averages.add(measured, len(batch[-1]), weights):
                        bar.set_postfix(run.averages.so_far(), refresh=False)
                    if interrupt.requested:
                        run.save_interrupted(ts, data)
                        raise KeyboardInterrupt
            record: Record = {"epoch": epoch, "step": int(ts.step)}
            record |= _prefixed("train", run.averages.means())
            if test_data is not None:
                record |= _prefixed("test", evaluate(measure, ts, test_data))
            record["seconds"] = round(time.perf_counter() - began, 3)
            _log.info("%s", _line(record, epochs))
            ts = run.end_epoch(ts, data, record, on_epoch)
            if interrupt.requested:
                raise KeyboardInterrupt
    return ts, run.history


def _bar(data: Iterable[Batch], title: str, progress: bool) -> Any:
    """A progress bar, shown on terminals only and removed at the end."""
    from tqdm import tqdm

    return tqdm(data, desc=title, leave=False, disable=None if progress else True)


def _prefixed(prefix: str, means: dict[str, float]) -> Record:
    names = sorted(means, key=lambda name: name != "loss")  # the loss comes first
    return {f"{prefix}_{name}": means[name] for name in names}


def _line(record: Record, epochs: int) -> str:
    """One epoch in one line."""
    hidden = ("epoch", "step", "seconds")
    shown = [f"{k} {v:.4f}" for k, v in record.items() if k not in hidden]
    return "  ".join(
        [f"epoch {record['epoch']}/{epochs}", *shown, f"{record['seconds']:.1f} s"]
    )
