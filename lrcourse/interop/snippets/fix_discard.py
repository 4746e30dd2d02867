import torch

from lrcourse import CosineAnnealing, Warmup, interop

optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
Warmup(0.1, 5)  # a schedule holds no optimizer: building one touches nothing
scheduler = interop.to_torch(CosineAnnealing(0.1, T_max=50), optimizer)
rates = []
for _ in range(50):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    scheduler.step()
