"""Connectionist temporal classification of sequences by a bidirectional LSTM."""

import torch
from torch import nn
from torch.optim import Adam
from torch.optim.lr_scheduler import OneCycleLR

torch.manual_seed(3)
BLANK, CLASSES = 0, 6


def make_batch(n, generator):
    frames, lengths, targets, target_lengths = [], [], [], []
    for _ in range(n):
        size = int(torch.randint(2, 5, (), generator=generator))
        label = torch.randint(1, CLASSES, (size,), generator=generator)
        repeats = torch.randint(2, 5, (size,), generator=generator)
        spread = torch.repeat_interleave(label, repeats)
        x = torch.nn.functional.one_hot(spread, CLASSES).float()
        x += 0.3 * torch.randn(x.shape, generator=generator)
        frames.append(x)
        lengths.append(len(x))
        targets.append(label)
        target_lengths.append(size)
    return (
        nn.utils.rnn.pad_sequence(frames),
        torch.tensor(lengths),
        torch.cat(targets),
        torch.tensor(target_lengths),
    )


class Recognizer(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.conv = nn.Conv1d(CLASSES, hidden, 3, padding=1)
        self.norm = nn.LayerNorm(hidden)
        self.rnn = nn.LSTM(hidden, hidden, num_layers=2, bidirectional=True)
        self.head = nn.Linear(2 * hidden, CLASSES)

    def forward(self, x, lengths):
        x = self.conv(x.permute(1, 2, 0)).permute(2, 0, 1)
        x = nn.functional.gelu(self.norm(x))
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
        x, _ = nn.utils.rnn.pad_packed_sequence(self.rnn(packed)[0])
        return self.head(x).log_softmax(2)


def greedy(log_probs, lengths):
    best = log_probs.argmax(2).T
    words = []
    for row, n in zip(best, lengths):
        row = torch.unique_consecutive(row[:n])
        words.append(row[row != BLANK].tolist())
    return words


g = torch.Generator().manual_seed(0)
model = Recognizer()
criterion = nn.CTCLoss(blank=BLANK, zero_infinity=True)
steps = 60
optimizer = Adam(model.parameters(), lr=1e-2)
scheduler = OneCycleLR(optimizer, max_lr=1e-2, total_steps=steps)
for step in range(steps):
    x, lengths, y, y_lengths = make_batch(16, g)
    loss = criterion(model(x, lengths), y, lengths, y_lengths)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimizer.step()
    scheduler.step()
    if step % 10 == 0 or step == steps - 1:
        lr = scheduler.get_last_lr()[0]
        print(f"{step} loss {loss.item():.4f} norm {norm:.4f} lr {lr:.6f}")

model.eval()
with torch.inference_mode():
    x, lengths, y, y_lengths = make_batch(32, g)
    words = greedy(model(x, lengths), lengths)
    right = [w == t.tolist() for w, t in zip(words, y.split(y_lengths.tolist()))]
print("right:", sum(right) / len(right))
