"""Save and load 240 MB of parameters: funcnet beside PyTorch and flax.

`python -m benchmarks.checkpoints --torch-python PATH`

Each peer is a process of its own that holds the same parameters. They save and load in
turn, many times over, so that drift hits them all. `torch.save` and flax's writer leave
the file to the system's memory; funcnet also waits until it lies on the disk (fsync).
So both are measured both ways. Loading is from the system's memory for all, into fresh
arrays that can be written to; funcnet compares the checksums of its files meanwhile.

Where others use the machine, too, the time that the cores worked says more than the
clock; it is in the table beside it.
"""

import argparse
import gc
import importlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
SHAPES = [(512, 512, 3, 3), (512,), (4096, 1024), (4096,), (1000, 2048), (64, 3, 7, 7)]


def parameters(megabytes: int) -> dict[str, np.ndarray]:
    """Arrays of the shapes of layers under dotted names, float32."""
    draw, arrays, left = np.random.default_rng(0), {}, megabytes * 10**6
    while left > 0:
        shape = SHAPES[len(arrays) % len(SHAPES)]
        array = draw.standard_normal(shape, np.float32)
        arrays[f"layer{len(arrays)}.weight"] = array
        left -= array.nbytes
    return arrays


@dataclass(frozen=True)
class Peer:
    """One way to save and load: its title, its file, and what makes its functions.

    `build(parameters)` gives `save(path)` and `load(path)`.
    """

    title: str
    file: str
    build: Callable[[dict[str, np.ndarray]], tuple[Callable[[str], Any], ...]]
    in_torch: bool = False


def _funcnet(synced: bool) -> Callable[..., tuple[Callable[[str], Any], ...]]:
    def build(arrays: dict[str, np.ndarray]) -> tuple[Callable[[str], Any], ...]:
        from funcnet import checkpoint
        from funcnet.checkpoint._flat_names import nest

        tree = nest(arrays)
        if not synced:
            os.fsync = os.fdatasync = lambda descriptor: None
        return lambda path: checkpoint.save(path, tree), checkpoint.load

    return build


def _flax(arrays: dict[str, np.ndarray]) -> tuple[Callable[[str], Any], ...]:
    import flax.serialization

    from funcnet.checkpoint._flat_names import nest

    tree = nest(arrays)

    def save(path: str) -> None:
        Path(path).write_bytes(flax.serialization.to_bytes(tree))

    def load(path: str) -> Any:
        restored = flax.serialization.msgpack_restore(Path(path).read_bytes())
        # They are views of the file's bytes that cannot be written to.
        return {k: {n: x.copy() for n, x in v.items()} for k, v in restored.items()}

    return save, load


def _torch(
    synced: bool, library: str = "torch"
) -> Callable[..., tuple[Callable[[str], Any], ...]]:
    def build(arrays: dict[str, np.ndarray]) -> tuple[Callable[[str], Any], ...]:
        torch = importlib.import_module(library)
        tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}

        def save(path: str) -> None:
            torch.save(tensors, path)
            if synced:
                with open(path, "rb+") as file:
                    os.fsync(file.fileno())

        return save, torch.load

    return build


PEERS = {
    "torch": Peer("torch.save, torch.load", "a.pth", _torch(False), in_torch=True),
    "torch-fsync": Peer("  and fsync", "b.pth", _torch(True), in_torch=True),
    "flax": Peer("flax.serialization", "c.msgpack", _flax),
    "msgpack": Peer("funcnet .msgpack", "d.msgpack", _funcnet(True)),
    "msgpack-no-fsync": Peer("  without fsync", "e.msgpack", _funcnet(False)),
    "pth": Peer("funcnet .pth", "f.pth", _funcnet(True)),
    "pth-no-fsync": Peer("  without fsync", "g.pth", _funcnet(False)),
    "compat": Peer("torch.save of compat", "i.pth", _torch(False, "funcnet.compat")),
    "safetensors": Peer("funcnet .safetensors", "h.safetensors", _funcnet(True)),
}


