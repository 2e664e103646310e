"""A convolutional autoencoder that takes noise out of images."""

import argparse

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=4)
parser.add_argument("--images", type=int, default=2000)
args = parser.parse_args()
noise_factor = 0.5

torch.manual_seed(11)
rng = np.random.RandomState(11)
patterns = np.kron(rng.rand(10, 7, 7) > 0.6, np.ones((4, 4)))
train_data = patterns[rng.randint(0, 10, args.images)][:, None].astype("float32")
train_loader = torch.utils.data.DataLoader(train_data, batch_size=20, num_workers=0)


class ConvDenoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 16, 3, padding=1)
        self.conv3 = nn.Conv2d(16, 8, 3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.t_conv1 = nn.ConvTranspose2d(8, 8, 3, stride=2)
        self.t_conv2 = nn.ConvTranspose2d(8, 16, 2, stride=2)
        self.t_conv3 = nn.ConvTranspose2d(16, 32, 2, stride=2)
        self.conv_out = nn.Conv2d(32, 1, 3, padding=1)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = self.pool(F.relu(self.conv3(x)))
        x = F.relu(self.t_conv1(x))
        x = F.relu(self.t_conv2(x))
        x = F.relu(self.t_conv3(x))
        return torch.sigmoid(self.conv_out(x))


model = ConvDenoiser()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)

for epoch in range(1, args.epochs + 1):
    train_loss = 0.0
    for images in train_loader:
        noisy_imgs = images + noise_factor * torch.randn(*images.shape)
        noisy_imgs = torch.clip(noisy_imgs, 0.0, 1.0)
        optimizer.zero_grad()
        outputs = model(noisy_imgs)
        loss = criterion(outputs, images)
        loss.backward()
        optimizer.step()
        train_loss += loss.item() * images.size(0)
    train_loss = train_loss / len(train_loader)
    print("Epoch: {} \tTraining Loss: {:.6f}".format(epoch, train_loss))
