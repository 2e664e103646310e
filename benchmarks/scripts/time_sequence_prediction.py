"""Two LSTM cells learn sine waves, with L-BFGS, and continue them."""

import argparse

import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim

# Waves of this many points: the first three are for the test.
L = 1000
N = 100
T = 20


class Sequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm1 = nn.LSTMCell(1, 51)
        self.lstm2 = nn.LSTMCell(51, 51)
        self.linear = nn.Linear(51, 1)

    def forward(self, input, future=0):
        outputs = []
        h_t = torch.zeros(input.size(0), 51, dtype=torch.double)
        c_t = torch.zeros(input.size(0), 51, dtype=torch.double)
        h_t2 = torch.zeros(input.size(0), 51, dtype=torch.double)
        c_t2 = torch.zeros(input.size(0), 51, dtype=torch.double)

        for input_t in input.split(1, dim=1):
            h_t, c_t = self.lstm1(input_t, (h_t, c_t))
            h_t2, c_t2 = self.lstm2(h_t, (h_t2, c_t2))
            output = self.linear(h_t2)
            outputs += [output]
        for _ in range(future):  # go on with what was predicted
            h_t, c_t = self.lstm1(output, (h_t, c_t))
            h_t2, c_t2 = self.lstm2(h_t, (h_t2, c_t2))
            output = self.linear(h_t2)
            outputs += [output]
        return torch.cat(outputs, dim=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=1, help="steps to run")
    parser.add_argument("--length", type=int, default=L)
    parser.add_argument("--future", type=int, default=1000)
    opt = parser.parse_args()

    np.random.seed(2)
    x = np.empty((N, opt.length), "int64")
    x[:] = np.arange(opt.length) + np.random.randint(-4 * T, 4 * T, N).reshape(N, 1)
    waves = np.sin(x / 1.0 / T).astype("float64")

    torch.manual_seed(0)
    input = torch.from_numpy(waves[3:, :-1])
    target = torch.from_numpy(waves[3:, 1:])
    test_input = torch.from_numpy(waves[:3, :-1])
    test_target = torch.from_numpy(waves[:3, 1:])

    seq = Sequence()
    seq.double()
    criterion = nn.MSELoss()
    optimizer = optim.LBFGS(seq.parameters(), lr=0.8)
    for i in range(opt.steps):
        print("STEP:", i)

        def closure():
            optimizer.zero_grad()
            out = seq(input)
            loss = criterion(out, target)
            print(f"loss: {loss.item():.6f}")
            loss.backward()
            return loss

        optimizer.step(closure)
        with torch.no_grad():
            pred = seq(test_input, future=opt.future)
            loss = criterion(pred[:, : -opt.future], test_target)
            print(f"test loss: {loss.item():.6f}")
            y = pred.detach().numpy()
            print(f"last point: {y[0, -1]:.4f}")
