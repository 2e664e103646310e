"""GPT-2 and nanoGPT: values, files both ways, generation."""

import json
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, checkpoint, models, tree
from funcnet import functional as F
from funcnet.models import language
from tests.reference import language as frozen

SIZES: dict[str, Any] = {"n_layer": 2, "n_head": 2, "n_embd": 8, "vocab_size": 16}
GPT2_FOLDER = frozen.FOLDER / "gpt2"
GPT2 = language.GPT2(n_positions=24, **SIZES)
NANO = language.NanoGPT(block_size=24, bias=False, **SIZES)
FILES = {
    "the base in safetensors": (GPT2, GPT2_FOLDER / "model.safetensors", "gpt2"),
    "with its head in .pth": (GPT2, GPT2_FOLDER / "with_head.pth", "gpt2"),
    "a checkpoint of nanoGPT": (NANO, frozen.FOLDER / "nanogpt/ckpt.pt", "nanogpt"),
}


@pytest.mark.parametrize("case", FILES)
def test_files_give_the_logits_of_pytorch(case: str) -> None:
    model, path, name = FILES[case]
    logits, _ = model.apply(language.load(model, path), {}, frozen.TOKENS)
    wanted = frozen.results()
    np.testing.assert_allclose(logits, wanted[f"{name}.logits"], rtol=1e-4, atol=1e-5)
    if name == "nanogpt":
        flat = logits.reshape(-1, 16), frozen.TOKENS.reshape(-1)
        loss = F.cross_entropy(*map(jnp.asarray, flat))
        np.testing.assert_allclose(loss, wanted["nanogpt.loss"], rtol=1e-5)


def test_a_folder_of_transformers() -> None:
    model, params = language.from_pretrained(GPT2_FOLDER)
    assert model == GPT2
    assert tree.equal(params, language.load(GPT2, GPT2_FOLDER / "with_head.pth"))


def test_other_kinds_of_folders_are_refused(tmp_path: Path) -> None:
    settings = {"model_type": "gpt2", "reorder_and_upcast_attn": True}
    (tmp_path / "config.json").write_text(json.dumps(settings))
    with pytest.raises(InputError, match="gpt2 with reorder_and_upcast_attn"):
        language.from_pretrained(tmp_path)


@pytest.mark.parametrize("suffix", [".safetensors", ".pth", ".msgpack"])
@pytest.mark.parametrize("model", [GPT2, NANO], ids=["gpt2", "nanogpt"])
def test_files_round_trip(model: Any, suffix: str, tmp_path: Path) -> None:
    params, _ = model.init(jax.random.key(0))
    path = tmp_path / f"model{suffix}"
    language.save(model, params, path)
    assert tree.equal(language.load(model, path), params)
    names = {entry.name for entry in checkpoint.entries(path)}
    assert ("lm_head.weight" in names) == (model is NANO)


def test_files_of_another_size_are_refused() -> None:
    with pytest.raises(InputError, match=r"does not fit GPT2: .*h\.1\.attn"):
        language.load(GPT2.replace(h=GPT2.h[:1]), GPT2_FOLDER / "model.safetensors")


def test_one_form_becomes_the_other() -> None:
    params = language.load(GPT2, GPT2_FOLDER / "model.safetensors")
    turned = language.to_nanogpt(params)
    nano = language.NanoGPT(block_size=24, **SIZES)
    assert tree.equal(turned, language.load(nano, GPT2_FOLDER / "model.safetensors"))
    assert tree.equal(language.to_gpt2(turned), params)
    exact = language.GPT2(n_positions=24, activation_function="gelu", **SIZES)
    logits, _ = exact.apply(params, {}, frozen.TOKENS)
    np.testing.assert_allclose(
        nano.apply(turned, {}, frozen.TOKENS)[0], logits, rtol=1e-4, atol=1e-5
    )


