import torch
from torch.optim import lr_scheduler as S

optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
warm = [S.ConstantLR(optimizer, 0.25, 99), S.ConstantLR(optimizer, 0.5, 99)]
start = S.SequentialLR(optimizer, warm, [4])  # a quarter, and from t = 4 on a half
scheduler = S.SequentialLR(optimizer, [start, S.StepLR(optimizer, 6, 0.5)], [8])
rates = []
for _ in range(20):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    scheduler.step()
