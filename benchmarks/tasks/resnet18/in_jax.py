"""ResNet-18 with the CIFAR stem, in JAX by hand, NHWC."""

import jax
import jax.numpy as jnp
import optax

from benchmarks.peers import in_jax as by_hand
from benchmarks.peers.in_jax import Network

WIDTHS = (64, 64, 128, 128, 256, 256, 512, 512)


def norm_init(width):
    params = {"scale": jnp.ones(width), "bias": jnp.zeros(width)}
    return params, {"mean": jnp.zeros(width), "variance": jnp.ones(width)}


def batch_norm(params, running, x):
    """Normalise by the batch; return the new running statistics too."""
    n = x.size // x.shape[-1]
    mean = x.mean((0, 1, 2))
    variance = (x**2).mean((0, 1, 2)) - mean**2
    y = (x - mean) * (params["scale"] * jax.lax.rsqrt(variance + 1e-5))
    running = {
        "mean": 0.9 * running["mean"] + 0.1 * mean,
        "variance": 0.9 * running["variance"] + 0.1 * variance * n / (n - 1),
    }
    return y + params["bias"], running


def block_init(key, n_in, n_out):
    key1, key2, key3 = jax.random.split(key, 3)
    params = {
        "conv1": by_hand.conv_init(key1, 3, n_in, n_out),
        "conv2": by_hand.conv_init(key2, 3, n_out, n_out),
    }
    state = {}
    params["bn1"], state["bn1"] = norm_init(n_out)
    params["bn2"], state["bn2"] = norm_init(n_out)
    if n_in != n_out:
        params["shortcut"] = by_hand.conv_init(key3, 1, n_in, n_out)
        params["bn3"], state["bn3"] = norm_init(n_out)
    return params, state


def block(params, state, x, stride):
    new_state = {}
    y = by_hand.conv(x, params["conv1"], stride, 1)
    y, new_state["bn1"] = batch_norm(params["bn1"], state["bn1"], y)
    y = by_hand.conv(jax.nn.relu(y), params["conv2"], 1, 1)
    y, new_state["bn2"] = batch_norm(params["bn2"], state["bn2"], y)
    if "shortcut" in params:
        x = by_hand.conv(x, params["shortcut"], stride)
        x, new_state["bn3"] = batch_norm(params["bn3"], state["bn3"], x)
    return jax.nn.relu(x + y), new_state


def loss(params, state, x, y, key):
    x = by_hand.conv(x, params["conv1"], 1, 1)
    x, bn1 = batch_norm(params["bn1"], state["bn1"], x)
    x, blocks = jax.nn.relu(x), []
    for n_out, p, s in zip(WIDTHS, params["blocks"], state["blocks"], strict=True):
        x, s = block(p, s, x, n_out // x.shape[-1])
        blocks.append(s)
    logits = by_hand.linear(params["fc"], x.mean((1, 2)))
    return by_hand.cross_entropy(logits, y), {"bn1": bn1, "blocks": blocks}


def build() -> Network:
    stem_key, fc_key, *keys = jax.random.split(jax.random.key(0), 10)
    bn_params, bn_state = norm_init(64)
    blocks = [
        block_init(key, n_in, n_out)
        for key, n_in, n_out in zip(keys, (64, *WIDTHS), WIDTHS, strict=False)
    ]
    params = {
        "conv1": by_hand.conv_init(stem_key, 3, 3, 64),
        "bn1": bn_params,
        "blocks": [params for params, _ in blocks],
        "fc": by_hand.linear_init(fc_key, 512, 10),
    }
    state = {"bn1": bn_state, "blocks": [state for _, state in blocks]}
    optimizer = optax.chain(optax.add_decayed_weights(5e-4), optax.sgd(0.01, 0.9))
    return Network(params, state, loss, optimizer, channels_last=True)
