"""A siamese network learns whether two images show the same thing."""

import argparse
import random

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset


class SiameseNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn1 = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(1, 4, kernel_size=3),
            nn.ReLU(inplace=True),
            nn.BatchNorm2d(4),
            nn.ReflectionPad2d(1),
            nn.Conv2d(4, 8, kernel_size=3),
            nn.ReLU(inplace=True),
            nn.BatchNorm2d(8),
            nn.ReflectionPad2d(1),
            nn.Conv2d(8, 8, kernel_size=3),
            nn.ReLU(inplace=True),
            nn.BatchNorm2d(8),
        )
        self.fc1 = nn.Sequential(
            nn.Linear(8 * 50 * 50, 250),
            nn.ReLU(inplace=True),
            nn.Linear(250, 250),
            nn.ReLU(inplace=True),
            nn.Linear(250, 5),
        )

    def forward_once(self, x):
        output = self.cnn1(x)
        output = output.view(output.size()[0], -1)
        return self.fc1(output)

    def forward(self, input1, input2):
        return self.forward_once(input1), self.forward_once(input2)


class ContrastiveLoss(torch.nn.Module):
    """Pulls equal pairs together and pushes others apart, up to a margin."""

    def __init__(self, margin=2.0):
        super().__init__()
        self.margin = margin

    def forward(self, output1, output2, label):
        distance = F.pairwise_distance(output1, output2, keepdim=True)
        return torch.mean(
            (1 - label) * torch.pow(distance, 2)
            + label * torch.pow(torch.clamp(self.margin - distance, min=0.0), 2)
        )


class Pairs(Dataset):
    """Every second pair is of one person: 40 people, ten pictures each."""

    def __init__(self, length, seed=0):
        rng = np.random.RandomState(seed)
        coarse = np.kron(rng.rand(40, 10, 10), np.ones((5, 5)))
        noise = 0.2 * rng.rand(40, 10, 50, 50)
        self.pictures = (coarse[:, None] + noise).astype(np.float32)
        self.length = length

    def __getitem__(self, index):
        first = random.randrange(40)
        same = random.randint(0, 1)
        second = first if same else random.choice([i for i in range(40) if i != first])
        img0 = self.pictures[first, random.randrange(10)]
        img1 = self.pictures[second, random.randrange(10)]
        label = torch.from_numpy(np.array([int(not same)], dtype=np.float32))
        return torch.from_numpy(img0[None]), torch.from_numpy(img1[None]), label

    def __len__(self):
        return self.length


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--pairs", type=int, default=400)
    args = parser.parse_args()
    random.seed(3)
    torch.manual_seed(3)

    loader = DataLoader(Pairs(args.pairs), shuffle=True, batch_size=32)
    net = SiameseNetwork()
    criterion = ContrastiveLoss()
    optimizer = optim.Adam(net.parameters(), lr=0.0005)
    loss_history = []
    for epoch in range(args.epochs):
        for i, (img0, img1, label) in enumerate(loader):
            optimizer.zero_grad()
            output1, output2 = net(img0, img1)
            loss = criterion(output1, output2, label)
            loss.backward()
            optimizer.step()
            if i % 10 == 0:
                print(f"Epoch number {epoch}\n Current loss {loss.item():.4f}\n")
                loss_history.append(loss.item())

    net.eval()
    test_loader = DataLoader(Pairs(20, seed=1), batch_size=1)
    hits = 0
    with torch.no_grad():
        for x0, x1, label in test_loader:
            output1, output2 = net(x0, x1)
            distance = F.pairwise_distance(output1, output2).item()
            hits += (distance > 1.0) == bool(label.item())
    print(f"right: {hits} of 20")


if __name__ == "__main__":
    main()
