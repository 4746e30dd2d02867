import torch
from torch.optim import lr_scheduler

optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
scheduler = lr_scheduler.MultiStepLR(optimizer, milestones=[15, 30], gamma=0.5)
plot = []
for _ in range(50):  # a look at the curve before the run
    plot.append(scheduler.get_last_lr()[0])
    scheduler.step()
rates = []
for _ in range(50):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    scheduler.step()
