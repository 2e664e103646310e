"""Linear, polynomial and logistic regression, old and new ways of writing them."""

from __future__ import print_function

from itertools import count

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.autograd import Variable

torch.manual_seed(3)
np.random.seed(3)

# 1. Linear regression of a few points.
x_train = np.array(
    [[3.3], [4.4], [5.5], [6.71], [6.93], [4.168], [9.779]], dtype=np.float32
)
y_train = np.array(
    [[1.7], [2.76], [2.09], [3.19], [1.694], [1.573], [3.366]], dtype=np.float32
)
model = nn.Linear(1, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
for epoch in range(60):
    inputs = torch.from_numpy(x_train)
    targets = torch.from_numpy(y_train)
    outputs = model(inputs)
    loss = criterion(outputs, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if (epoch + 1) % 20 == 0:
        print("Epoch [{}/{}], Loss: {:.4f}".format(epoch + 1, 60, loss.item()))
predicted = model(torch.from_numpy(x_train)).detach().numpy()
print(predicted.shape, predicted.dtype)
torch.save(model.state_dict(), "model.ckpt")

# 2. A polynomial fitted until it is near.
POLY_DEGREE = 4
W_target = torch.randn(POLY_DEGREE, 1) * 5
b_target = torch.randn(1) * 5


def make_features(x):
    x = x.unsqueeze(1)
    return torch.cat([x**i for i in range(1, POLY_DEGREE + 1)], 1)


def f(x):
    return x.mm(W_target) + b_target.item()


def poly_desc(W, b):
    result = "y = "
    for i, w in enumerate(W):
        result += "{:+.2f} x^{} ".format(w, i + 1)
    result += "{:+.2f}".format(b[0])
    return result


def get_batch(batch_size=32):
    random = torch.randn(batch_size)
    x = make_features(random)
    y = f(x)
    return x, y


fc = torch.nn.Linear(W_target.size(0), 1)
for batch_idx in count(1):
    batch_x, batch_y = get_batch()
    fc.zero_grad()
    output = F.smooth_l1_loss(fc(batch_x), batch_y)
    loss = output.item()
    output.backward()
    for param in fc.parameters():
        param.data.add_(-0.1 * param.grad)
    if loss < 1e-1 or batch_idx == 250:
        break
print("Loss: {:.4f} after {} batches".format(loss, batch_idx))
print("==> Learned function:\t" + poly_desc(fc.weight.view(-1), fc.bias))
print("==> Actual function:\t" + poly_desc(W_target.view(-1), b_target))


# 3. Logistic regression with Variable, as it was written in 2017.
class LogisticRegression(nn.Module):
    def __init__(self, input_size, num_classes):
        super(LogisticRegression, self).__init__()
        self.linear = nn.Linear(input_size, num_classes)

    def forward(self, x):
        out = self.linear(x)
        return out


images = torch.cat([torch.randn(100, 6) + 1, torch.randn(100, 6) - 1])
labels = torch.cat([torch.zeros(100), torch.ones(100)]).long()
train_loader = torch.utils.data.DataLoader(
    dataset=torch.utils.data.TensorDataset(images, labels), batch_size=50, shuffle=True
)
model = LogisticRegression(6, 2)
criterion = nn.CrossEntropyLoss(size_average=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(3):
    for i, (x, y) in enumerate(train_loader):
        x = Variable(x.view(-1, 6))
        y = Variable(y)
        optimizer.zero_grad()
        outputs = model(x)
        loss = criterion(outputs, y)
        loss.backward()
        optimizer.step()
    print("Epoch: [%d/%d], Loss: %.4f" % (epoch + 1, 3, loss.data))
correct = 0
total = 0
for x, y in train_loader:
    outputs = model(Variable(x, volatile=True))
    _, predicted = torch.max(outputs.data, 1)
    total += y.size(0)
    correct += (predicted == y).sum()
print("Accuracy of the model: %d %%" % (100 * correct / total))

# 4. The same by hand, and by L-BFGS.
w = Variable(torch.zeros(6).type(torch.FloatTensor), requires_grad=True)
b = Variable(torch.zeros(1), requires_grad=True)
target = labels.float()
for t in range(50):
    p = 1 / (1 + torch.exp(-(images.mv(w) + b)))
    nll = -(target * torch.log(p) + (1 - target) * torch.log(1 - p)).mean()
    nll.backward()
    w.data -= 0.1 * w.grad.data
    b.data -= 0.1 * b.grad.data
    w.grad.data.zero_()
    b.grad.data.zero_()
print("nll %.5f" % nll.item(), w.data.numpy().round(3))
w = torch.zeros(6, 1, requires_grad=True)
opt = torch.optim.LBFGS([w], lr=0.5, max_iter=10, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = (
        F.binary_cross_entropy_with_logits(images @ w, target[:, None])
        + 0.01 * w.square().sum()
    )
    loss.backward()
    return loss


print("lbfgs %.5f" % opt.step(closure).item(), "%.5f" % closure().item())
