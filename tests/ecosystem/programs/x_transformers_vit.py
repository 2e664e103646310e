"""x-transformers and vit-pytorch: a decoder and two image classifiers learn."""

import torch
from torch.nn.functional import cross_entropy
from vit_pytorch import SimpleViT, ViT
from x_transformers import AutoregressiveWrapper, Decoder, TransformerWrapper

torch.manual_seed(0)
layers = Decoder(dim=32, depth=2, heads=2, rotary_pos_emb=True)
net = TransformerWrapper(num_tokens=32, max_seq_len=16, attn_layers=layers)
model = AutoregressiveWrapper(net)
x = torch.arange(16).repeat(4, 1)
sizes = {"image_size": 16, "patch_size": 4, "num_classes": 3}
sizes |= {"dim": 32, "depth": 2, "heads": 2, "mlp_dim": 64}
images, labels = torch.randn(9, 3, 16, 16), torch.arange(9) % 3


def learn(model, loss_of):
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for _ in range(30):
        loss = loss_of()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return loss.item()


assert learn(model, lambda: model(x)) < 1
assert model.generate(x[:1, :4], 8, temperature=0.0).tolist() == [list(range(4, 12))]
for kind in (ViT, SimpleViT):
    vit = kind(**sizes)
    assert learn(vit, lambda vit=vit: cross_entropy(vit(images), labels)) < 0.7
