"""`python -m tests.parity [--only NAME] [--cases N]`: compare, and show a table.

Exits with an error where a database falls below its floor.
"""

import argparse
import importlib
import itertools
import re
import sys
import time

import jax
import torch

from tests import gpus
from tests.parity.bridge import remember_arguments
from tests.parity.report import Tally, Trial, show

# The share of cases, and of entries that pass in all their cases, that must hold.
FLOORS = {
    "names": 0.98,
    "modules": 0.98,
    "more_modules": 0.98,
    "functions": 0.98,
    "more_functions": 0.98,
    "optimizers": 0.98,
    "schedules": 0.98,
    "initial": 0.98,
    "compat_seed": 1.0,
    "compat_modules": 0.99,
    "compat_ops": 0.97,
    "compat_rest": 0.97,
    "compat_random": 0.99,
    "compat_masks": 0.99,
    "compat_optim": 0.99,
    "compat_vision": 0.99,
    "compat_vision_more": 1.0,
    "compat_vision_ops": 1.0,
    "compat_detectors": 1.0,
    "compat_files": 0.99,
    "compat_loading": 0.99,
    "compat_utils": 0.99,
    "compat_layers": 0.99,
    "compat_programs": 0.9,
    "compat_training": 0.99,
    "compat_promotion": 0.97,
    "compat_devices": 0.99,
    "compat_protocols": 0.99,
    "compat_memory": 0.99,
    "compat_kept": 0.9,
    "edges": 0.98,
    "compat_edges": 0.98,
    "compat_distributions": 0.99,
    "compat_func": 0.99,
    "compat_packages": 0.99,
    "compat_stars": 1.0,
    "compat_refusals": 0.8,
    "compat_networks": 1.0,
    "networks": 1.0,
    "round_trips": 1.0,
}
# After so many cases what they compiled is dropped: a process can hold only so much.
MOST_KEPT = 200
SHORT = 2  # cases of each entry in a short run, spread over its samples
# Of these databases, whose entries are whole networks, a short run takes some only.
SHORT_ENTRIES = {
    "compat_networks": "resnet18|squeezenet1_1|mobilenet_v3_small|swin_t|fcn_resnet50",
    "networks": "resnet18|squeezenet1_1|mobilenet_v3_small",
    "compat_detectors": "retinanet_resnet50_fpn|fasterrcnn_mobilenet_v3_large_fpn",
}


def main() -> int:
    options = parse()
    torch.set_num_threads(1)
    remember_arguments()
    gpus.make_ready()
    tallies = []
    for database in options.database or FLOORS:
        start = time.monotonic()
        tallies.append(run(database, options))
        spent = time.monotonic() - start
        passed, cases = tallies[-1].counts
        said = f"{database}: {passed} of {cases} cases, {spent:.0f} s"
        print(said, file=sys.stderr, flush=True)
    print(show(tallies, options.failures))
    return 0 if all(tally.holds for tally in tallies) else 1


def run(database: str, options: argparse.Namespace) -> Tally:
    tally = Tally(database, FLOORS[database], full=options.full)
    strict = not database.startswith("compat_")  # compat promotes as PyTorch does
    name = f"native.{database}" if strict else database.replace("_", ".", 1)
    module = importlib.import_module(f"tests.parity.{name}")
    jax.config.update("jax_numpy_dtype_promotion", "strict" if strict else "standard")
    jax.config.update("jax_numpy_rank_promotion", "raise" if strict else "allow")
    taken, only = 0, options.only
    if options.short and not only:
        only = SHORT_ENTRIES.get(database)
    by_name = itertools.groupby(module.trials(tally), lambda trial: trial.name)
    for name, group in by_name:
        if only and not re.fullmatch(only, name):
            continue
        for trial in chosen(list(group), SHORT if options.short else options.cases):
            tally.take(trial, options.verbose)
            taken += 1
            if taken % MOST_KEPT == 0:
                jax.clear_caches()
    return tally


def chosen(trials: list[Trial], most: int | None) -> list[Trial]:
    return trials if most is None else trials[:: -(-len(trials) // most)]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.parity")
    parser.add_argument("database", nargs="*", choices=[*FLOORS, []], default=[])
    parser.add_argument("--only", help="entries whose whole name matches this pattern")
    parser.add_argument("--cases", type=int, help="so many of each entry, at most")
    parser.add_argument(
        "--short",
        action="store_true",
        help=f"{SHORT} cases of each entry; of networks some only",
    )
    parser.add_argument("--failures", type=int, default=3, help="shown for each entry")
    parser.add_argument(
        "--full", action="store_true", help="of networks all, not some of each family"
    )
    parser.add_argument("--verbose", action="store_true", help="show tracebacks")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
