"""Super-resolution with a sub-pixel convolution."""

import argparse
from math import log10

import numpy as np
import torch
import torch.nn as nn
import torch.nn.init as init
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset

parser = argparse.ArgumentParser(description="PyTorch Super Res Example")
parser.add_argument("--upscale_factor", type=int, default=3)
parser.add_argument("--batchSize", type=int, default=4)
parser.add_argument("--testBatchSize", type=int, default=10)
parser.add_argument("--nEpochs", type=int, default=2)
parser.add_argument("--images", type=int, default=60)
parser.add_argument("--lr", type=float, default=0.01)
parser.add_argument("--cuda", action="store_true")
parser.add_argument("--seed", type=int, default=123)
opt = parser.parse_args()

torch.manual_seed(opt.seed)
device = torch.device("cuda" if opt.cuda else "cpu")


class Net(nn.Module):
    def __init__(self, upscale_factor):
        super(Net, self).__init__()
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(1, 64, (5, 5), (1, 1), (2, 2))
        self.conv2 = nn.Conv2d(64, 64, (3, 3), (1, 1), (1, 1))
        self.conv3 = nn.Conv2d(64, 32, (3, 3), (1, 1), (1, 1))
        self.conv4 = nn.Conv2d(32, upscale_factor**2, (3, 3), (1, 1), (1, 1))
        self.pixel_shuffle = nn.PixelShuffle(upscale_factor)
        self._initialize_weights()

    def forward(self, x):
        x = self.relu(self.conv1(x))
        x = self.relu(self.conv2(x))
        x = self.relu(self.conv3(x))
        return self.pixel_shuffle(self.conv4(x))

    def _initialize_weights(self):
        init.orthogonal_(self.conv1.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv2.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv3.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv4.weight)


class Waves(Dataset):
    """Images of a few plane waves, and the same at a third of the size."""

    def __init__(self, count, seed, factor, size=192):
        rng = np.random.RandomState(seed)
        y, x = np.mgrid[0 : 1 : size * 1j, 0 : 1 : size * 1j]
        self.targets = np.zeros((count, 1, size, size), np.float32)
        for image in self.targets:
            for _ in range(6):
                fx, fy, phase = rng.uniform(0, 60), rng.uniform(0, 60), rng.rand()
                image[0] += np.sin(fx * x + fy * y + 7 * phase) / 6
        self.targets = 0.5 + self.targets / 2
        small = size // factor
        cells = self.targets.reshape(count, 1, small, factor, small, factor)
        self.inputs = cells.mean(axis=(3, 5))

    def __getitem__(self, index):
        return torch.from_numpy(self.inputs[index]), torch.from_numpy(
            self.targets[index]
        )

    def __len__(self):
        return len(self.inputs)


train_set = Waves(opt.images, 1, opt.upscale_factor)
test_set = Waves(opt.images // 3, 2, opt.upscale_factor)
training_data_loader = DataLoader(train_set, batch_size=opt.batchSize, shuffle=True)
testing_data_loader = DataLoader(test_set, batch_size=opt.testBatchSize)

model = Net(upscale_factor=opt.upscale_factor).to(device)
criterion = nn.MSELoss()
optimizer = optim.Adam(model.parameters(), lr=opt.lr)


def train(epoch):
    epoch_loss = 0
    for iteration, batch in enumerate(training_data_loader, 1):
        input, target = batch[0].to(device), batch[1].to(device)
        optimizer.zero_grad()
        loss = criterion(model(input), target)
        epoch_loss += loss.item()
        loss.backward()
        optimizer.step()
        print(f"===> Epoch[{epoch}]({iteration}): Loss: {loss.item():.4f}")
    mean = epoch_loss / len(training_data_loader)
    print(f"===> Epoch {epoch} Complete: Avg. Loss: {mean:.4f}")


def test():
    avg_psnr = 0
    with torch.no_grad():
        for batch in testing_data_loader:
            input, target = batch[0].to(device), batch[1].to(device)
            mse = criterion(model(input), target)
            avg_psnr += 10 * log10(1 / mse.item())
    print(f"===> Avg. PSNR: {avg_psnr / len(testing_data_loader):.3f} dB")


for epoch in range(1, opt.nEpochs + 1):
    train(epoch)
    test()
