import torch

from lrcourse import CosineAnnealing, Warmup, interop

schedule = Warmup(0.01, 10) >> CosineAnnealing(0.01, 90)
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.AdamW(model.parameters())
scheduler = interop.to_torch(schedule, optimizer)  # a real LRScheduler
for x in torch.randn(100, 8, 3):
    optimizer.zero_grad()
    model(x).square().mean().backward()
    optimizer.step()
    scheduler.step()
