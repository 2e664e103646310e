"""Bags of words with offsets: EmbeddingBag, SGD, StepLR, random_split."""

import random
import re
from collections import Counter, OrderedDict
from itertools import chain

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split
from torch.utils.data.dataset import random_split as same_split

assert same_split is random_split
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def tokenizer(text):
    return re.findall(r"[a-z]+|[!?.]", text.lower())


def make_texts(n):
    draw = random.Random(0)
    good = "great fine lovely happy warm".split()
    bad = "awful poor boring sad cold".split()
    plain = "the film was a story of two people in town".split()
    texts = []
    for _ in range(n):
        label = draw.randint(1, 2)
        words = draw.choices(plain, k=draw.randint(3, 9))
        words += draw.choices(good if label == 2 else bad, k=draw.randint(1, 2))
        draw.shuffle(words)
        texts.append((label, " ".join(words) + "."))
    return texts


class Vocab:
    def __init__(self, counter, specials=("<unk>",)):
        ordered = OrderedDict(sorted(counter.items(), key=lambda x: (-x[1], x[0])))
        self.itos = list(specials) + list(ordered)
        self.stoi = {w: i for i, w in enumerate(self.itos)}

    def __len__(self):
        return len(self.itos)

    def __call__(self, tokens):
        return [self.stoi.get(t, 0) for t in tokens]


texts = make_texts(600)
vocab = Vocab(Counter(chain.from_iterable(tokenizer(t) for _, t in texts)))
text_pipeline = lambda x: vocab(tokenizer(x))  # noqa: E731
label_pipeline = lambda x: int(x) - 1  # noqa: E731


def collate_batch(batch):
    label_list, text_list, offsets = [], [], [0]
    for _label, _text in batch:
        label_list.append(label_pipeline(_label))
        processed_text = torch.tensor(text_pipeline(_text), dtype=torch.int64)
        text_list.append(processed_text)
        offsets.append(processed_text.size(0))
    label_list = torch.tensor(label_list, dtype=torch.int64)
    offsets = torch.tensor(offsets[:-1]).cumsum(dim=0)
    text_list = torch.cat(text_list)
    return label_list.to(device), text_list.to(device), offsets.to(device)


class Texts(Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __getitem__(self, i):
        return self.rows[i]

    def __len__(self):
        return len(self.rows)


class TextClassificationModel(nn.Module):
    def __init__(self, vocab_size, embed_dim, num_class, sparse):
        super(TextClassificationModel, self).__init__()
        self.embedding = nn.EmbeddingBag(vocab_size, embed_dim, sparse=sparse)
        self.fc = nn.Linear(embed_dim, num_class)
        self.init_weights()

    def init_weights(self):
        initrange = 0.5
        self.embedding.weight.data.uniform_(-initrange, initrange)
        self.fc.weight.data.uniform_(-initrange, initrange)
        self.fc.bias.data.zero_()

    def forward(self, text, offsets):
        embedded = self.embedding(text, offsets)
        return self.fc(embedded)


def train(dataloader, epoch):
    model.train()
    total_acc, total_count = 0, 0
    log_interval = 12
    for idx, (label, text, offsets) in enumerate(dataloader):
        optimizer.zero_grad()
        predicted_label = model(text, offsets)
        loss = criterion(predicted_label, label)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.fc.parameters(), 0.1)
        optimizer.step()
        total_acc += (predicted_label.argmax(1) == label).sum().item()
        total_count += label.size(0)
        if idx % log_interval == 0 and idx > 0:
            print(
                "| epoch {:3d} | {:5d}/{:5d} batches | accuracy {:8.3f}".format(
                    epoch, idx, len(dataloader), total_acc / total_count
                )
            )
            total_acc, total_count = 0, 0


def evaluate(dataloader):
    model.eval()
    total_acc, total_count, total_loss = 0, 0, 0.0
    with torch.no_grad():
        for label, text, offsets in dataloader:
            predicted_label = model(text, offsets)
            total_loss += criterion(predicted_label, label).item()
            total_acc += (predicted_label.argmax(1) == label).sum().item()
            total_count += label.size(0)
    return total_acc / total_count, total_loss / len(dataloader)


for sparse in (False, True):
    torch.manual_seed(0)
    model = TextClassificationModel(len(vocab), 16, 2, sparse).to(device)
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=2.0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1.0, gamma=0.5)
    dataset = Texts(texts)
    num_train = int(len(dataset) * 0.9)
    split_train_, split_valid_ = random_split(
        dataset, [num_train, len(dataset) - num_train]
    )
    train_dataloader = DataLoader(
        split_train_, batch_size=16, shuffle=True, collate_fn=collate_batch
    )
    valid_dataloader = DataLoader(
        split_valid_, batch_size=16, shuffle=True, collate_fn=collate_batch
    )
    total_accu = None
    for epoch in range(1, 4):
        train(train_dataloader, epoch)
        accu_val, loss_val = evaluate(valid_dataloader)
        if total_accu is not None and total_accu > accu_val:
            scheduler.step()
        else:
            total_accu = accu_val
        print("valid accuracy {:8.3f} loss {:.4f}".format(accu_val, loss_val))


def predict(text):
    with torch.no_grad():
        text = torch.tensor(text_pipeline(text))
        output = model(text, torch.tensor([0]))
        return output.argmax(1).item() + 1


print(predict("A happy and lovely film!"), predict("the boring sad story of two"))
