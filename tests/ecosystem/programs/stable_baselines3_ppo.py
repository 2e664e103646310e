"""stable-baselines3: PPO on an environment of one step's memory, saved and loaded."""

import tempfile

import gymnasium
import numpy as np
from stable_baselines3 import PPO
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.monitor import Monitor


class Sign(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(-1, 1, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        self.seen = self.np_random.uniform(-1, 1, 2).astype(np.float32)
        return self.seen, {}

    def step(self, action):
        reward = float(action == (self.seen[0] > 0))
        self.time += 1
        self.seen = self.np_random.uniform(-1, 1, 2).astype(np.float32)
        return self.seen, reward, self.time >= 20, False, {}


options = {"n_steps": 128, "batch_size": 64, "learning_rate": 3e-3, "device": "cpu"}
model = PPO("MlpPolicy", Sign(), seed=0, **options)
model.learn(1500)
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/model")
    again = PPO.load(f"{folder}/model")
reward, _ = evaluate_policy(again, Monitor(Sign()), 5)
assert reward > 16, reward
