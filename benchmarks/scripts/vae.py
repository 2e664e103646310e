"""A variational autoencoder of small grey images."""

import argparse

import numpy as np
import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--batch-size", type=int, default=128)
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--images", type=int, default=12000)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--log-interval", type=int, default=20)
args = parser.parse_args()

torch.manual_seed(args.seed)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def make_images(count, seed):
    """Two soft spots at random places in each image."""
    rng = np.random.RandomState(seed)
    y, x = np.mgrid[0:28, 0:28].astype(np.float32)
    images = np.zeros((count, 28, 28), np.float32)
    for _ in range(2):
        centers = rng.uniform(6, 22, (2, count, 1, 1)).astype(np.float32)
        widths = rng.uniform(4, 20, (count, 1, 1)).astype(np.float32)
        images += np.exp(-((y - centers[0]) ** 2 + (x - centers[1]) ** 2) / widths)
    return torch.from_numpy(images.clip(0, 1))


train_images, test_images = (
    make_images(args.images, 1),
    make_images(args.images // 6, 2),
)
train_loader = DataLoader(train_images, batch_size=args.batch_size, shuffle=True)
test_loader = DataLoader(test_images, batch_size=args.batch_size, shuffle=False)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 400)
        self.fc21 = nn.Linear(400, 20)
        self.fc22 = nn.Linear(400, 20)
        self.fc3 = nn.Linear(20, 400)
        self.fc4 = nn.Linear(400, 784)

    def encode(self, x):
        h = F.relu(self.fc1(x))
        return self.fc21(h), self.fc22(h)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode(self, z):
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z))))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 784))
        return self.decode(self.reparameterize(mu, logvar)), mu, logvar


model = VAE().to(device)
optimizer = optim.Adam(model.parameters(), lr=1e-3)


def loss_function(reconstruction, x, mu, logvar):
    bce = F.binary_cross_entropy(reconstruction, x.view(-1, 784), reduction="sum")
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return bce + kld


def train(epoch):
    model.train()
    total = 0
    for i, data in enumerate(train_loader):
        data = data.to(device)
        optimizer.zero_grad()
        reconstruction, mu, logvar = model(data)
        loss = loss_function(reconstruction, data, mu, logvar)
        loss.backward()
        total += loss.item()
        optimizer.step()
        if i % args.log_interval == 0:
            print(f"epoch {epoch} batch {i} loss {loss.item() / len(data):.3f}")
    print(f"====> epoch {epoch} average loss {total / len(train_images):.3f}")


def test():
    model.eval()
    total = 0
    with torch.no_grad():
        for data in test_loader:
            data = data.to(device)
            reconstruction, mu, logvar = model(data)
            total += loss_function(reconstruction, data, mu, logvar).item()
    print(f"====> test loss {total / len(test_images):.3f}")


for epoch in range(1, args.epochs + 1):
    train(epoch)
    test()
    with torch.no_grad():
        sample = model.decode(torch.randn(64, 20).to(device)).cpu()
        print(f"samples: mean {sample.mean().item():.4f}")
