"""transformers: train a GPT-2, generate, save it and load it again."""

import tempfile

import torch
from transformers import GPT2Config, GPT2LMHeadModel

torch.manual_seed(0)
sizes = {"n_layer": 2, "n_head": 2, "n_embd": 32, "vocab_size": 64, "n_positions": 32}
model = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=1))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
x = torch.arange(2, 18).repeat(4, 1)
for _ in range(30):
    loss = model(input_ids=x, labels=x).loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
assert loss.item() < 2, loss

model.eval()
for options in ({"do_sample": False}, {"num_beams": 2}):
    tokens = model.generate(x[:1, :4], max_new_tokens=6, pad_token_id=1, **options)
    assert tokens.tolist() == [list(range(2, 12))], tokens

with tempfile.TemporaryDirectory() as folder:
    model.save_pretrained(folder)
    again = GPT2LMHeadModel.from_pretrained(folder)
    assert torch.equal(again(x).logits, model(x).logits)
