import torch

from lrcourse import Fixed, StepDecay, interop

start = Fixed(0.025).until(4) >> Fixed(0.05).until(4)
schedule = start >> StepDecay(0.1, 6, gamma=0.5)  # a join of joins is one join
optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
scheduler = interop.to_torch(schedule, optimizer)
rates = []
for _ in range(20):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    scheduler.step()
