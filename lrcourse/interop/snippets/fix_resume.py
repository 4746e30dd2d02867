import torch

from lrcourse import CosineAnnealing, interop

rates, saved = [], None
for begin in (0, 20):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
    scheduler = interop.to_torch(CosineAnnealing(0.1, T_max=50), optimizer)
    if saved:  # sets the rate at once; last_epoch=19 above would do without a state
        scheduler.load_state_dict(saved)
    for _ in range(begin, 20 if begin == 0 else 50):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    saved = scheduler.state_dict()