PUBLISHED = {
    "gpt2": 124_439_808,
    "gpt2_medium": 354_823_168,
    "gpt2_large": 774_030_080,
    "gpt2_xl": 1_557_611_200,
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_as_many_parameters_as_are_published(name: str) -> None:
    params, _ = jax.eval_shape(getattr(models, name)().init, jax.random.key(0))
    assert tree.count(params) == PUBLISHED[name]
    untied = getattr(models, name)(tied=False, n_layer=1)
    shapes, _ = jax.eval_shape(untied.init, jax.random.key(0))
    assert shapes["lm_head"]["weight"].shape == shapes["wte"]["weight"].shape


def test_initial_values() -> None:
    model = language.GPT2(n_layer=8, n_head=2, n_embd=64, vocab_size=500)
    params, _ = model.init(jax.random.key(0))
    for name, x in tree.flatten(params).items():
        if x.ndim == 1:
            assert (np.asarray(x) == (name.endswith("weight"))).all(), name
        else:
            wanted = 0.02 / 4 if name.endswith("c_proj.weight") else 0.02
            assert float(x.std()) == pytest.approx(wanted, rel=0.05), name


def test_greedy_generation_equals_that_of_transformers() -> None:
    params = language.load(GPT2, GPT2_FOLDER / "model.safetensors")
    longer = language.generate(GPT2, params, frozen.TOKENS, 12)
    np.testing.assert_array_equal(longer, frozen.results()["gpt2.greedy"])
    one = language.generate(GPT2, params, frozen.TOKENS[0], 12)
    np.testing.assert_array_equal(one, longer[0])


def test_draws_have_the_model_s_probabilities() -> None:
    params, _ = NANO.init(jax.random.key(0))
    params = jax.tree.map(lambda x: 20 * x, params)
    logits, _ = NANO.apply(params, {}, jnp.array([[3, 1]]))
    most = np.argsort(logits[0, -1])[-5:]
    wanted = jax.nn.softmax(logits[0, -1][most] / 2)
    prompt = jnp.tile(jnp.array([[3, 1]]), (4000, 1))
    options: dict[str, Any] = {"temperature": 2.0, "top_k": 5}
    drawn = language.generate(NANO, params, prompt, 1, key=jax.random.key(1), **options)
    shares = [float((drawn[:, -1] == token).mean()) for token in most]
    np.testing.assert_allclose(shares, wanted, atol=0.04)
    assert sum(shares) == pytest.approx(1)


def test_a_sequence_stops() -> None:
    params = language.load(GPT2, GPT2_FOLDER / "model.safetensors")
    free = np.asarray(language.generate(GPT2, params, frozen.TOKENS, 12))
    stop = int(free[0, 8])
    ended = np.asarray(language.generate(GPT2, params, frozen.TOKENS, 12, stop=stop))
    for before, after in zip(free, ended, strict=True):
        where = [6 + int(i) for i in np.flatnonzero(before[6:] == stop)[:1]] or [18]
        np.testing.assert_array_equal(after[: where[0]], before[: where[0]])
        assert (after[where[0] :] == stop).all()


def test_other_lengths_run_the_same_program() -> None:
    model = language.GPT2(n_positions=256, **SIZES)
    params, _ = model.init(jax.random.key(0))
    compiled = language._generate._run._cache_size
    language.generate(model, params, [1, 2, 3], 4)
    before = compiled()
    language.generate(model, params, [1, 2, 3, 4, 5], 30)
    assert compiled() == before


def test_settings_that_cannot_be() -> None:
    params, _ = NANO.init(jax.random.key(0))
    with pytest.raises(InputError, match="the model has 24 positions"):
        language.generate(NANO, params, [1] * 20, 5)
    with pytest.raises(InputError, match="have to be positive"):
        language.generate(NANO, params, [1], 5, temperature=0.0)
    with pytest.raises(InputError, match="at least one token"):
        language.generate(NANO, params, np.zeros((1, 0), np.int32), 5)
    with pytest.raises(InputError, match="the positions are 24"):
        NANO.apply(params, {}, jnp.zeros((1, 25), int))
    with pytest.raises(InputError, match="3 heads do not divide"):
        language.GPT2(n_head=3, n_embd=8)


def test_weight_decay_is_that_of_matrices() -> None:
    params, _ = NANO.init(jax.random.key(0))
    optimizer = language.configure_optimizers(params, 0.5, 0.1)
    grads = jax.tree.map(jnp.zeros_like, params)
    updates, _ = optimizer.update(grads, optimizer.init(params), params)
    for name, change in tree.flatten(updates).items():
        shrunk = -0.05 * tree.flatten(params)[name] if change.ndim > 1 else 0
        np.testing.assert_allclose(change, shrunk, rtol=1e-5, err_msg=name)


def test_dropout_is_drawn_in_training() -> None:
    model = language.GPT2(n_positions=24, **SIZES)
    params, _ = model.init(jax.random.key(0))
    calm, _ = model.apply(params, {}, frozen.TOKENS)
    key = jax.random.key(1)
    first, _ = model.apply(params, {}, frozen.TOKENS, key=key, train=True)
    again, _ = model.apply(params, {}, frozen.TOKENS, key=key, train=True)
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, calm)


def test_lenet() -> None:
    net = models.lenet()
    params, state = net.init(jax.random.key(0))
    assert tree.count(params) == 61_706
    small = jnp.ones((2, 1, 28, 28))
    padded = jnp.pad(small, ((0, 0), (0, 0), (2, 2), (2, 2)))
    ours, theirs = (net.apply(params, state, x)[0] for x in (small, padded))
    np.testing.assert_array_equal(ours, theirs)
    assert ours.shape == (2, 10)
