"""Actor and critic with one network on a walk that must reach its end."""

import argparse
import random
from collections import namedtuple

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.distributions import Categorical

parser = argparse.ArgumentParser()
parser.add_argument("--gamma", type=float, default=0.95)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--episodes", type=int, default=60)
parser.add_argument("--render", action="store_true")
args = parser.parse_args()
torch.manual_seed(args.seed)
random.seed(args.seed)

SavedAction = namedtuple("SavedAction", ["log_prob", "value"])


class Walk(object):
    """Five cells; the last is the goal, and a wind blows against the walker."""

    size = 5

    def reset(self):
        self.at, self.steps = 0, 0
        return self.observe()

    def observe(self):
        return [float(i == self.at) for i in range(self.size)]

    def step(self, action):
        self.steps += 1
        move = 1 if action == 1 else -1
        if random.random() < 0.1:
            move = -1
        self.at = max(0, self.at + move)
        done = self.at == self.size - 1 or self.steps >= 40
        return self.observe(), 1.0 if self.at == self.size - 1 else -0.05, done


class Policy(nn.Module):
    def __init__(self):
        super(Policy, self).__init__()
        self.affine1 = nn.Linear(5, 32)
        self.action_head = nn.Linear(32, 2)
        self.value_head = nn.Linear(32, 1)
        self.saved_actions = []
        self.rewards = []

    def forward(self, x):
        x = F.relu(self.affine1(x))
        action_prob = F.softmax(self.action_head(x), dim=-1)
        state_values = self.value_head(x)
        return action_prob, state_values


model = Policy()
optimizer = optim.Adam(model.parameters(), lr=3e-2)
env = Walk()


def select_action(state):
    state = torch.tensor(state)
    probs, state_value = model(state)
    m = Categorical(probs)
    action = m.sample()
    model.saved_actions.append(SavedAction(m.log_prob(action), state_value))
    return action.item()


def finish_episode():
    R = 0
    saved_actions = model.saved_actions
    policy_losses = []
    value_losses = []
    returns = []
    for r in model.rewards[::-1]:
        R = r + args.gamma * R
        returns.insert(0, R)
    returns = torch.tensor(returns)
    for (log_prob, value), R in zip(saved_actions, returns):
        advantage = R - value.item()
        policy_losses.append(-log_prob * advantage)
        value_losses.append(F.smooth_l1_loss(value, torch.tensor([R])))
    optimizer.zero_grad()
    loss = torch.stack(policy_losses).sum() + torch.stack(value_losses).sum()
    loss.backward()
    optimizer.step()
    del model.rewards[:]
    del model.saved_actions[:]
    return loss.item()


lengths = []
for i_episode in range(1, args.episodes + 1):
    state, done = env.reset(), False
    while not done:
        action = select_action(state)
        state, reward, done = env.step(action)
        model.rewards.append(reward)
    lengths.append(env.steps)
    loss = finish_episode()
    if i_episode % 10 == 0:
        print(
            "Episode {}\tmean length {:.1f}\tloss {:.4f}".format(
                i_episode, sum(lengths[-10:]) / 10, loss
            )
        )
