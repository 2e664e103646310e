"""Word vectors: skip-gram with negative samples, sparse gradients and SparseAdam."""

import argparse

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class SkipGramModel(nn.Module):
    def __init__(self, emb_size, emb_dimension):
        super(SkipGramModel, self).__init__()
        self.u_embeddings = nn.Embedding(emb_size, emb_dimension, sparse=True)
        self.v_embeddings = nn.Embedding(emb_size, emb_dimension, sparse=True)
        initrange = 1.0 / emb_dimension
        nn.init.uniform_(self.u_embeddings.weight.data, -initrange, initrange)
        nn.init.constant_(self.v_embeddings.weight.data, 0)

    def forward(self, pos_u, pos_v, neg_v):
        emb_u = self.u_embeddings(pos_u)
        emb_v = self.v_embeddings(pos_v)
        emb_neg_v = self.v_embeddings(neg_v)
        score = torch.sum(torch.mul(emb_u, emb_v), dim=1)
        score = torch.clamp(score, max=10, min=-10)
        score = -F.logsigmoid(score)
        neg_score = torch.bmm(emb_neg_v, emb_u.unsqueeze(2)).squeeze()
        neg_score = torch.clamp(neg_score, max=10, min=-10)
        neg_score = -torch.sum(F.logsigmoid(-neg_score), dim=1)
        return torch.mean(score + neg_score)


class Word2vecDataset(Dataset):
    """Words of two topics, which stand beside each other."""

    def __init__(self, sentences=250, window=2, negatives=4):
        draw = np.random.RandomState(0)
        self.negatives = negatives
        self.pairs = []
        for _ in range(sentences):
            topic = draw.randint(2)
            words = draw.randint(0, 10, 8) + 10 * topic
            for i, u in enumerate(words):
                for v in words[max(0, i - window) : i + window + 1]:
                    if u != v:
                        self.pairs.append((u, v))
        self.noise = draw.randint(0, 20, (len(self.pairs), negatives))

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, idx):
        return self.pairs[idx] + (self.noise[idx],)

    @staticmethod
    def collate(batches):
        all_u = [u for u, _, _ in batches]
        all_v = [v for _, v, _ in batches]
        all_neg_v = [neg_v for _, _, neg_v in batches]
        return (
            torch.LongTensor(all_u),
            torch.LongTensor(all_v),
            torch.LongTensor(np.array(all_neg_v)),
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--optimizer", default="SparseAdam")
    args = parser.parse_args()
    torch.manual_seed(0)
    dataset = Word2vecDataset()
    dataloader = DataLoader(
        dataset,
        batch_size=64,
        shuffle=True,
        num_workers=0,
        collate_fn=dataset.collate,
    )
    model = SkipGramModel(20, 16)
    parameters = list(model.parameters())
    if args.optimizer == "SparseAdam":
        optimizer = torch.optim.SparseAdam(parameters, lr=0.02)
    else:
        optimizer = torch.optim.Adagrad(parameters, lr=0.2)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(
        optimizer, len(dataloader) * args.epochs
    )
    for iteration in range(args.epochs):
        running_loss = 0.0
        for i, sample_batched in enumerate(dataloader):
            pos_u, pos_v, neg_v = sample_batched
            optimizer.zero_grad()
            loss = model.forward(pos_u, pos_v, neg_v)
            loss.backward()
            if iteration == i == 0:
                g = model.u_embeddings.weight.grad
                print(g.is_sparse, g.layout, g.coalesce().indices().shape)
            optimizer.step()
            scheduler.step()
            running_loss = running_loss * 0.9 + loss.item() * 0.1
            if i > 0 and i % 40 == 0:
                print("%d %d Loss: %.5f" % (iteration, i, running_loss))
    vectors = F.normalize(model.u_embeddings.weight.data)
    similar = vectors @ vectors.t()
    print("same topic %.3f" % similar[:10, :10].mean())
    print("other topic %.3f" % similar[:10, 10:].mean())
