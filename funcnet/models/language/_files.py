"""Files of GPT-2: of Hugging Face, of nanoGPT, and from one form to the other."""

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import jax

from funcnet import checkpoint, tree
from funcnet._errors import InputError
from funcnet._types import Params
from funcnet.models.language._gpt2 import GPT2
from funcnet.models.language._nanogpt import NanoGPT
from funcnet.models.language._transformer import GPTConfig

_LINEAR = tuple(
    f"{part}.weight"
    for part in ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")
)
_MASKS = (".attn.bias", ".attn.masked_bias")
_TIED = "lm_head.weight"
_UNSUPPORTED = (
    *("scale_attn_by_inverse_layer_idx", "reorder_and_upcast_attn"),
    "add_cross_attention",
)


def load(model: GPT2 | NanoGPT, path: str | os.PathLike[str]) -> Params:
    """Read the parameters of a model from a file, `.safetensors` or PyTorch's.

    Taken are files of transformers' `GPT2Model` and `GPT2LMHeadModel` and nanoGPT's
    `ckpt.pt`, in either form whichever the model has. Masks among their buffers are
    left out, and so is a head that is tied to the embedding.

    Raises:
        InputError: arrays are missing or of other shapes, or there are others.
        CheckpointError: the file is damaged.
        OSError: there is no such file.

    Example:
        >>> import os, tempfile, jax
        >>> model = GPT2(vocab_size=8, n_positions=4, n_embd=4, n_layer=1, n_head=2)
        >>> params, _ = model.init(jax.random.key(0))
        >>> path = os.path.join(tempfile.mkdtemp(), "model.safetensors")
        >>> save(model, params, path)
        >>> load(model, path)["wte"]["weight"].shape
        (8, 4)
    """
    stored = checkpoint.load(path)
    if "model" in stored and "model_args" in stored:  # nanoGPT's ckpt.pt
        stored = stored["model"]
    flat = {_plain(name): x for name, x in tree.flatten(stored).items()}
    flat = {name: x for name, x in flat.items() if not name.endswith(_MASKS)}
    wanted, _ = jax.eval_shape(model.init, jax.random.key(0))
    like = {_plain(name): x for name, x in tree.flatten(wanted).items()}
    if _TIED not in like:
        flat.pop(_TIED, None)
    flat = _in_layout_of(like, flat)
    wrong = tree.mismatches(flat, like)
    if wrong:
        raise InputError(
            f"{path} does not fit {type(model).__name__}: " + "; ".join(wrong[:8])
        )
    names = {_plain(name): name for name in tree.flatten(wanted)}
    arrays = {names[name]: jax.numpy.asarray(x) for name, x in flat.items()}
    return tree.unflatten(arrays)


def save(model: GPT2 | NanoGPT, params: Params, path: str | os.PathLike[str]) -> None:
    """Write parameters so that transformers, or nanoGPT, loads the file.

    The format is that of the suffix, `.safetensors` or `.pth`. In nanoGPT's form the
    embedding is written as `lm_head.weight` too, where a format can hold it twice.
    """
    flat = tree.flatten(params)
    if isinstance(model, NanoGPT):
        flat[_TIED] = flat["transformer.wte.weight"]
    checkpoint.save(path, tree.unflatten(flat))


def to_nanogpt(params: Params) -> Params:
    """Give the parameters of a `GPT2` nanoGPT's names and layouts.

    Raises:
        InputError: they have a head of their own, which nanoGPT has not.
    """
    flat = tree.flatten(params)
    if _TIED in flat:
        raise InputError("to_nanogpt: lm_head.weight is not tied to the embedding.")
    turned = {f"transformer.{name}": _turned(name, x) for name, x in flat.items()}
    return tree.unflatten(turned)


def to_gpt2(params: Params) -> Params:
    """Give the parameters of a `NanoGPT` the names and layouts of a `GPT2`.

    GPT-2 has biases, so a model with `bias=False` is loaded by
    `GPT2(bias=False, activation_function="gelu", ...)`.
    """
    flat = {_plain(name): x for name, x in tree.flatten(params).items()}
    return tree.unflatten({name: _turned(name, x) for name, x in flat.items()})


def from_pretrained(folder: str | os.PathLike[str]) -> tuple[GPT2, Params]:
    """Build and load a GPT-2 from a folder that transformers' `save_pretrained` wrote.

    That is `config.json` and `model.safetensors` or `pytorch_model.bin`.

    Raises:
        InputError: it is another kind of model, or has parts that are not supported.
        OSError: a file is not there.
    """
    settings: dict[str, Any] = json.loads(
        Path(folder, "config.json").read_text("utf-8")
    )
    kind = settings.get("model_type", "gpt2")
    used = [name for name in _UNSUPPORTED if settings.get(name)]
    if kind != "gpt2" or used or not settings.get("scale_attn_weights", True):
        raise InputError(
            f"from_pretrained: {folder} has a {kind} with {', '.join(used) or 'no'} "
            "special attention; GPT-2 in its published form is what is built here."
        )
    known = {field.name for field in fields(GPTConfig)}
    chosen = {name: value for name, value in settings.items() if name in known}
    names = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin")
    paths = [Path(folder, name) for name in names]
    path = next((path for path in paths if path.exists()), paths[0])
    model = GPT2(tied=settings.get("tie_word_embeddings", True), **chosen)
    return model, load(model, path)


def _plain(name: str) -> str:
    """The name without what wraps the model: a compiled one, the one with a head."""
    return name.removeprefix("_orig_mod.").removeprefix("transformer.")


def _turned(name: str, x: Any) -> Any:
    return x.T if name.endswith(_LINEAR) else x


def _in_layout_of(like: dict[str, Any], flat: dict[str, Any]) -> dict[str, Any]:
    """Turn the weights of linear layers if the file has them the other way round."""
    name = "h.0.attn.c_attn.weight"  # (width, 3 * width), or turned
    if name not in flat or name not in like or flat[name].shape == like[name].shape:
        return flat
    return {name: _turned(name, x) for name, x in flat.items()}
