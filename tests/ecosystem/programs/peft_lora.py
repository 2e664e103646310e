"""peft: LoRA on a small GPT-2, saved, loaded and merged."""

import tempfile

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import GPT2Config, GPT2LMHeadModel


def base():
    torch.manual_seed(0)
    sizes = {"n_layer": 2, "n_head": 2, "n_embd": 32, "vocab_size": 64}
    return GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=1))


config = LoraConfig(r=4, target_modules=["c_attn", "c_fc"], fan_in_fan_out=True)
model = get_peft_model(base(), config)
learned = [p for p in model.parameters() if p.requires_grad]
assert all("lora" in n for n, p in model.named_parameters() if p.requires_grad)
optimizer = torch.optim.AdamW(learned, lr=1e-2)
x = torch.arange(2, 18).repeat(2, 1)
losses = []
for _ in range(30):
    loss = model(input_ids=x, labels=x).loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    losses.append(loss.item())
assert losses[-1] < losses[0] - 0.1, losses
model.eval()
logits = model(input_ids=x).logits.detach()
with tempfile.TemporaryDirectory() as folder:
    model.save_pretrained(folder)
    again = PeftModel.from_pretrained(base(), folder).eval()
    torch.testing.assert_close(again(input_ids=x).logits, logits)
merged = model.merge_and_unload()
torch.testing.assert_close(merged(input_ids=x).logits, logits)
