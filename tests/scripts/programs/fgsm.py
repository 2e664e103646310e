"""Adversarial examples by the sign of the gradient, of a network trained here."""

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import transforms

torch.manual_seed(42)
epsilons = [0, 0.1, 0.2, 0.3]
device = torch.device("cpu")


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, 2)
        self.fc1 = nn.Linear(8 * 36, 32)
        self.dropout1 = nn.Dropout(0.25)
        self.fc2 = nn.Linear(32, 4)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.max_pool2d(x, 2)
        x = torch.flatten(x, 1)
        x = self.dropout1(F.relu(self.fc1(x)))
        return F.log_softmax(self.fc2(x), dim=1)


n = 260
labels = torch.arange(n) % 4
images = torch.rand(n, 1, 28, 28) * 0.5
for image, label in zip(images, labels.tolist()):
    image[
        0,
        14 * (label // 2) + 2 : 14 * (label // 2) + 12,
        14 * (label % 2) + 2 : 14 * (label % 2) + 12,
    ] += 0.3
images = transforms.Normalize((0.1307,), (0.3081,))(images)
train_set = torch.utils.data.TensorDataset(images[:200], labels[:200])
test_set = torch.utils.data.TensorDataset(images[200:], labels[200:])
model = Net().to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(4):
    for data, target in torch.utils.data.DataLoader(train_set, batch_size=40):
        optimizer.zero_grad(set_to_none=True)
        loss = F.nll_loss(model(data), target)
        loss.backward()
        optimizer.step()
print("trained to %.4f" % loss.item())
model.eval()
test_loader = torch.utils.data.DataLoader(test_set, batch_size=1, shuffle=True)


def fgsm_attack(image, epsilon, data_grad):
    sign_data_grad = data_grad.sign()
    perturbed_image = image + epsilon * sign_data_grad
    perturbed_image = torch.clamp(perturbed_image, 0, 1)
    return perturbed_image


def denorm(batch, mean=[0.1307], std=[0.3081]):
    if isinstance(mean, list):
        mean = torch.tensor(mean).to(device)
    if isinstance(std, list):
        std = torch.tensor(std).to(device)
    return batch * std.view(1, -1, 1, 1) + mean.view(1, -1, 1, 1)


def test(model, device, test_loader, epsilon):
    correct = 0
    adv_examples = []
    for data, target in test_loader:
        data, target = data.to(device), target.to(device)
        data.requires_grad = True
        output = model(data)
        init_pred = output.max(1, keepdim=True)[1]
        if init_pred.item() != target.item():
            continue
        loss = F.nll_loss(output, target)
        model.zero_grad()
        loss.backward()
        data_grad = data.grad.data
        data_denorm = denorm(data)
        perturbed_data = fgsm_attack(data_denorm, epsilon, data_grad)
        perturbed_data_normalized = transforms.Normalize((0.1307,), (0.3081,))(
            perturbed_data
        )
        output = model(perturbed_data_normalized)
        final_pred = output.max(1, keepdim=True)[1]
        if final_pred.item() == target.item():
            correct += 1
        elif len(adv_examples) < 5:
            adv_ex = perturbed_data.squeeze().detach().cpu().numpy()
            adv_examples.append((init_pred.item(), final_pred.item(), adv_ex))
    final_acc = correct / float(len(test_loader))
    print(
        f"Epsilon: {epsilon}\tTest Accuracy = {correct} / {len(test_loader)} = {final_acc}"
    )
    return final_acc, adv_examples


accuracies = []
examples = []
for eps in epsilons:
    acc, ex = test(model, device, test_loader, eps)
    accuracies.append(acc)
    examples.append(ex)
plt.figure(figsize=(5, 5))
plt.plot(epsilons, accuracies, "*-")
plt.yticks(np.arange(0, 1.1, step=0.1))
for i, row in enumerate(examples):
    for j, (orig, adv, ex) in enumerate(row):
        plt.subplot(len(epsilons), 5, i * 5 + j + 1)
        plt.imshow(ex, cmap="gray")
        plt.title(f"{orig} -> {adv}")
plt.savefig("adversarial.png")
