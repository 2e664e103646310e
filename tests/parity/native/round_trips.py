"""Weights that go from torchvision to flax and back to torch: the same outputs."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import torch

from funcnet import checkpoint, models, tree
from funcnet.interop import flax as doors
from tests.parity import networks
from tests.parity.cases.networks import case
from tests.parity.report import Tally, Trial

TOLERANCE = 1e-5


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for name in ("resnet18", "vit_b_16"):
        yield Trial(name, "torchvision, funcnet, linen, funcnet, .pth, torch",
                    partial(_round_trip, name))  # fmt: skip


def _round_trip(name: str) -> None:
    one = case(name)
    real = networks.jogged(networks.build(one), torch).eval()
    (image,) = networks.examples(one, "float32")
    with torch.no_grad():
        wanted = real(torch.from_numpy(image)).numpy()
    scale = max(1.0, float(np.abs(wanted).max()))
    net = models.get_model(name, **one.options)
    with tempfile.TemporaryDirectory() as folder:
        there, back = Path(folder, "there.pth"), Path(folder, "back.pth")
        torch.save(real.state_dict(), there)
        params, state = models.load(net, there)
        variables = {"params": params, "batch_stats": state}
        y = jax.jit(doors.to_linen(net).apply)(variables, jnp.asarray(image))
        np.testing.assert_allclose(y / scale, wanted / scale, atol=TOLERANCE)
        flax_variables = doors.to_variables(params, state, net)
        again = doors.from_variables(flax_variables, net)
        checkpoint.save(back, tree.merge(*again))
        fresh = networks.build(one, seed=1).eval()
        fresh.load_state_dict(torch.load(back, weights_only=True))
    with torch.no_grad():
        final = fresh(torch.from_numpy(image)).numpy()
    np.testing.assert_array_equal(final, wanted)
