"""The files of a training: checkpoints and metrics."""

import json
import logging
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp

from funcnet import checkpoint, optim
from funcnet._check import check_choice
from funcnet._errors import InputError
from funcnet.train._metrics import Averages
from funcnet.train._state import TrainState

_log = logging.getLogger("funcnet.train")

Record: TypeAlias = dict[str, float]
"""The metrics of one epoch."""

OnEpoch: TypeAlias = Callable[[TrainState, Record], TrainState | None]


class Run:
    """The history of a training, in memory and, with a folder, on disk."""

    def __init__(
        self,
        folder: str | Path | None,
        monitor: str,
        mode: str,
        plateau: optim.ReduceLROnPlateau | None,
    ) -> None:
        check_choice("fit", "mode", mode, ("min", "max"))
        self.folder = None if folder is None else Path(folder)
        self.monitor, self.sign = monitor, 1 if mode == "min" else -1
        self.plateau = plateau
        self.plateau_state: Any = None
        self.history: list[Record] = []
        self.averages = Averages()

    def begin(self, ts: TrainState, data: Any, resume: bool) -> TrainState:
        """Prepare the folder and, on request, resume from its last checkpoint."""
        if self.plateau is not None:
            self.plateau_state = self.plateau.init(optim.get_lr(ts.opt_state))
        if self.folder is None:
            if resume:
                raise InputError("fit: resume=True needs the folder to resume from.")
            return ts
        self.folder.mkdir(parents=True, exist_ok=True)
        if resume and (self.folder / "last.msgpack").exists():
            ts = self._load(ts, data)
            _log.info("resuming %s at step %d", self.folder, int(ts.step))
        lines = "".join(map(_json_line, self.history))
        (self.folder / "metrics.jsonl").write_text(lines)
        return ts

    def end_epoch(
        self, ts: TrainState, data: Any, record: Record, on_epoch: OnEpoch | None
    ) -> TrainState:
        """Process the record of an epoch: hooks, history, checkpoints."""
        if self.monitor not in record:
            raise InputError(
                f"fit: monitor is {self.monitor!r}, the records have "
                f"{', '.join(record)}."
            )
        if self.plateau is not None:
            self.plateau_state = self.plateau.update(
                self.plateau_state, record[self.monitor]
            )
            lowered = optim.set_lr(ts.opt_state, self.plateau_state.lr)
            ts = replace(ts, opt_state=lowered)
        if on_epoch is not None:
            ts = on_epoch(ts, record) or ts
        best = min((self._score(old) for old in self.history), default=math.inf)
        self.history.append(record)
        self.averages = Averages()
        if self.folder is not None:
            if self._score(record) < best:
                self._save("best.msgpack", ts, data)
            self._save("last.msgpack", ts, data)
            with open(self.folder / "metrics.jsonl", "a") as file:
                file.write(_json_line(record))
        return ts

    def save_interrupted(self, ts: TrainState, data: Any) -> None:
        """Save in mid-epoch, if the state of the data can be saved too."""
        if self.folder is not None and hasattr(data, "state_dict"):
            self._save("last.msgpack", ts, data)
            _log.info("interrupted at step %d; saved to %s", int(ts.step), self.folder)

    def _score(self, record: Record) -> float:
        """The monitored value, signed so that smaller is better; NaN is the worst."""
        score = self.sign * record[self.monitor]
        return math.inf if math.isnan(score) else score

    def _save(self, name: str, ts: TrainState, data: Any) -> None:
        assert self.folder is not None
        metadata = {
            "history": self.history,
            "averages": self.averages.state_dict(),
            "data": data.state_dict() if hasattr(data, "state_dict") else None,
            "plateau": [x.item() for x in jax.tree.leaves(self.plateau_state)],
        }
        checkpoint.save(self.folder / name, ts, metadata=metadata)

    def _load(self, ts: TrainState, data: Any) -> TrainState:
        assert self.folder is not None
        path = self.folder / "last.msgpack"
        ts = checkpoint.load(path, like=ts)
        metadata = checkpoint.read_metadata(path)
        leaves, structure = jax.tree.flatten(self.plateau_state)
        if len(metadata.get("plateau", ())) != len(leaves):
            raise InputError(
                f"fit: {path} was not saved by fit with the same plateau. Give the "
                "plateau of the first call, or start again without resume."
            )
        values = zip(leaves, metadata["plateau"], strict=True)
        self.plateau_state = jax.tree.unflatten(
            structure, [jnp.asarray(value, leaf.dtype) for leaf, value in values]
        )
        self.history = metadata["history"]
        self.averages.load_state_dict(metadata["averages"])
        if metadata["data"] is not None:
            data.load_state_dict(metadata["data"])
        return ts


def _json_line(record: Record) -> str:
    """One line of JSON, which knows neither NaN nor infinity."""
    finite = {k: v if math.isfinite(v) else None for k, v in record.items()}
    return json.dumps(finite) + "\n"
