import torch
from torch.optim import lr_scheduler

optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
lr_scheduler.LinearLR(optimizer, start_factor=0.01)  # tried first, then given up
scheduler = lr_scheduler.CosineAnnealingLR(optimizer, T_max=50)
rates = []
for _ in range(50):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    scheduler.step()
