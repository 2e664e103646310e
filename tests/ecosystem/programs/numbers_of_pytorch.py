"""Losses under a seed are PyTorch's: steps 1, 2, 5 and the last of ten of AdamW."""

import torch
from diffusers import UNet2DModel
from peft import LoraConfig, get_peft_model
from torch.nn import functional as F
from torch_geometric.nn import GATConv, GCNConv
from transformers import GPT2Config, GPT2LMHeadModel
from vit_pytorch import ViT
from x_transformers import Decoder, TransformerWrapper


def losses(model, loss_of, steps=10, lr=3e-3):
    learned = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=lr)
    result = []
    for _ in range(steps):
        loss = loss_of()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        result.append(loss.item())
    return [result[i] for i in (0, 1, 4, -1)]


def gpt2():
    sizes = {"n_layer": 2, "n_head": 2, "n_embd": 32, "vocab_size": 64}
    return GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=1))


def lora():
    config = LoraConfig(r=4, target_modules=["c_attn"], fan_in_fan_out=True)
    model, x = get_peft_model(gpt2(), config), torch.arange(2, 18).repeat(4, 1)
    return losses(model, lambda: model(input_ids=x, labels=x).loss, lr=1e-2)


def unet():
    model = UNet2DModel(
        sample_size=8,
        in_channels=1,
        out_channels=1,
        layers_per_block=1,
        block_out_channels=(32, 32),
        down_block_types=("DownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "UpBlock2D"),
        norm_num_groups=8,
    )
    x, times = torch.randn(4, 1, 8, 8), torch.tensor([1, 2, 3, 4])
    return losses(model, lambda: F.mse_loss(model(x, times).sample, x), 6)


def graph(conv):
    edges = [[0, 1, 1, 2, 2, 3, 3, 0, 4, 5], [1, 0, 2, 1, 3, 2, 0, 3, 5, 4]]
    edges, x = torch.tensor(edges), torch.randn(6, 8)
    y, model = torch.tensor([0, 0, 0, 0, 1, 1]), conv(8, 2)
    return losses(model, lambda: F.cross_entropy(model(x, edges), y))


def vit():
    sizes = {"image_size": 16, "patch_size": 4, "num_classes": 3}
    model = ViT(**sizes, dim=32, depth=2, heads=2, mlp_dim=64)
    x, y = torch.randn(9, 3, 16, 16), torch.arange(9) % 3
    return losses(model, lambda: F.cross_entropy(model(x), y))


def decoder():
    layers = Decoder(dim=32, depth=2, heads=2, rotary_pos_emb=True)
    model = TransformerWrapper(num_tokens=32, max_seq_len=16, attn_layers=layers)
    x = torch.arange(16).repeat(4, 1)
    given, wanted = x[:, :-1], x[:, 1:]
    return losses(model, lambda: F.cross_entropy(model(given).transpose(1, 2), wanted))


EXPECTED = [
    (lora, [4.13356, 4.10876, 4.08297, 4.02670]),
    (unet, [1.24127, 0.32506, 0.12578, 0.15155]),
    (lambda: graph(GCNConv), [0.84359, 0.83614, 0.81408, 0.77837]),
    (lambda: graph(GATConv), [0.89459, 0.87681, 0.82610, 0.75075]),
    (vit, [1.27528, 1.07948, 0.82761, 0.16988]),
    (decoder, [3.39752, 2.57260, 1.44287, 0.81616]),
]
for run, expected in EXPECTED:
    torch.manual_seed(0)
    found = run()
    difference = max(abs(a - b) for a, b in zip(found, expected, strict=True))
    assert difference < 1e-3, (run, found, expected)
