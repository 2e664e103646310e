"""Train a shared model in one other process."""

from __future__ import print_function

import argparse
import os

import torch
import torch.multiprocessing as mp
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 4, kernel_size=3)
        self.conv2_drop = nn.Dropout2d()
        self.fc1 = nn.Linear(36, 16)
        self.fc2 = nn.Linear(16, 4)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv2_drop(self.conv1(x)), 2))
        x = x.view(-1, 36)
        x = F.relu(self.fc1(x))
        x = F.dropout(x, training=self.training)
        return F.log_softmax(self.fc2(x), dim=1)


def quadrants(n, seed):
    g = torch.Generator().manual_seed(seed)
    y = torch.randint(0, 4, (n,), generator=g)
    x = torch.rand(n, 1, 8, 8, generator=g)
    for i in range(n):
        r, c = divmod(int(y[i]), 2)
        x[i, 0, 4 * r : 4 * r + 4, 4 * c : 4 * c + 4] += 1
    return TensorDataset(x, y)


def train(rank, args, model, device, dataset, dataloader_kwargs):
    torch.manual_seed(args.seed + rank)
    train_loader = DataLoader(dataset, **dataloader_kwargs)
    optimizer = optim.SGD(model.parameters(), lr=args.lr, momentum=args.momentum)
    for epoch in range(1, args.epochs + 1):
        model.train()
        pid = os.getpid()
        assert pid != args.parent
        for batch_idx, (data, target) in enumerate(train_loader):
            optimizer.zero_grad()
            output = model(data.to(device))
            loss = F.nll_loss(output, target.to(device))
            loss.backward()
            optimizer.step()
            if batch_idx % 8 == 0:
                print(
                    "Train Epoch: {} [{}/{}]\tLoss: {:.5f}".format(
                        epoch, batch_idx * len(data), len(dataset), loss.item()
                    ),
                    flush=True,
                )


def test(args, model, device, dataset, dataloader_kwargs):
    torch.manual_seed(args.seed)
    model.eval()
    test_loss, correct = 0, 0
    with torch.no_grad():
        for data, target in DataLoader(dataset, **dataloader_kwargs):
            output = model(data.to(device))
            test_loss += F.nll_loss(output, target, reduction="sum").item()
            pred = output.max(1)[1]
            correct += pred.eq(target.to(device)).sum().item()
    test_loss /= len(dataset)
    print(
        "Test set: Average loss: {:.4f}, Accuracy: {}/{}".format(
            test_loss, correct, len(dataset)
        )
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--momentum", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--num-processes", type=int, default=1)
    args = parser.parse_args()
    args.parent = os.getpid()
    device = torch.device("cpu")
    torch.manual_seed(args.seed)
    mp.set_start_method("spawn", force=True)
    model = Net().to(device)
    model.share_memory()  # gradients are allocated lazily, so they are not shared here
    kwargs = {"batch_size": args.batch_size, "shuffle": True}
    processes = []
    for rank in range(args.num_processes):
        p = mp.Process(
            target=train, args=(rank, args, model, device, quadrants(320, 0), kwargs)
        )
        p.start()
        processes.append(p)
    for p in processes:
        p.join()
        assert p.exitcode == 0
    test(args, model, device, quadrants(100, 1), kwargs)
