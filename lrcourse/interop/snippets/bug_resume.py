import torch
from torch.optim import lr_scheduler

rates, saved = [], None
for begin in (0, 20):  # the run is stopped after 20 updates, and started again
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
    scheduler = lr_scheduler.CosineAnnealingLR(optimizer, T_max=50)
    if saved:  # the scheduler's state is there, the optimizer's was not kept
        scheduler.load_state_dict(saved)
    for _ in range(begin, 20 if begin == 0 else 50):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    saved = scheduler.state_dict()
