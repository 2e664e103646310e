"""A llama-like model: RMSNorm, rotary embeddings, grouped queries, a KV cache.

It is trained, fine-tuned by low-rank adapters that are then merged, and generates
greedily, with the cache and without, by nucleus sampling and by beam search.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class ModelArgs:
    dim: int = 32
    n_layers: int = 2
    n_heads: int = 4
    n_kv_heads: int = 2
    vocab_size: int = 24
    hidden: int = 64
    norm_eps: float = 1e-5
    max_seq_len: int = 48


class RMSNorm(nn.Module):
    def __init__(self, dim, eps):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def _norm(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)

    def forward(self, x):
        return self._norm(x.float()).type_as(x) * self.weight


def precompute_freqs_cis(dim, end, theta=10000.0):
    freqs = 1.0 / (theta ** (torch.arange(0, dim, 2)[: (dim // 2)].float() / dim))
    return torch.polar(torch.ones(end, dim // 2), torch.outer(torch.arange(end), freqs))


def apply_rotary_emb(x, freqs_cis):
    x_ = torch.view_as_complex(x.float().reshape(*x.shape[:-1], -1, 2))
    return torch.view_as_real(x_ * freqs_cis[None, :, None, :]).flatten(3).type_as(x)


def repeat_kv(x, n_rep):
    bs, slen, n_kv_heads, head_dim = x.shape
    x = x[:, :, :, None, :].expand(bs, slen, n_kv_heads, n_rep, head_dim)
    return x.reshape(bs, slen, n_kv_heads * n_rep, head_dim)


class Attention(nn.Module):
    def __init__(self, args):
        super().__init__()
        self.n_rep = args.n_heads // args.n_kv_heads
        self.head_dim = args.dim // args.n_heads
        kv_dim = args.n_kv_heads * self.head_dim
        self.wq = nn.Linear(args.dim, args.dim, bias=False)
        self.wk = nn.Linear(args.dim, kv_dim, bias=False)
        self.wv = nn.Linear(args.dim, kv_dim, bias=False)
        self.wo = nn.Linear(args.dim, args.dim, bias=False)
        self.cache = None

    def forward(self, x, start_pos, freqs_cis, mask):
        bsz, seqlen, _ = x.shape
        q = apply_rotary_emb(self.wq(x).view(bsz, seqlen, -1, self.head_dim), freqs_cis)
        k = apply_rotary_emb(self.wk(x).view(bsz, seqlen, -1, self.head_dim), freqs_cis)
        v = self.wv(x).view(bsz, seqlen, -1, self.head_dim)
        if self.cache is not None:
            self.cache[0][:bsz, start_pos : start_pos + seqlen] = k
            self.cache[1][:bsz, start_pos : start_pos + seqlen] = v
            k, v = (c[:bsz, : start_pos + seqlen] for c in self.cache)
        q, k, v = (
            t.transpose(1, 2)
            for t in (q, repeat_kv(k, self.n_rep), repeat_kv(v, self.n_rep))
        )
        scores = torch.matmul(q, k.transpose(2, 3)) / math.sqrt(self.head_dim)
        if mask is not None:
            scores = scores + mask
        scores = F.softmax(scores.float(), dim=-1).type_as(q)
        return self.wo(torch.matmul(scores, v).transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self, args):
        super().__init__()
        self.w1 = nn.Linear(args.dim, args.hidden, bias=False)
        self.w2 = nn.Linear(args.hidden, args.dim, bias=False)
        self.w3 = nn.Linear(args.dim, args.hidden, bias=False)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


class TransformerBlock(nn.Module):
    def __init__(self, args):
        super().__init__()
        self.attention, self.feed_forward = Attention(args), FeedForward(args)
        self.attention_norm = RMSNorm(args.dim, args.norm_eps)
        self.ffn_norm = RMSNorm(args.dim, args.norm_eps)

    def forward(self, x, *context):
        h = x + self.attention(self.attention_norm(x), *context)
        return h + self.feed_forward(self.ffn_norm(h))


class Transformer(nn.Module):
    def __init__(self, args):
        super().__init__()
        self.args = args
        self.tok_embeddings = nn.Embedding(args.vocab_size, args.dim)
        self.layers = nn.ModuleList(
            TransformerBlock(args) for _ in range(args.n_layers)
        )
        self.norm = RMSNorm(args.dim, args.norm_eps)
        self.output = nn.Linear(args.dim, args.vocab_size, bias=False)
        freqs = precompute_freqs_cis(args.dim // args.n_heads, args.max_seq_len)
        self.register_buffer("freqs_cis", freqs, persistent=False)

    def forward(self, tokens, start_pos=0):
        seqlen = tokens.shape[1]
        freqs_cis = self.freqs_cis[start_pos : start_pos + seqlen]
        mask = None
        if seqlen > 1:
            mask = torch.full((seqlen, seqlen), float("-inf"))
            mask = torch.triu(mask, diagonal=1)
            mask = torch.hstack([torch.zeros((seqlen, start_pos)), mask])
        h = self.tok_embeddings(tokens)
        for layer in self.layers:
            h = layer(h, start_pos, freqs_cis, mask)
        return self.output(self.norm(h)).float()

    def set_cache(self, batch):
        for layer in self.layers:
            a = layer.attention
            shape = (batch, self.args.max_seq_len, self.args.n_kv_heads, a.head_dim)
            a.cache = [torch.zeros(shape), torch.zeros(shape)] if batch else None


class LoRALinear(nn.Module):
    def __init__(self, base, r, alpha):
        super().__init__()
        self.base, self.scaling = base, alpha / r
        base.weight.requires_grad = False
        self.lora_A = nn.Parameter(torch.empty(r, base.in_features))
        self.lora_B = nn.Parameter(torch.zeros(base.out_features, r))
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))

    def forward(self, x):
        return self.base(x) + (x @ self.lora_A.T @ self.lora_B.T) * self.scaling

    def merge(self):
        with torch.no_grad():
            self.base.weight += self.lora_B @ self.lora_A * self.scaling
        return self.base


def batch_of(kind, size=16):
    start = torch.randint(0, 24, (size, 1))
    step = (
        torch.randint(1, 4, (size, 1)) if kind == "count" else torch.full((size, 1), 5)
    )
    return (start + step * torch.arange(17)) % 24


def train(model, kind, steps, lr):
    params = [p for p in model.parameters() if p.requires_grad]
    print(f"{kind}: {sum(p.numel() for p in params)} parameters are trained")
    optimizer = torch.optim.AdamW(params, lr=lr, betas=(0.9, 0.95), weight_decay=0.1)
    warmup = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda i: min(1.0, (i + 1) / 5)
    )
    model.train()
    for step in range(steps):
        tokens = batch_of(kind)
        logits = model(tokens[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        warmup.step()
        if step % 10 == 9:
            print(f"step {step} loss {loss.item():.4f}")


@torch.no_grad()
def greedy(model, prompt, length, cached):
    model.set_cache(len(prompt) if cached else 0)
    tokens, seen = prompt, 0
    while tokens.shape[1] < length:
        new = tokens[:, seen:] if cached else tokens
        logits = model(new, seen if cached else 0)[:, -1]
        seen = tokens.shape[1]
        tokens = torch.cat([tokens, logits.argmax(-1, keepdim=True)], dim=1)
    model.set_cache(0)
    return tokens


@torch.no_grad()
def nucleus(model, prompt, length, p=0.9, temperature=0.8):
    tokens = prompt
    while tokens.shape[1] < length:
        probs = torch.softmax(model(tokens)[:, -1] / temperature, dim=-1)
        probs_sort, probs_idx = torch.sort(probs, dim=-1, descending=True)
        probs_sum = torch.cumsum(probs_sort, dim=-1)
        probs_sort[probs_sum - probs_sort > p] = 0.0
        probs_sort.div_(probs_sort.sum(dim=-1, keepdim=True))
        chosen = torch.gather(probs_idx, -1, torch.multinomial(probs_sort, 1))
        tokens = torch.cat([tokens, chosen], dim=1)
    return tokens


@torch.no_grad()
def beam_search(model, prompt, length, beams=3):
    tokens, scores = prompt.repeat(beams, 1), torch.tensor([0.0] + [-1e9] * (beams - 1))
    while tokens.shape[1] < length:
        log_probs = F.log_softmax(model(tokens)[:, -1], dim=-1)
        total = (scores[:, None] + log_probs).view(-1)
        scores, index = total.topk(beams)
        beam = torch.div(index, log_probs.shape[1], rounding_mode="floor")
        tokens = torch.cat([tokens[beam], (index % log_probs.shape[1])[:, None]], dim=1)
    return tokens[0], scores[0]


torch.manual_seed(1)
model = Transformer(ModelArgs())
train(model, "count", 60, 1e-2)
for layer in model.layers:
    for name in ("wq", "wv"):
        base = getattr(layer.attention, name)
        setattr(layer.attention, name, LoRALinear(base, r=4, alpha=8))
for name, p in model.named_parameters():
    p.requires_grad = "lora_" in name
train(model, "fives", 30, 2e-2)
model.eval()
prompt = torch.tensor([[0, 5, 10], [3, 8, 13]])
before = model(prompt)
for layer in model.layers:
    for name in ("wq", "wv"):
        setattr(layer.attention, name, getattr(layer.attention, name).merge())
print("merged equals adapters:", torch.allclose(before, model(prompt), atol=1e-4))
with_cache, without = (greedy(model, prompt, 12, cached) for cached in (True, False))
print("greedy", with_cache.tolist(), torch.equal(with_cache, without))
print("nucleus", nucleus(model, prompt, 10).tolist())
best, score = beam_search(model, prompt[:1], 9)
print(f"beam {best.tolist()} {score.item():.4f}")
