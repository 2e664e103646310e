"""Makes the frozen outputs of torchvision's networks, in the environment of parity.

python -m tests.reference.make_networks
"""

import json
from typing import Any

import torch

from tests.parity.networks import theirs
from tests.reference import networks


def main() -> None:
    torch.set_num_threads(1)
    results: dict[str, Any] = {}
    for name, one in networks.CASES.items():
        model = networks.build(one, torch, theirs)
        kept: dict[str, Any] = {}
        kept["initial"] = networks.parameters(networks.arrays_of(model.state_dict()))
        networks.jogged(model, torch)
        kept["eval"] = networks.kept(networks.called(model, one, False, torch))
        kept["train"] = networks.kept(networks.called(model, one, True, torch))
        kept["statistics"] = networks.statistics(networks.arrays_of(model.state_dict()))
        results[name] = kept
    networks.FILE.write_text(json.dumps(results, indent=1) + "\n")
    size = networks.FILE.stat().st_size
    print(f"{len(results)} networks, {size / 1e3:.0f} kB in {networks.FILE}")


if __name__ == "__main__":
    main()
