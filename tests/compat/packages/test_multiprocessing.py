"""Processes that share tensors: scripts with `torch.multiprocessing`."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = {
    "a tensor that is sent is shared": (
        """
def work(x, model, queue, back):
    x[1:] += 1
    with torch.no_grad():
        model.weight.mul_(2)
    y = torch.arange(3.0)
    queue.put(y)
    back.get()
    queue.put(y.tolist())


if __name__ == "__main__":
    x, model = torch.zeros(3), torch.nn.Linear(2, 1, bias=False)
    model.weight.data.fill_(3.0)
    model.share_memory()
    queue, back = mp.Queue(), mp.SimpleQueue()
    print(mp.get_start_method())
    process = mp.Process(target=work, args=(x, model, queue, back))
    process.start()
    y = queue.get()
    y[0] = 5
    back.put(None)
    print(queue.get(), x.tolist(), model.weight.tolist(), x.is_shared())
    process.join()
    print(process.exitcode)
""",
        "forkserver\n[5.0, 1.0, 2.0] [0.0, 1.0, 1.0] [[6.0, 6.0]] True\n0",
    ),
    "several processes train one model": (
        """
def train(rank, model, total):
    torch.manual_seed(rank)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(20):
        x = torch.rand(8, 2)
        loss = (model(x) - x.sum(1, keepdim=True)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    total[rank] = 1


if __name__ == "__main__":
    torch.manual_seed(0)
    model, total = torch.nn.Linear(2, 1), torch.zeros(2).share_memory_()
    before = model.weight.tolist()
    model.share_memory()
    mp.spawn(train, (model, total), nprocs=2)
    print(total.tolist(), model.weight.tolist() != before, model.weight.grad)
""",
        "[1.0, 1.0] True None",
    ),
    "errors in processes are told": (
        """
def work(rank, how):
    if rank == 1:
        if how == "raise":
            raise ValueError("boo")
        os._exit(3) if how == "exit" else os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(20)


if __name__ == "__main__":
    for how in ("raise", "exit", "kill"):
        try:
            mp.start_processes(work, (how,), nprocs=2, start_method="forkserver")
        except mp.ProcessRaisedException as error:
            print(str(error).splitlines()[2], str(error).splitlines()[-1])
        except mp.ProcessExitedException as error:
            print(error, error.exit_code, error.signal_name)
""",
        "-- Process 1 terminated with the following error: ValueError: boo\n"
        "process 1 terminated with exit code 3 3 None\n"
        "process 1 terminated with signal SIGKILL -9 SIGKILL",
    ),
    "a fork that cannot compute says so": (
        """
def work(queue):
    try:
        queue.put((x + 1).tolist())
    except RuntimeError as error:
        queue.put(str(error)[:30])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    context = mp.get_context("fork")
    for _ in range(2):
        x = torch.ones(2)
        queue = context.SimpleQueue()
        process = context.Process(target=work, args=(queue,))
        process.start()
        print(queue.get())
        process.join()
        print((x + 2).tolist())
""",
        "[2.0, 2.0]\n[3.0, 3.0]\nThis process was forked from o\n[3.0, 3.0]",
    ),
    "a pool gets and gives tensors": (
        """
def square(x):
    return x * x


if __name__ == "__main__":
    mp.set_start_method("forkserver")
    with mp.Pool(2) as pool:
        print([y.tolist() for y in pool.map(square, list(torch.arange(3.0)))])
    try:
        x = torch.ones(2, requires_grad=True)
        mp.SimpleQueue().put(x * 2)
    except RuntimeError as error:
        print(str(error)[:39])
""",
        "[0.0, 1.0, 4.0]\nCowardly refusing to serialize non-leaf",
    ),
}
HEAD = """
import os, signal, sys, time, warnings
import funcnet.compat as torch
import funcnet.compat.multiprocessing as mp
"""


@pytest.mark.parametrize("name", SCRIPTS)
def test_script(name: str, tmp_path: Path) -> None:
    code, wanted = SCRIPTS[name]
    path = tmp_path / "script.py"
    path.write_text(HEAD + code)
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == wanted, done.stderr
