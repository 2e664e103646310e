"""Reverse words: an encoder of packed sequences, a decoder with attention."""

import argparse
import random

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import optim
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

PAD, SOS, EOS = 0, 1, 2
VOCAB = 3 + 12


class EncoderRNN(nn.Module):
    def __init__(self, input_size, hidden_size, dropout_p=0.1):
        super().__init__()
        self.hidden_size = hidden_size
        self.embedding = nn.Embedding(input_size, hidden_size, padding_idx=PAD)
        self.gru = nn.GRU(
            hidden_size, hidden_size, batch_first=True, bidirectional=True
        )
        self.fc = nn.Linear(2 * hidden_size, hidden_size)
        self.dropout = nn.Dropout(dropout_p)

    def forward(self, src, lengths):
        embedded = self.dropout(self.embedding(src))
        packed = pack_padded_sequence(
            embedded, lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        packed_outputs, hidden = self.gru(packed)
        outputs, _ = pad_packed_sequence(packed_outputs, batch_first=True)
        outputs = outputs[:, :, : self.hidden_size] + outputs[:, :, self.hidden_size :]
        hidden = torch.tanh(self.fc(torch.cat((hidden[-2], hidden[-1]), dim=1)))
        return outputs, hidden.unsqueeze(0)


class BahdanauAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.Wa = nn.Linear(hidden_size, hidden_size)
        self.Ua = nn.Linear(hidden_size, hidden_size)
        self.Va = nn.Linear(hidden_size, 1)

    def forward(self, query, keys, mask):
        scores = self.Va(torch.tanh(self.Wa(query) + self.Ua(keys)))
        scores = scores.squeeze(2).unsqueeze(1)
        scores = scores.masked_fill(mask.unsqueeze(1) == 0, -1e10)
        weights = F.softmax(scores, dim=-1)
        context = torch.bmm(weights, keys)
        return context, weights


class AttnDecoderRNN(nn.Module):
    def __init__(self, hidden_size, output_size, dropout_p=0.1):
        super().__init__()
        self.embedding = nn.Embedding(output_size, hidden_size)
        self.attention = BahdanauAttention(hidden_size)
        self.gru = nn.GRU(2 * hidden_size, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, output_size)
        self.dropout = nn.Dropout(dropout_p)

    def forward(self, encoder_outputs, hidden, mask, target=None, teacher_forcing=1.0):
        batch_size = encoder_outputs.size(0)
        steps = target.size(1) if target is not None else 8
        decoder_input = torch.empty(batch_size, 1, dtype=torch.long).fill_(SOS)
        outputs, attentions = [], []
        for i in range(steps):
            output, hidden, attn_weights = self.forward_step(
                decoder_input, hidden, encoder_outputs, mask
            )
            outputs.append(output)
            attentions.append(attn_weights)
            if target is not None and random.random() < teacher_forcing:
                decoder_input = target[:, i].unsqueeze(1)
            else:
                _, topi = output.topk(1)
                decoder_input = topi.squeeze(-1).detach()
        outputs = F.log_softmax(torch.cat(outputs, dim=1), dim=-1)
        return outputs, hidden, torch.cat(attentions, dim=1)

    def forward_step(self, input, hidden, encoder_outputs, mask):
        embedded = self.dropout(self.embedding(input))
        query = hidden.permute(1, 0, 2)
        context, attn_weights = self.attention(query, encoder_outputs, mask)
        output, hidden = self.gru(torch.cat((embedded, context), dim=2), hidden)
        return self.out(output), hidden, attn_weights


def make_pairs(n, draw):
    pairs = []
    for _ in range(n):
        word = [draw.randrange(3, VOCAB) for _ in range(draw.randint(2, 6))]
        pairs.append((torch.tensor(word), torch.tensor(word[::-1] + [EOS])))
    return pairs


def collate(batch):
    src, tgt = zip(*batch)
    lengths = torch.tensor([len(s) for s in src])
    return (
        pad_sequence(src, batch_first=True, padding_value=PAD),
        lengths,
        pad_sequence(tgt, batch_first=True, padding_value=PAD),
    )


def train_epoch(loader, encoder, decoder, enc_opt, dec_opt, criterion, forcing):
    total_loss = 0
    for src, lengths, tgt in loader:
        enc_opt.zero_grad()
        dec_opt.zero_grad()
        encoder_outputs, hidden = encoder(src, lengths)
        mask = src[:, : encoder_outputs.size(1)] != PAD
        outputs, _, _ = decoder(encoder_outputs, hidden, mask, tgt, forcing)
        loss = criterion(outputs.view(-1, outputs.size(-1)), tgt.view(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(
            list(encoder.parameters()) + list(decoder.parameters()), 1.0
        )
        enc_opt.step()
        dec_opt.step()
        total_loss += loss.item()
    return total_loss / len(loader)


@torch.no_grad()
def evaluate(pairs, encoder, decoder):
    encoder.eval()
    decoder.eval()
    right = 0
    for word, reverse in pairs:
        outputs, hidden = encoder(word.unsqueeze(0), torch.tensor([len(word)]))
        mask = torch.ones(1, len(word), dtype=torch.bool)
        decoded, _, attn = decoder(outputs, hidden, mask)
        ids = decoded.argmax(-1).squeeze(0).tolist()
        ids = ids[: ids.index(EOS) + 1] if EOS in ids else ids
        right += ids == reverse.tolist()
    encoder.train()
    decoder.train()
    return right / len(pairs), attn.sum(-1).mean().item()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--hidden-size", type=int, default=32)
    args = parser.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    pairs = make_pairs(384, random.Random(1))
    loader = torch.utils.data.DataLoader(
        pairs, batch_size=32, shuffle=True, collate_fn=collate
    )
    encoder = EncoderRNN(VOCAB, args.hidden_size)
    decoder = AttnDecoderRNN(args.hidden_size, VOCAB)
    encoder_optimizer = optim.Adam(encoder.parameters(), lr=0.01)
    decoder_optimizer = optim.Adam(decoder.parameters(), lr=0.01)
    criterion = nn.NLLLoss(ignore_index=PAD)
    for epoch in range(1, args.epochs + 1):
        loss = train_epoch(
            loader,
            encoder,
            decoder,
            encoder_optimizer,
            decoder_optimizer,
            criterion,
            forcing=max(0.5, 1 - epoch / 10),
        )
        print(f"epoch {epoch}: loss {loss:.4f}")
    right, total = evaluate(make_pairs(40, random.Random(2)), encoder, decoder)
    print(f"right {right:.3f}, attention sums to {total:.3f}")
