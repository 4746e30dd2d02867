import torch

from lrcourse import MultiStep, interop

schedule = MultiStep(0.1, milestones=[15, 30], gamma=0.5)
plot = schedule.values(50)  # asking changes nothing
optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
scheduler = interop.to_torch(schedule, optimizer)
rates = []
for _ in range(50):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    scheduler.step()
