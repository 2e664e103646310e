"""Small language models by transformers and by nanoGPT: their files, and their logits.

`gpt2/` is what `save_pretrained` writes and a state dict of the model with its head,
`nanogpt/ckpt.pt` a checkpoint of nanoGPT's training, `results.npz` the logits of
`TOKENS` and what greedy generation adds to them.
"""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).with_name("language")
TOKENS = np.array([[2, 3, 5, 7, 11, 13], [15, 14, 12, 10, 8, 4]], np.int32)


def results() -> dict[str, np.ndarray]:
    """The frozen arrays by name."""
    with np.load(FOLDER / "results.npz") as file:
        return dict(file)
