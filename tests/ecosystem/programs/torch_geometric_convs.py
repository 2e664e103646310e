"""torch_geometric: graph convolutions on a small graph, and batches of graphs."""

import torch
from torch.nn import functional as F
from torch_geometric.data import Data
from torch_geometric.loader import DataLoader
from torch_geometric.nn import GATConv, GCNConv, SAGEConv, global_mean_pool

torch.manual_seed(0)
edges = [[0, 1, 1, 2, 2, 3, 3, 0, 4, 5], [1, 0, 2, 1, 3, 2, 0, 3, 5, 4]]
y = torch.tensor([0, 0, 0, 0, 1, 1])
graph = Data(x=torch.randn(6, 8), edge_index=torch.tensor(edges), y=y)
assert graph.is_undirected()


class Net(torch.nn.Module):
    def __init__(self, conv):
        super().__init__()
        self.first, self.second = conv(8, 16), conv(16, 2)

    def forward(self, x, edges):
        x = F.dropout(F.relu(self.first(x, edges)), 0.2, self.training)
        return self.second(x, edges)


for conv in (GCNConv, GATConv, SAGEConv):
    net = Net(conv)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    for _ in range(40):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(graph.x, graph.edge_index), graph.y)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.2, (conv, loss)
batch = next(iter(DataLoader([graph, graph, graph], batch_size=2)))
assert global_mean_pool(batch.x, batch.batch).shape == (2, 8)
