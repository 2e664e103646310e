"""Uses an installed wheel as a newcomer would; `make wheel` runs it."""

from pathlib import Path

import jax
import optax

import funcnet
from funcnet import data, nn, optim, train

assert "site-packages" in funcnet.__file__, funcnet.__file__
package = Path(funcnet.__file__).parent
assert (package / "py.typed").exists(), "type checkers would not look into the wheel"
assert (package / "compat" / "__init__.pyi").exists(), "nor know PyTorch's names"
startup = package / "torch_alias" / "startup" / "sitecustomize.py"
assert startup.exists(), "child processes of `funcnet run` would not have torch"
images, labels = data.digits()
model = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
params, state = model.init(jax.random.key(0))
logits, state = model.apply(params, state, jax.numpy.asarray(images))
assert logits.shape == (len(labels), 10)
assert isinstance(optim.sgd(0.1), optax.GradientTransformation)
print("wheel works:", funcnet.__version__, train.__name__)
