"""A graph convolutional network that labels the nodes of a random graph."""

import argparse
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.nn.parameter import Parameter

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int, default=42)
parser.add_argument("--epochs", type=int, default=200)
parser.add_argument("--nodes", type=int, default=2700)
parser.add_argument("--lr", type=float, default=0.01)
parser.add_argument("--weight_decay", type=float, default=5e-4)
parser.add_argument("--hidden", type=int, default=16)
parser.add_argument("--dropout", type=float, default=0.5)
args = parser.parse_args()

np.random.seed(args.seed)
torch.manual_seed(args.seed)


def load_data(n, classes=7, features=1433):
    """Nodes of seven kinds; those of a kind cite each other more often."""
    labels = np.random.randint(0, classes, n)
    first = np.random.randint(0, n, 8 * n)
    second = np.random.randint(0, n, 8 * n)
    keep = (labels[first] == labels[second]) | (np.random.rand(8 * n) < 0.05)
    first, second = first[keep], second[keep]
    edges = {(i, i) for i in range(n)}
    edges |= set(zip(first.tolist(), second.tolist()))
    edges |= {(j, i) for i, j in edges}
    rows, columns = np.array(sorted(edges)).T
    degree = np.bincount(rows, minlength=n).astype(np.float32)
    indices = torch.from_numpy(np.vstack((rows, columns)).astype(np.int64))
    values = torch.from_numpy(1.0 / degree[rows])
    adj = torch.sparse_coo_tensor(indices, values, (n, n))

    words = np.random.rand(classes, features) < 0.05
    x = (np.random.rand(n, features) < 0.01) | (
        words[labels] & (np.random.rand(n, features) < 0.2)
    )
    x = x.astype(np.float32)
    x /= np.maximum(x.sum(1, keepdims=True), 1)
    order = np.random.permutation(n)
    parts = order[: n // 20], order[n // 20 : n // 5], order[n // 5 : n // 2]
    idx = [torch.LongTensor(part) for part in parts]
    return adj, torch.FloatTensor(x), torch.LongTensor(labels), *idx


class GraphConvolution(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = Parameter(torch.FloatTensor(in_features, out_features))
        self.bias = Parameter(torch.FloatTensor(out_features))
        stdv = 1.0 / math.sqrt(self.weight.size(1))
        self.weight.data.uniform_(-stdv, stdv)
        self.bias.data.uniform_(-stdv, stdv)

    def forward(self, input, adj):
        support = torch.mm(input, self.weight)
        return torch.spmm(adj, support) + self.bias


class GCN(nn.Module):
    def __init__(self, nfeat, nhid, nclass, dropout):
        super().__init__()
        self.gc1 = GraphConvolution(nfeat, nhid)
        self.gc2 = GraphConvolution(nhid, nclass)
        self.dropout = dropout

    def forward(self, x, adj):
        x = F.relu(self.gc1(x, adj))
        x = F.dropout(x, self.dropout, training=self.training)
        return F.log_softmax(self.gc2(x, adj), dim=1)


def accuracy(output, labels):
    preds = output.max(1)[1].type_as(labels)
    return preds.eq(labels).double().sum() / len(labels)


adj, features, labels, idx_train, idx_val, idx_test = load_data(args.nodes)
model = GCN(features.shape[1], args.hidden, labels.max().item() + 1, args.dropout)
optimizer = optim.Adam(model.parameters(), lr=args.lr, weight_decay=args.weight_decay)


def train(epoch):
    model.train()
    optimizer.zero_grad()
    output = model(features, adj)
    loss_train = F.nll_loss(output[idx_train], labels[idx_train])
    acc_train = accuracy(output[idx_train], labels[idx_train])
    loss_train.backward()
    optimizer.step()

    model.eval()
    output = model(features, adj)
    loss_val = F.nll_loss(output[idx_val], labels[idx_val])
    acc_val = accuracy(output[idx_val], labels[idx_val])
    print(
        f"Epoch: {epoch + 1:04d} loss_train: {loss_train.item():.4f} "
        f"acc_train: {acc_train.item():.4f} loss_val: {loss_val.item():.4f} "
        f"acc_val: {acc_val.item():.4f}"
    )


def test():
    model.eval()
    output = model(features, adj)
    loss_test = F.nll_loss(output[idx_test], labels[idx_test])
    acc_test = accuracy(output[idx_test], labels[idx_test])
    print(f"Test loss= {loss_test.item():.4f} accuracy= {acc_test.item():.4f}")


for epoch in range(args.epochs):
    train(epoch)
test()
