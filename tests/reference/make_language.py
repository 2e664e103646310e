"""Makes the files and logits of small language models, with PyTorch and transformers.

    python -m tests.reference.make_language

It needs `pip install transformers` beside the environment of `make parity`.
"""

import os

import numpy as np
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from tests.reference import language
from tests.scripts.programs.nanogpt.model import GPT, GPTConfig


def main() -> None:
    torch.manual_seed(0)
    tokens = torch.from_numpy(language.TOKENS).long()
    results = hugging_face(tokens) | nanogpt(tokens)
    np.savez_compressed(language.FOLDER / "results.npz", **results)


def hugging_face(tokens: torch.Tensor) -> dict[str, np.ndarray]:
    sizes = {"n_layer": 2, "n_head": 2, "n_embd": 8, "vocab_size": 16}
    config = GPT2Config(**sizes, n_positions=24, bos_token_id=0, eos_token_id=0)
    model = widened(GPT2LMHeadModel(config).eval())
    folder = language.FOLDER / "gpt2"
    # The base is what the published files hold: names without "transformer.".
    model.transformer.save_pretrained(folder)
    torch.save(model.state_dict(), folder / "with_head.pth")
    longer = model.generate(
        tokens, max_new_tokens=12, do_sample=False, eos_token_id=None, pad_token_id=0
    )
    logits = model(tokens).logits.detach().numpy()
    return {"gpt2.logits": logits, "gpt2.greedy": longer.numpy()}


def nanogpt(tokens: torch.Tensor) -> dict[str, np.ndarray]:
    sizes = {"n_layer": 2, "n_head": 2, "n_embd": 8, "vocab_size": 16}
    config = GPTConfig(block_size=24, bias=False, **sizes)
    model = widened(GPT(config).eval())
    file = {"model": model.state_dict(), "model_args": vars(config), "iter_num": 0}
    os.makedirs(language.FOLDER / "nanogpt", exist_ok=True)
    torch.save(file, language.FOLDER / "nanogpt" / "ckpt.pt")
    logits, loss = model(tokens, tokens)
    return {
        "nanogpt.logits": logits.detach().numpy(),
        "nanogpt.loss": loss.detach().numpy(),
    }


@torch.no_grad()
def widened(model: torch.nn.Module) -> torch.nn.Module:
    """Make the parameters differ from each other as those of a trained model do."""
    for parameter in model.parameters():
        parameter.mul_(8).add_(0.1 * torch.randn_like(parameter))
    return model


if __name__ == "__main__":
    main()