def work(peer: Peer, folder: str, megabytes: int) -> None:
    """The process of a peer: answers each line with seconds and growth of memory."""
    arrays = parameters(megabytes)
    save, load = peer.build(arrays)
    path = os.path.join(folder, peer.file)
    save(path)
    load(path)
    print(json.dumps({"bytes": os.path.getsize(path)}), flush=True)
    for line in sys.stdin:
        before = _reset_memory()
        start, busy = time.perf_counter(), time.process_time()
        kept = (save if line.strip() == "save" else load)(path)
        answer = {
            "seconds": time.perf_counter() - start,
            "busy": time.process_time() - busy,
            "growth": _memory("VmHWM") - before,
        }
        del kept
        print(json.dumps(answer), flush=True)


def _reset_memory() -> int:
    """Forget the most memory that was taken; return what is taken now."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(x.split()[1]) * 1024 for x in lines if x.startswith(name))


@dataclass
class Result:
    """What was measured of a peer, by what it did."""

    size: int = 0
    seconds: dict[str, list[float]] = field(default_factory=dict)
    busy: dict[str, list[float]] = field(default_factory=dict)
    growth: dict[str, int] = field(default_factory=dict)


def measure(options: argparse.Namespace, folder: str) -> dict[str, Result]:
    """Let all peers save, then load, round after round."""
    results = {name: Result() for name in options.peers}
    draw = random.Random(0)
    with ExitStack() as stack:
        workers = {}
        for name in options.peers:
            python = options.torch_python if PEERS[name].in_torch else sys.executable
            command = [python, "-m", "benchmarks.checkpoints", "--worker", name]
            command += ["--folder", folder, "--megabytes", str(options.megabytes)]
            pipe = subprocess.PIPE
            worker = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT
            )
            workers[name] = stack.enter_context(worker)
            results[name].size = _answer(worker)["bytes"]
        for _ in range(options.rounds):
            for action in ("save", "load"):
                # In another order each time, and after the disk has what others wrote.
                for name in draw.sample(list(workers), len(workers)):
                    worker = workers[name]
                    os.sync()
                    assert worker.stdin is not None
                    worker.stdin.write(f"{action}\n")
                    worker.stdin.flush()
                    answer = _answer(worker)
                    result = results[name]
                    result.seconds.setdefault(action, []).append(answer["seconds"])
                    result.busy.setdefault(action, []).append(answer["busy"])
                    most = max(result.growth.get(action, 0), answer["growth"])
                    result.growth[action] = most
        for worker in workers.values():
            assert worker.stdin is not None
            worker.stdin.close()
    return results


def _answer(worker: "subprocess.Popen[str]") -> dict[str, Any]:
    assert worker.stdout is not None
    line = worker.stdout.readline()
    if not line:
        raise RuntimeError("a peer's process ended early; see above")
    answer: dict[str, Any] = json.loads(line)
    return answer


def table(results: dict[str, Result]) -> Iterator[str]:
    """The results as Markdown."""
    yield (
        "| | save s (median, least) | × torch | cores' s | load s (median, least) "
        "| × torch | cores' s | memory ÷ file, save | load |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for name, result in results.items():
        cells = [PEERS[name].title.replace("  ", "… ")]
        for action in ("save", "load"):
            seconds = result.seconds[action]
            median = statistics.median(seconds)
            cells.append(f"{median:.3f}, {min(seconds):.3f}")
            against = results.get("torch")
            ratio = statistics.median(against.seconds[action]) if against else 0
            cells.append(f"{median / ratio:.2f}" if ratio else "–")
            cells.append(f"{statistics.median(result.busy[action]):.3f}")
        cells += [f"{result.growth[a] / result.size:.2f}" for a in ("save", "load")]
        yield f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--megabytes", type=int, default=240)
    parser.add_argument("--folder", help="on the disk that is measured")
    parser.add_argument("--torch-python", default=sys.executable, metavar="PATH")
    parser.add_argument("--worker", choices=PEERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return work(PEERS[options.worker], options.folder, options.megabytes)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        results = measure(options, folder)
    print("\n".join(table(results)))
    print(f"\n{options.megabytes} MB, {options.rounds} rounds, {os.cpu_count()} cores.")
    return None


if __name__ == "__main__":
    main()
