"""A GRU that reads text character by character, and then writes some."""

import argparse
import random
import string

import torch
import torch.nn as nn

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--n_epochs", type=int, default=60)
parser.add_argument("--print_every", type=int, default=10)
parser.add_argument("--hidden_size", type=int, default=100)
parser.add_argument("--n_layers", type=int, default=2)
parser.add_argument("--learning_rate", type=float, default=0.01)
parser.add_argument("--chunk_len", type=int, default=100)
parser.add_argument("--batch_size", type=int, default=50)
args = parser.parse_args()

random.seed(7)
torch.manual_seed(7)

all_characters = string.printable
n_characters = len(all_characters)


def write_text(sentences):
    """Sentences of a small grammar."""
    who = ["the old sailor", "a quiet child", "my neighbour", "the grey cat", "she"]
    does = ["watches", "paints", "forgets", "follows", "sells", "dreams of"]
    what = ["the harbour", "two red boats", "an empty house", "the last train", "rain"]
    when = ["at dawn", "every Sunday", "after dinner", "in winter", "once more"]
    return "".join(
        f"{random.choice(when)}, {random.choice(who)} {random.choice(does)} "
        f"{random.choice(what)}.\n"
        for _ in range(sentences)
    )


file = write_text(2000)


def char_tensor(text):
    tensor = torch.zeros(len(text)).long()
    for c in range(len(text)):
        tensor[c] = all_characters.index(text[c])
    return tensor


def random_training_set(chunk_len, batch_size):
    inp = torch.LongTensor(batch_size, chunk_len)
    target = torch.LongTensor(batch_size, chunk_len)
    for bi in range(batch_size):
        start_index = random.randint(0, len(file) - chunk_len - 1)
        chunk = file[start_index : start_index + chunk_len + 1]
        codes = [all_characters.index(c) for c in chunk]
        inp[bi] = torch.tensor(codes[:-1])
        target[bi] = torch.tensor(codes[1:])
    return inp, target


class CharRNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size, n_layers=1):
        super().__init__()
        self.hidden_size = hidden_size
        self.n_layers = n_layers
        self.encoder = nn.Embedding(input_size, hidden_size)
        self.rnn = nn.GRU(hidden_size, hidden_size, n_layers)
        self.decoder = nn.Linear(hidden_size, output_size)

    def forward(self, input, hidden):
        batch_size = input.size(0)
        encoded = self.encoder(input)
        output, hidden = self.rnn(encoded.view(1, batch_size, -1), hidden)
        output = self.decoder(output.view(batch_size, -1))
        return output, hidden

    def init_hidden(self, batch_size):
        return torch.zeros(self.n_layers, batch_size, self.hidden_size)


decoder = CharRNN(n_characters, args.hidden_size, n_characters, args.n_layers)
decoder_optimizer = torch.optim.Adam(decoder.parameters(), lr=args.learning_rate)
criterion = nn.CrossEntropyLoss()


def train(inp, target):
    hidden = decoder.init_hidden(args.batch_size)
    decoder.zero_grad()
    loss = 0
    for c in range(args.chunk_len):
        output, hidden = decoder(inp[:, c], hidden)
        loss += criterion(output.view(args.batch_size, -1), target[:, c])
    loss.backward()
    decoder_optimizer.step()
    return loss.item() / args.chunk_len


def generate(prime_str="a", predict_len=100, temperature=0.8):
    hidden = decoder.init_hidden(1)
    prime_input = char_tensor(prime_str).unsqueeze(0)
    predicted = prime_str
    with torch.no_grad():
        for p in range(len(prime_str) - 1):
            _, hidden = decoder(prime_input[:, p], hidden)
        inp = prime_input[:, -1]
        for _ in range(predict_len):
            output, hidden = decoder(inp, hidden)
            output_dist = output.view(-1).div(temperature).exp()
            top_i = torch.multinomial(output_dist, 1)[0]
            predicted_char = all_characters[top_i]
            predicted += predicted_char
            inp = char_tensor(predicted_char)
    return predicted


loss_avg = 0
for epoch in range(1, args.n_epochs + 1):
    loss = train(*random_training_set(args.chunk_len, args.batch_size))
    loss_avg += loss
    if epoch % args.print_every == 0:
        print(f"[{epoch} {epoch / args.n_epochs * 100:.0f}%] loss {loss:.4f}")
        print(repr(generate("at ", 100)))
print(f"average loss {loss_avg / args.n_epochs:.4f}")
