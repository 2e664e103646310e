"""Classify and generate names, letter by letter, with RNNs written by hand."""

import math
import random
import string
import unicodedata

import torch
import torch.nn as nn

all_letters = string.ascii_letters + " .,;'-"
n_letters = len(all_letters) + 1  # Plus EOS marker
category_lines = {
    "Italian": "Rossi Bianchi Ferrari Romano Ricci Marino Greco Conti Costa".split(),
    "German": "Müller Schmidt Schneider Fischer Weber Wagner Becker Schulz".split(),
    "Polish": "Nowak Kowalski Wiśniewski Wójcik Kamiński Zieliński Woźniak".split(),
}
all_categories = list(category_lines)
n_categories = len(all_categories)


def unicodeToAscii(s):
    return "".join(
        c
        for c in unicodedata.normalize("NFD", s)
        if unicodedata.category(c) != "Mn" and c in all_letters
    )


for category in all_categories:
    category_lines[category] = [unicodeToAscii(x) for x in category_lines[category]]


def letterToIndex(letter):
    return all_letters.find(letter)


def lineToTensor(line):
    tensor = torch.zeros(len(line), 1, n_letters)
    for li, letter in enumerate(line):
        tensor[li][0][letterToIndex(letter)] = 1
    return tensor


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super(RNN, self).__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.i2o = nn.Linear(input_size + hidden_size, output_size)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, input, hidden):
        combined = torch.cat((input, hidden), 1)
        hidden = self.i2h(combined)
        output = self.i2o(combined)
        output = self.softmax(output)
        return output, hidden

    def initHidden(self):
        return torch.zeros(1, self.hidden_size)


class Generator(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.hidden_size = hidden_size
        n_in = n_categories + input_size + hidden_size
        self.i2h = nn.Linear(n_in, hidden_size)
        self.i2o = nn.Linear(n_in, output_size)
        self.o2o = nn.Linear(hidden_size + output_size, output_size)
        self.dropout = nn.Dropout(0.1)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, category, input, hidden):
        input_combined = torch.cat((category, input, hidden), 1)
        hidden = self.i2h(input_combined)
        output = self.i2o(input_combined)
        output_combined = torch.cat((hidden, output), 1)
        output = self.o2o(output_combined)
        output = self.dropout(output)
        return self.softmax(output), hidden

    def initHidden(self):
        return torch.zeros(1, self.hidden_size)


def categoryFromOutput(output):
    top_n, top_i = output.topk(1)
    category_i = top_i[0].item()
    return all_categories[category_i], category_i


def randomTrainingExample():
    category = random.choice(all_categories)
    line = random.choice(category_lines[category])
    index = all_categories.index(category)
    return category, line, torch.tensor([index], dtype=torch.long), lineToTensor(line)


criterion = nn.NLLLoss()


def train(rnn, category_tensor, line_tensor, learning_rate=0.02):
    hidden = rnn.initHidden()
    rnn.zero_grad()
    for i in range(line_tensor.size()[0]):
        output, hidden = rnn(line_tensor[i], hidden)
    loss = criterion(output, category_tensor)
    loss.backward()
    nn.utils.clip_grad_value_(rnn.parameters(), 1.0)
    for p in rnn.parameters():
        p.data.add_(p.grad.data, alpha=-learning_rate)
    return output, loss.item()


def trainGenerator(rnn, category, line, learning_rate=0.005):
    category_tensor = torch.zeros(1, n_categories)
    category_tensor[0][all_categories.index(category)] = 1
    indexes = [letterToIndex(letter) for letter in line[1:]] + [n_letters - 1]
    target_line_tensor = torch.LongTensor(indexes)
    target_line_tensor.unsqueeze_(-1)
    input_line_tensor = lineToTensor(line)
    hidden = rnn.initHidden()
    rnn.zero_grad()
    loss = torch.Tensor([0])
    for i in range(input_line_tensor.size(0)):
        output, hidden = rnn(category_tensor, input_line_tensor[i], hidden)
        loss += criterion(output, target_line_tensor[i])
    loss.backward()
    for p in rnn.parameters():
        p.data.add_(p.grad.data, alpha=-learning_rate)
    return loss.item() / input_line_tensor.size(0)


def sample(rnn, category, start_letter="A", max_length=12):
    with torch.no_grad():
        category_tensor = torch.zeros(1, n_categories)
        category_tensor[0][all_categories.index(category)] = 1
        input = lineToTensor(start_letter)
        hidden = rnn.initHidden()
        output_name = start_letter
        for _ in range(max_length):
            output, hidden = rnn(category_tensor, input[0], hidden)
            topv, topi = output.topk(1)
            topi = topi[0][0]
            if topi == n_letters - 1:
                break
            letter = all_letters[topi]
            output_name += letter
            input = lineToTensor(letter)
        return output_name


if __name__ == "__main__":
    random.seed(0)
    torch.manual_seed(0)
    rnn = RNN(n_letters, 48, n_categories)
    current_loss = 0
    for iter in range(1, 301):
        category, line, category_tensor, line_tensor = randomTrainingExample()
        output, loss = train(rnn, category_tensor, line_tensor)
        current_loss += loss
        if iter % 60 == 0:
            guess, guess_i = categoryFromOutput(output)
            print("%d %.4f %s / %s" % (iter, current_loss / 60, line, guess))
            current_loss = 0
    confusion = torch.zeros(n_categories, n_categories)
    with torch.no_grad():
        for i, category in enumerate(all_categories):
            for line in category_lines[category]:
                hidden = rnn.initHidden()
                for letter in lineToTensor(line):
                    output, hidden = rnn(letter, hidden)
                confusion[i][categoryFromOutput(output)[1]] += 1
    for i in range(n_categories):
        confusion[i] = confusion[i] / confusion[i].sum()
    print("right:", round(confusion.diag().mean().item(), 3))

    generator = Generator(n_letters, 48, n_letters)
    total_loss = 0
    for iter in range(1, 201):
        category, line, _, _ = randomTrainingExample()
        total_loss += trainGenerator(generator, category, line)
        if iter % 50 == 0:
            print("%d %.4f" % (iter, total_loss / 50))
            total_loss = 0
    generator.eval()
    for category in all_categories:
        print(category, " ".join(sample(generator, category, c) for c in "RSK"))
    assert math.isfinite(total_loss)
