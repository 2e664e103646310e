"""Tensors, as the first page of every course has them."""

import numpy as np
import torch

torch.manual_seed(1)

data = [[1, 2], [3, 4]]
x_data = torch.tensor(data)
np_array = np.array(data)
x_np = torch.from_numpy(np_array)

x_ones = torch.ones_like(x_data)
print(f"Ones Tensor: \n {x_ones} \n")
x_rand = torch.rand_like(x_data, dtype=torch.float)
print(f"Random Tensor: \n {x_rand} \n")

shape = (
    2,
    3,
)
rand_tensor = torch.rand(shape)
ones_tensor = torch.ones(shape)
zeros_tensor = torch.zeros(shape)
print(f"Random Tensor: \n {rand_tensor} \n")
print(f"Ones Tensor: \n {ones_tensor} \n")
print(f"Zeros Tensor: \n {zeros_tensor}")

tensor = torch.rand(3, 4)
print(f"Shape of tensor: {tensor.shape}")
print(f"Datatype of tensor: {tensor.dtype}")
print(f"Device tensor is stored on: {tensor.device}")
if torch.accelerator.is_available():
    tensor = tensor.to(torch.accelerator.current_accelerator())

tensor = torch.ones(4, 4)
print(f"First row: {tensor[0]}")
print(f"First column: {tensor[:, 0]}")
print(f"Last column: {tensor[..., -1]}")
tensor[:, 1] = 0
print(tensor)
t1 = torch.cat([tensor, tensor, tensor], dim=1)
print(t1)

y1 = tensor @ tensor.T
y2 = tensor.matmul(tensor.T)
y3 = torch.rand_like(y1)
torch.matmul(tensor, tensor.T, out=y3)
print(torch.equal(y1, y3), torch.allclose(y1, y2))
z1 = tensor * tensor
z2 = tensor.mul(tensor)
z3 = torch.rand_like(tensor)
torch.mul(tensor, tensor, out=z3)
print(z3)

agg = tensor.sum()
agg_item = agg.item()
print(agg_item, type(agg_item))
print(f"{tensor} \n")
tensor.add_(5)
print(tensor)

t = torch.ones(5)
n = t.numpy()
t.add_(1)
print(f"t: {t}")
print(f"n: {n}")
n = np.ones(5)
t = torch.from_numpy(n)
np.add(n, 1, out=n)
print(f"t: {t}")
print(f"n: {n}")

# The small print of another course.
x = torch.empty(5, 3).zero_()
x = x.new_ones(5, 3, dtype=torch.double)
x = torch.randn_like(x, dtype=torch.float)
print(x, x.size())
y = torch.rand(5, 3)
result = torch.empty(5, 3)
torch.add(x, y, out=result)
y.add_(x)
print(torch.equal(result, y))
x = torch.randn(4, 4)
print(x.view(16).size(), x.view(-1, 8).size(), x.t().is_contiguous())
print(
    torch.randint(0, 10, (3,)),
    torch.randperm(6),
    torch.bernoulli(torch.full((4,), 0.5)),
)
print(torch.linspace(0, 1, steps=5), torch.arange(1, 10, 2), torch.eye(2))
print(
    torch.tensor([1.0, float("nan"), float("inf")]), torch.tensor(3), torch.tensor([])
)
print(
    torch.tensor([1e-8, 1.0]),
    torch.tensor([100000.0, 0.5]),
    torch.tensor([True, False]),
)
print(torch.arange(2000), torch.tensor([1 + 2j]), torch.zeros(2, 0, 3))
a, b = torch.tensor([1, 2]), torch.tensor([0.5, 0.5])
print((a + b).dtype, (a / 2).dtype, (a // 2).dtype, (a > 1).dtype, (b**2).dtype)
print(torch.chunk(torch.arange(7), 3), torch.split(torch.arange(5), [1, 4]))
print(torch.stack([a, a]).shape, a.unsqueeze(0).shape, a[None, :, None].shape)
print(torch.where(x > 0, x, torch.zeros_like(x)).sum().item() > 0, x.argmax().item())
print(x.topk(2, dim=1).values, x.sort(descending=True)[1], x.max(dim=0))
print(x.masked_fill(x < 0, -1.0), x.clamp(min=-0.5, max=0.5))
idx = torch.tensor([[0, 1], [1, 0]])
print(torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, idx))
print(torch.zeros(3, 5).scatter_(1, torch.tensor([[0], [2], [4]]), 1.0))
print(
    torch.einsum("ij,jk->ik", x, x).shape,
    torch.bmm(torch.ones(2, 3, 4), torch.ones(2, 4, 5)).shape,
)
print(
    torch.rand(2, 3).permute(1, 0).reshape(-1).shape, torch.cumsum(torch.arange(4), 0)
)
print(
    torch.get_default_dtype(),
    torch.is_tensor(x),
    x.numel(),
    x.dim(),
    x.stride(),
    x.storage_offset(),
)
print(
    torch.unique(torch.tensor([3, 1, 1, 2]), return_counts=True),
    torch.nonzero(torch.tensor([0, 1, 2])),
)
print(
    torch.FloatTensor([1, 2]), torch.LongTensor(3).fill_(7), torch.Tensor(2, 2).fill_(1)
)
print(
    torch.iinfo(torch.int32).max,
    torch.finfo(torch.float32).eps,
    x.type(),
    torch.tensor(1).type(torch.float16),
)
torch.set_printoptions(precision=2, sci_mode=False)
print(x * 1000)
