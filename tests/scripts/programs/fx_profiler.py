"""An interpreter that measures each node of a traced module, as the tutorial has it."""

import statistics
import time
from typing import Any

import torch
import torch.fx
from torch.fx import Interpreter
from torchvision.models import resnet18


class ProfilingInterpreter(Interpreter):
    def __init__(self, mod: torch.nn.Module):
        gm = torch.fx.symbolic_trace(mod)
        super().__init__(gm)
        self.total_runtime_sec: list[float] = []
        self.runtimes_sec: dict[torch.fx.Node, list[float]] = {}

    def run(self, *args) -> Any:
        t_start = time.time()
        return_val = super().run(*args)
        self.total_runtime_sec.append(time.time() - t_start)
        return return_val

    def run_node(self, n: torch.fx.Node) -> Any:
        t_start = time.time()
        return_val = super().run_node(n)
        self.runtimes_sec.setdefault(n, [])
        self.runtimes_sec[n].append(time.time() - t_start)
        return return_val

    def summary(self, should_sort: bool = False) -> str:
        node_summaries = []
        mean_total_runtime = statistics.mean(self.total_runtime_sec)
        for node, runtimes in self.runtimes_sec.items():
            mean_runtime = statistics.mean(runtimes)
            pct_total = mean_runtime / mean_total_runtime * 100
            node_summaries.append([node.op, str(node), mean_runtime, pct_total])
        if should_sort:
            node_summaries.sort(key=lambda s: s[2], reverse=True)
        headers = ["Op type", "Op", "Average runtime (s)", "Pct total runtime"]
        rows = [" ".join(headers)]
        rows += [
            f"{op:14} {name:28} {m:.6f} {p:.2f}" for op, name, m, p in node_summaries
        ]
        return "\n".join(rows)


torch.manual_seed(0)
rn18 = resnet18(num_classes=10)
rn18.eval()
images = torch.randn(1, 3, 32, 32)
interp = ProfilingInterpreter(rn18)
with torch.no_grad():
    for _ in range(2):
        output = interp.run(images)
    torch.testing.assert_close(output, rn18(images))
print("time:", interp.summary(True).splitlines()[1])
for line in interp.summary().splitlines()[1:]:
    print(*line.split()[:2])
print(len(interp.total_runtime_sec), {len(t) for t in interp.runtimes_sec.values()})
print([round(v, 3) for v in output[0].tolist()])
