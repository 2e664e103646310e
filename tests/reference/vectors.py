"""Reads and writes the frozen vectors: settings and arrays in one compressed file."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from tests.reference.cases import Built, Case, Function
from tests.reference.rates import Factor, Rates, Scheduled
from tests.reference.steps import Steps

FILE = Path(__file__).parent / "vectors.npz"
KINDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (Built, Case, Factor, Function, Rates, Scheduled, Steps)
}


def write(cases: dict[str, Any], file: Path = FILE) -> None:
    """Write cases by name. One long row for each dtype: thousands of small members
    would weigh more than their numbers."""
    rows: dict[str, list[np.ndarray]] = {}
    manifest = {name: _encode(case, rows) for name, case in cases.items()}
    text = json.dumps(manifest, separators=(",", ":")).encode()
    joined = {dtype: np.concatenate(arrays) for dtype, arrays in rows.items()}
    np.savez_compressed(file, manifest=np.frombuffer(text, np.uint8), **joined)


def read(file: Path = FILE) -> dict[str, Any]:
    """Read the cases by name."""
    with np.load(file) as stored:
        rows = {name: stored[name] for name in stored.files}
    manifest = json.loads(rows.pop("manifest").tobytes())
    return {name: _decode(case, rows) for name, case in manifest.items()}


def _encode(value: Any, rows: dict[str, list[np.ndarray]]) -> Any:
    if isinstance(value, np.ndarray):
        row = rows.setdefault(str(value.dtype), [])
        start = sum(map(len, row))
        row.append(value.ravel())
        return {"array": [str(value.dtype), start, value.shape]}
    if type(value).__name__ in KINDS:
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        settings = {
            name: _encode(part, rows)
            for name, part in parts.items()
            if isinstance(part, np.ndarray) or part  # the defaults are empty
        }
        return {type(value).__name__: settings}
    if isinstance(value, tuple):
        return {"tuple": [_encode(part, rows) for part in value]}
    if isinstance(value, list):
        return [_encode(part, rows) for part in value]
    if isinstance(value, dict):
        pairs = [[name, _encode(part, rows)] for name, part in value.items()]
        return {"dict": pairs}
    return value


def _decode(value: Any, rows: dict[str, np.ndarray]) -> Any:
    if isinstance(value, list):
        return [_decode(part, rows) for part in value]
    if not isinstance(value, dict):
        return value
    ((kind, parts),) = value.items()
    if kind == "array":
        dtype, start, shape = parts
        return rows[dtype][start : start + int(np.prod(shape))].reshape(shape)
    if kind == "tuple":
        return tuple(_decode(part, rows) for part in parts)
    if kind == "dict":
        return {name: _decode(part, rows) for name, part in parts}
    return KINDS[kind](**{name: _decode(part, rows) for name, part in parts.items()})
