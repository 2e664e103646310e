"""A plain autoencoder with a code of three numbers."""

import os

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

num_epochs = int(os.environ.get("EPOCHS", 12))
batch_size = 128
learning_rate = 1e-3

torch.manual_seed(0)
rng = np.random.RandomState(0)
patterns = np.kron(rng.rand(10, 7, 7) > 0.6, np.ones((4, 4)))
labels = rng.randint(0, 10, 10000)
images = patterns[labels] * rng.uniform(0.5, 1, (10000, 1, 1))
images = torch.tensor(images, dtype=torch.float32) * 2 - 1
dataset = TensorDataset(images, torch.from_numpy(labels))
dataloader = DataLoader(dataset, batch_size=batch_size, shuffle=True)


class autoencoder(nn.Module):
    def __init__(self):
        super(autoencoder, self).__init__()
        self.encoder = nn.Sequential(
            nn.Linear(28 * 28, 128),
            nn.ReLU(True),
            nn.Linear(128, 64),
            nn.ReLU(True),
            nn.Linear(64, 12),
            nn.ReLU(True),
            nn.Linear(12, 3),
        )
        self.decoder = nn.Sequential(
            nn.Linear(3, 12),
            nn.ReLU(True),
            nn.Linear(12, 64),
            nn.ReLU(True),
            nn.Linear(64, 128),
            nn.ReLU(True),
            nn.Linear(128, 28 * 28),
            nn.Tanh(),
        )

    def forward(self, x):
        x = self.encoder(x)
        x = self.decoder(x)
        return x


model = autoencoder()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, weight_decay=1e-5)

for epoch in range(num_epochs):
    for data in dataloader:
        img, _ = data
        img = img.view(img.size(0), -1)
        output = model(img)
        loss = criterion(output, img)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("epoch [{}/{}], loss:{:.4f}".format(epoch + 1, num_epochs, loss.item()))
    if epoch % 10 == 0:
        pic = (output.detach() * 0.5 + 0.5).clamp(0, 1).view(-1, 1, 28, 28)
        print("mean of the pictures: {:.4f}".format(pic.mean().item()))
