"""Uses an installed wheel as a newcomer would; `make wheel` runs it."""

import jax
import optax

import funcnet
from funcnet import data, nn, optim, train

assert "site-packages" in funcnet.__file__, funcnet.__file__
images, labels = data.digits()
model = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
params, state = model.init(jax.random.key(0))
logits, state = model.apply(params, state, jax.numpy.asarray(images))
assert logits.shape == (len(labels), 10)
assert isinstance(optim.sgd(0.1), optax.GradientTransformation)
print("wheel works:", funcnet.__version__, train.__name__)
