"""The same script, the same seed: PyTorch's own losses, data order included."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

from funcnet import compat
from tests.parity.report import Tally, Trial

STEPS = 100
TOLERANCE = 1e-3


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for script in (mlp, cnn, lstm, gpt, *DROPPING):
        yield Trial(script.__name__, f"{STEPS} steps", partial(_run, script))


def _run(script: Callable[[Any], list[float]]) -> None:
    wanted, result = _of_torch(script, threads=2), np.array(script(compat))
    error = np.abs(result / wanted - 1)
    tolerance = TOLERANCE
    if error.max() >= tolerance:
        # Training amplifies rounding: PyTorch's losses depend on its threads as well.
        tolerance += np.abs(_of_torch(script, threads=1) / wanted - 1).max()
    worst = int(error.argmax())
    assert error.max() < tolerance, (
        f"the loss of step {worst} is {result[worst]:.6f}, "
        f"PyTorch's {wanted[worst]:.6f}"
    )


def _of_torch(script: Callable[[Any], list[float]], threads: int) -> np.ndarray:
    torch.set_num_threads(threads)
    return np.array(script(torch))


def images(lib: Any) -> Any:
    random = np.random.default_rng(0)
    x = random.normal(size=(512, 1, 28, 28)).astype("float32")
    y = random.integers(0, 10, 512)
    data = lib.utils.data.TensorDataset(lib.tensor(x), lib.tensor(y))
    return lib.utils.data.DataLoader(data, batch_size=32, shuffle=True)


def train(
    lib: Any,
    model: Any,
    optimizer: Any,
    loss_of: Callable[[Any, Any], Any],
    loader: Any,
) -> list[float]:
    losses: list[float] = []
    while len(losses) < STEPS:
        for x, y in loader:
            optimizer.zero_grad()
            loss = loss_of(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if len(losses) == STEPS:
                break
    return losses


def mlp(lib: Any) -> list[float]:
    nn = lib.nn
    lib.manual_seed(1)
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)
    )
    optimizer = lib.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    return train(lib, model, optimizer, nn.CrossEntropyLoss(), images(lib))


def cnn(lib: Any) -> list[float]:
    nn, F = lib.nn, lib.nn.functional

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(1, 8, 3)
            self.conv2 = nn.Conv2d(8, 16, 3)
            self.norm = nn.BatchNorm2d(16)
            self.fc = nn.Linear(16 * 12 * 12, 10)

        def forward(self, x: Any) -> Any:
            x = F.relu(self.conv1(x))
            x = F.max_pool2d(F.relu(self.norm(self.conv2(x))), 2)
            return F.log_softmax(self.fc(lib.flatten(x, 1)), dim=1)

    lib.manual_seed(2)
    model = Net()
    optimizer = lib.optim.Adam(model.parameters(), lr=1e-3)
    return train(lib, model, optimizer, F.nll_loss, images(lib))


def lstm(lib: Any) -> list[float]:
    nn = lib.nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = nn.LSTM(28, 32, num_layers=2, batch_first=True)
            self.fc = nn.Linear(32, 10)

        def forward(self, x: Any) -> Any:
            output, _ = self.lstm(x.squeeze(1))
            return self.fc(output[:, -1])

    lib.manual_seed(3)
    model = Net()
    optimizer = lib.optim.Adam(model.parameters(), lr=3e-3)
    return train(lib, model, optimizer, nn.CrossEntropyLoss(), images(lib))


def gpt(lib: Any) -> list[float]:
    nn, F = lib.nn, lib.nn.functional
    width, heads, context, vocabulary = 32, 4, 16, 40

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv = nn.Linear(width, 3 * width)
            self.proj = nn.Linear(width, width)
            self.mlp = nn.Sequential(
                nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
            )

        def forward(self, x: Any) -> Any:
            n, t, c = x.size()
            parts = self.qkv(self.ln1(x)).split(width, dim=2)
            q, k, v = (
                part.view(n, t, heads, c // heads).transpose(1, 2) for part in parts
            )
            scores = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
            mask = lib.tril(lib.ones(t, t)).view(1, 1, t, t)
            scores = scores.masked_fill(mask == 0, float("-inf"))
            y = F.softmax(scores, dim=-1) @ v
            y = y.transpose(1, 2).contiguous().view(n, t, c)
            x = x + self.proj(y)
            return x + self.mlp(self.ln2(x))

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.tokens = nn.Embedding(vocabulary, width)
            self.places = nn.Embedding(context, width)
            self.blocks = nn.ModuleList([Block() for _ in range(2)])
            self.ln = nn.LayerNorm(width)
            self.head = nn.Linear(width, vocabulary, bias=False)

        def forward(self, idx: Any) -> Any:
            places = lib.arange(idx.size(1))
            x = self.tokens(idx) + self.places(places)
            for block in self.blocks:
                x = block(x)
            return self.head(self.ln(x))

    lib.manual_seed(4)
    model = Net()
    optimizer = lib.optim.AdamW(model.parameters(), lr=1e-3)
    text = np.random.default_rng(0).integers(0, vocabulary, 2000)

    def loss_of(logits: Any, target: Any) -> Any:
        return F.cross_entropy(logits.view(-1, vocabulary), target.view(-1))

    losses = []
    data = lib.tensor(text)
    for _ in range(STEPS):
        starts = lib.randint(len(data) - context - 1, (8,))
        x = lib.stack([data[i : i + context] for i in starts])
        y = lib.stack([data[i + 1 : i + 1 + context] for i in starts])
        loss = loss_of(model(x), y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses


# --- the same with dropout, and shuffles between its masks ----------------------------


def dropped_cnn(lib: Any) -> list[float]:
    """The network of pytorch/examples, as in the benchmarks."""
    nn, F = lib.nn, lib.nn.functional

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(1, 8, 3, 1)
            self.conv2 = nn.Conv2d(8, 16, 3, 1)
            self.dropout1 = nn.Dropout(0.25)
            self.dropout2 = nn.Dropout(0.5)
            self.fc1 = nn.Linear(16 * 12 * 12, 32)
            self.fc2 = nn.Linear(32, 10)

        def forward(self, x: Any) -> Any:
            x = F.relu(self.conv1(x))
            x = F.relu(self.conv2(x))
            x = self.dropout1(F.max_pool2d(x, 2))
            x = F.relu(self.fc1(lib.flatten(x, 1)))
            return F.log_softmax(self.fc2(self.dropout2(x)), dim=1)

    lib.manual_seed(5)
    model = Net()
    optimizer = lib.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    return train(lib, model, optimizer, F.nll_loss, images(lib))


def dropped_channels(lib: Any) -> list[float]:
    nn = lib.nn
    lib.manual_seed(6)
    model = nn.Sequential(
        *(nn.Conv2d(1, 8, 3, 2), nn.BatchNorm2d(8), nn.ReLU(), nn.Dropout2d(0.3)),
        *(nn.Flatten(), nn.LazyLinear(32), nn.SELU(), nn.AlphaDropout(0.2)),
        nn.Linear(32, 10),
    )
    loader = images(lib)
    model(next(iter(loader))[0])
    optimizer = lib.optim.Adam(model.parameters(), lr=1e-3)
    return train(lib, model, optimizer, nn.CrossEntropyLoss(), loader)


def dropped_lstm(lib: Any) -> list[float]:
    nn = lib.nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = nn.LSTM(28, 24, num_layers=3, batch_first=True, dropout=0.3)
            self.drop = nn.Dropout(0.2)
            self.fc = nn.Linear(24, 10)

        def forward(self, x: Any) -> Any:
            output, _ = self.lstm(x.squeeze(1))
            return self.fc(self.drop(output).mean(1))

    lib.manual_seed(7)
    model = Net()
    optimizer = lib.optim.Adam(model.parameters(), lr=3e-3)
    return train(lib, model, optimizer, nn.CrossEntropyLoss(), images(lib))


def dropped_encoder(lib: Any) -> list[float]:
    nn = lib.nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.enter = nn.Linear(28, 32)
            layer = nn.TransformerEncoderLayer(32, 4, 64, 0.1, batch_first=True)
            self.encoder = nn.TransformerEncoder(layer, 2)
            self.fc = nn.Linear(32, 10)

        def forward(self, x: Any) -> Any:
            return self.fc(self.encoder(self.enter(x.squeeze(1))).mean(1))

    lib.manual_seed(8)
    model = Net()
    optimizer = lib.optim.AdamW(model.parameters(), lr=1e-3)
    return train(lib, model, optimizer, nn.CrossEntropyLoss(), images(lib))


def dropped_gpt(lib: Any) -> list[float]:
    """In the form of nanoGPT: dropout of the embedding, of weights and of residuals."""
    nn, F = lib.nn, lib.nn.functional
    width, heads, context, vocabulary, p = 32, 4, 16, 40, 0.1

    class Attention(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.c_attn = nn.Linear(width, 3 * width)
            self.c_proj = nn.Linear(width, width)
            self.resid_dropout = nn.Dropout(p)

        def forward(self, x: Any) -> Any:
            n, t, c = x.size()
            q, k, v = (
                part.view(n, t, heads, c // heads).transpose(1, 2)
                for part in self.c_attn(x).split(width, dim=2)
            )
            y = F.scaled_dot_product_attention(
                q, k, v, dropout_p=p if self.training else 0, is_causal=True
            )
            y = y.transpose(1, 2).contiguous().view(n, t, c)
            return self.resid_dropout(self.c_proj(y))

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.attn = Attention()
            self.mlp = nn.Sequential(
                *(nn.Linear(width, 4 * width), nn.GELU()),
                *(nn.Linear(4 * width, width), nn.Dropout(p)),
            )

        def forward(self, x: Any) -> Any:
            x = x + self.attn(self.ln_1(x))
            return x + self.mlp(self.ln_2(x))

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.wte = nn.Embedding(vocabulary, width)
            self.wpe = nn.Embedding(context, width)
            self.drop = nn.Dropout(p)
            self.blocks = nn.ModuleList([Block() for _ in range(2)])
            self.ln_f = nn.LayerNorm(width)
            self.lm_head = nn.Linear(width, vocabulary, bias=False)
            self.wte.weight = self.lm_head.weight

        def forward(self, idx: Any) -> Any:
            places = lib.arange(idx.size(1))
            x = self.drop(self.wte(idx) + self.wpe(places))
            for block in self.blocks:
                x = block(x)
            return self.lm_head(self.ln_f(x))

    lib.manual_seed(9)
    model = Net()
    optimizer = lib.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95))
    text = np.random.default_rng(0).integers(0, vocabulary, (160, context + 1))
    text = lib.tensor(text)
    data = lib.utils.data.TensorDataset(text[:, :-1], text[:, 1:])
    loader = lib.utils.data.DataLoader(data, batch_size=16, shuffle=True)

    def loss_of(logits: Any, target: Any) -> Any:
        return F.cross_entropy(logits.view(-1, vocabulary), target.reshape(-1))

    return train(lib, model, optimizer, loss_of, loader)


DROPPING = (dropped_cnn, dropped_channels, dropped_lstm, dropped_encoder, dropped_gpt)
