"""An ordinary training script, in which a type checker knows every expression.

`test_sample.py` lets mypy read it, and compares what `reveal_type` shows with a table.
"""

from typing import reveal_type

import funcnet.compat as torch
from funcnet.compat import nn, optim
from funcnet.compat.nn import functional as F
from funcnet.compat.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    """A small classifier of images and of the sequences of their rows."""

    def __init__(self, hidden: int = 16) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 8, kernel_size=3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.rnn = nn.LSTM(8, hidden, batch_first=True)
        self.head = nn.Sequential(nn.Linear(hidden, 32), nn.ReLU(), nn.Linear(32, 10))
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(F.relu(self.norm(self.conv(x))), 2)
        rows = x.mean(dim=3).permute(0, 2, 1)
        outputs, (hidden, _) = self.rnn(rows)
        reveal_type(self.rnn(rows))
        return self.scale * self.head(outputs[:, -1]) + hidden[-1, :, :1] * 0.1


@torch.no_grad()
def accuracy(model: Net, x: torch.Tensor, y: torch.Tensor) -> float:
    """The share of right answers."""
    model.eval()
    return (model(x).argmax(dim=1) == y).float().mean().item()


torch.manual_seed(0)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
images, labels = torch.randn(64, 1, 8, 8), torch.randint(0, 10, (64,))
loader = DataLoader(TensorDataset(images, labels), batch_size=16, shuffle=True)
model = Net().to(device)
optimizer = optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)

for epoch in range(2):
    model.train()
    total = 0.0
    for x, y in loader:
        x, y = x.to(device, non_blocking=True), y.to(device)
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, y)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item() * len(x)
    scheduler.step()
    print(f"{epoch}: {total / len(labels):.3f} {accuracy(model, images, labels):.3f}")

weights = {name: w.detach().clone() for name, w in model.state_dict().items()}
model.load_state_dict(weights)
for parameter in model.parameters():
    parameter.requires_grad = False

reveal_type(model)
reveal_type(model(images))
reveal_type(nn.Linear(2, 3)(images))
reveal_type(criterion(logits, labels))
reveal_type(next(model.parameters()).grad)
reveal_type(model.state_dict())
reveal_type(weights)
reveal_type(images.shape)
reveal_type(images.size(0))
reveal_type(images[:, 0] + 2.5)
reveal_type(images.max(dim=1))
reveal_type(images.max(dim=1).indices)
reveal_type(torch.split(images, 16))
reveal_type(torch.linalg.svd(images))
reveal_type((images > 0).any())
reveal_type(labels.numpy())
reveal_type(images.to(torch.float64))
reveal_type(torch.autograd.grad(loss, [images]))
reveal_type(next(iter(loader)))
reveal_type(optimizer.step(lambda: criterion(model(images), labels)))
reveal_type(scheduler.get_last_lr())
reveal_type(norm)
