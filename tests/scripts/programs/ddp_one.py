"""Distributed data parallel training, as the launcher's one process sees it."""

import os

import torch
import torch.distributed as dist
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data import DataLoader, Dataset
from torch.utils.data.distributed import DistributedSampler


def setup():
    os.environ.setdefault("MASTER_ADDR", "localhost")
    os.environ.setdefault("MASTER_PORT", "29512")
    os.environ.setdefault("RANK", "0")
    os.environ.setdefault("WORLD_SIZE", "1")
    os.environ.setdefault("LOCAL_RANK", "0")
    dist.init_process_group(backend="gloo", init_method="env://")


class MyTrainDataset(Dataset):
    def __init__(self, size):
        self.data = [(torch.rand(20), torch.rand(1)) for _ in range(size)]

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        return self.data[index]


class ToyModel(nn.Module):
    def __init__(self):
        super(ToyModel, self).__init__()
        self.net1 = nn.Linear(20, 10)
        self.bn = nn.BatchNorm1d(10)
        self.relu = nn.ReLU()
        self.net2 = nn.Linear(10, 1)

    def forward(self, x):
        return self.net2(self.relu(self.bn(self.net1(x))))


class Trainer:
    def __init__(self, model, train_data, optimizer, save_every, snapshot_path):
        self.gpu_id = int(os.environ["LOCAL_RANK"])
        self.global_rank = int(os.environ["RANK"])
        self.model = model
        self.train_data = train_data
        self.optimizer = optimizer
        self.save_every = save_every
        self.epochs_run = 0
        self.snapshot_path = snapshot_path
        if os.path.exists(snapshot_path):
            print("Loading snapshot")
            self._load_snapshot(snapshot_path)
        self.model = DDP(nn.SyncBatchNorm.convert_sync_batchnorm(self.model).cpu())

    def _load_snapshot(self, snapshot_path):
        snapshot = torch.load(snapshot_path, map_location="cpu")
        self.model.load_state_dict(snapshot["MODEL_STATE"])
        self.epochs_run = snapshot["EPOCHS_RUN"]

    def _run_batch(self, source, targets):
        self.optimizer.zero_grad()
        output = self.model(source)
        loss = F.mse_loss(output, targets)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def _run_epoch(self, epoch):
        b_sz = len(next(iter(self.train_data))[0])
        self.train_data.sampler.set_epoch(epoch)
        total = torch.zeros(1)
        for source, targets in self.train_data:
            total += self._run_batch(source, targets)
        dist.all_reduce(total, op=dist.ReduceOp.SUM)
        print(
            f"[rank {self.global_rank}] Epoch {epoch} | Batchsize: {b_sz} | "
            f"Steps: {len(self.train_data)} | loss {total.item():.5f}"
        )

    def _save_snapshot(self, epoch):
        snapshot = {
            "MODEL_STATE": self.model.module.state_dict(),
            "EPOCHS_RUN": epoch,
        }
        torch.save(snapshot, self.snapshot_path)
        print(f"Epoch {epoch} | Training snapshot saved")

    def train(self, max_epochs):
        for epoch in range(self.epochs_run, max_epochs):
            self._run_epoch(epoch)
            if self.global_rank == 0 and epoch % self.save_every == 0:
                self._save_snapshot(epoch)


class NoBatchNorm(ToyModel):
    def __init__(self):
        super().__init__()
        self.bn = nn.Identity()


def main():
    setup()
    rank, world = dist.get_rank(), dist.get_world_size()
    print(dist.is_available(), dist.is_initialized(), dist.get_backend(), rank, world)
    torch.manual_seed(0)
    model = NoBatchNorm()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-1)
    dataset = MyTrainDataset(128)
    loader = DataLoader(
        dataset,
        batch_size=16,
        pin_memory=False,
        shuffle=False,
        sampler=DistributedSampler(dataset),
    )
    trainer = Trainer(model, loader, optimizer, 2, "snapshot.pt")
    trainer.train(4)
    print(sorted(trainer.model.state_dict())[:2])
    with trainer.model.no_sync():
        trainer.model(torch.ones(2, 20)).sum().backward()
    again = Trainer(NoBatchNorm(), loader, optimizer, 2, "snapshot.pt")
    print("resumes at", again.epochs_run)

    tensor = torch.arange(3.0) + rank
    gathered = [torch.zeros(3) for _ in range(world)]
    dist.all_gather(gathered, tensor)
    dist.broadcast(tensor, src=0)
    work = dist.all_reduce(tensor, async_op=True)
    work.wait()
    objects = [None] * world
    dist.all_gather_object(objects, {"rank": rank})
    reduced = torch.zeros(3)
    dist.reduce_scatter(reduced, [tensor])
    dist.barrier()
    print(gathered[0].tolist(), tensor.tolist(), objects, reduced.tolist())
    group = dist.new_group([0])
    dist.reduce(tensor, dst=0, group=group)
    print(dist.get_world_size(group), tensor.sum().item())
    dist.destroy_process_group()
    print(dist.is_initialized())


if __name__ == "__main__":
    main()
