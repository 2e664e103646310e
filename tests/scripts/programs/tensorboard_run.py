"""A training run that writes to TensorBoard all that it can."""

import glob
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn as nn
import torchvision
from torch.utils.tensorboard import SummaryWriter

torch.manual_seed(0)
writer = SummaryWriter("runs/fashion_experiment_1")
model = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 3))
images = torch.rand(8, 1, 16, 16)
labels = torch.randint(0, 3, (8,))
img_grid = torchvision.utils.make_grid(images)
writer.add_image("images", img_grid)
writer.add_images("batch", images, 0)
x = torch.randn(90, 10)
y = x[:, :3].argmax(1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
criterion = nn.CrossEntropyLoss()
running_loss = 0.0
for step in range(30):
    loss = criterion(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    running_loss += loss.item()
    writer.add_scalar("training loss", loss, global_step=step)
    writer.add_scalars(
        "lr", {"main": optimizer.param_groups[0]["lr"], "loss": loss.item()}, step
    )
    if step % 10 == 9:
        for name, param in model.named_parameters():
            writer.add_histogram(name, param, step)
            writer.add_histogram(f"{name}.grad", param.grad, step)
        fig = plt.figure()
        plt.bar(np.arange(3), model(x).softmax(1).mean(0).detach().numpy())
        writer.add_figure("predictions", fig, global_step=step)
        print(step, round(running_loss / 10, 4))
        running_loss = 0.0
probs = model(x).softmax(1)
for i in range(3):
    writer.add_pr_curve(f"class {i}", y == i, probs[:, i], global_step=0)
writer.add_text("note", "done **well**")
writer.add_hparams(
    {"lr": 0.05, "width": 16},
    {"hparam/accuracy": (probs.argmax(1) == y).float().mean().item()},
)
writer.add_embedding(x[:20], metadata=y[:20].tolist(), tag="inputs")
writer.flush()
writer.close()
files = glob.glob("runs/**/events*", recursive=True)
print(len(files) >= 1, all(os.path.getsize(f) > 100 for f in files))
