"""A schedule as a torch LRScheduler."""

from __future__ import annotations

import torch

from lrcourse.schedules import Fixed, Schedule, from_dict


class Rates(torch.optim.lr_scheduler.LRScheduler):
    """Sets the absolute rate of each parameter group at every step; see `lrcourse.interop.to_torch`."""

    def __init__(self, schedule, optimizer, *, groups=None, last_epoch=-1):
        if not isinstance(optimizer, torch.optim.Optimizer):
            raise TypeError(f"optimizer must be a torch.optim.Optimizer, got {type(optimizer).__name__}")
        if not isinstance(last_epoch, int) or isinstance(last_epoch, bool) or last_epoch < -1:
            raise ValueError(f"last_epoch must be -1 or the index of the last update done, got {last_epoch!r}")
        self.schedules = self._one_each(schedule, optimizer.param_groups, groups)
        self._for_new = None if isinstance(schedule, (list, tuple)) else (schedule, groups)
        self._compile()
        if last_epoch >= 0:  # torch asks for this where a run is resumed without the optimizer's state
            for group in optimizer.param_groups:
                group.setdefault("initial_lr", group["lr"])
        super().__init__(optimizer, last_epoch)

    @staticmethod
    def _one_each(schedule, param_groups, groups) -> list[Schedule]:
        if groups not in (None, "absolute", "relative"):
            raise ValueError(f"groups must be 'absolute' or 'relative', got {groups!r}")
        listed = list(schedule) if isinstance(schedule, (list, tuple)) else None
        for each in [schedule] if listed is None else listed:
            if not isinstance(each, Schedule):
                raise TypeError(f"schedule must be one of lrcourse.schedules or a list of them, got {each!r}")
        if listed is not None:
            if len(listed) != len(param_groups):
                raise ValueError(f"schedule must have one entry for each of the {len(param_groups)} parameter groups, "
                                 f"got {len(listed)}")
            return listed
        own = [float(group.get("initial_lr", group["lr"])) for group in param_groups]
        if groups is None and len(set(own)) > 1:
            raise ValueError(f"groups must be chosen where the parameter groups' rates differ, got {own}: 'relative' "
                             f"keeps their proportions, 'absolute' gives all the schedule's rate")
        if groups == "relative" and len(set(own)) > 1:
            if own[0] == 0:
                raise ValueError(f"groups must be 'absolute' or a list of schedules where the first group's rate is 0, "
                                 f"got 'relative' with {own}: nothing can be in proportion to 0")
            shares = [rate / own[0] for rate in own]  # a group at 0 stays frozen
            return [schedule if share == 1 else share * schedule if share else Fixed(0.0) for share in shares]
        return [schedule] * len(param_groups)

    def _compile(self):
        self._rates = [schedule.compile() for schedule in self.schedules]

    def _admit(self):
        """Give parameter groups that the optimizer got meanwhile a schedule too."""
        groups = self.optimizer.param_groups
        if self._for_new is None or len(groups) < len(self.schedules):
            raise ValueError(f"the optimizer must keep the {len(self.schedules)} groups that have a schedule, "
                             f"not {len(groups)}: build the scheduler anew, with last_epoch={self.last_epoch}")
        for group in groups:
            group.setdefault("initial_lr", float(group["lr"]))
        schedule, choice = self._for_new
        self.schedules = self._one_each(schedule, groups, choice)
        self._compile()

    def get_lr(self):
        """The rate of each parameter group at step `last_epoch`."""
        if len(self._rates) != len(self.optimizer.param_groups):
            self._admit()
        t = self.last_epoch
        return [rate(t) for rate in self._rates]

    def step(self, epoch=None):
        """The next update's rates. The first calls go torch's way, which checks that optimizer.step() came before."""
        groups = self.optimizer.param_groups
        if epoch is not None or self._step_count < 2 or len(groups) != len(self._rates):
            super().step(epoch)
            return
        t = self.last_epoch + 1
        self._last_lr = rates = [rate(t) for rate in self._rates]  # where one refuses, nothing has changed yet
        self.last_epoch = t
        self._step_count += 1
        self._set(groups, rates)

    @staticmethod
    def _set(groups, rates):
        for group, rate in zip(groups, rates):
            if isinstance(group["lr"], torch.Tensor):
                group["lr"].fill_(rate)  # in place: a compiled optimizer holds on to it
            else:
                group["lr"] = rate

    def _get_closed_form_lr(self):
        return self.get_lr()

    def state_dict(self):
        """The step and the configuration: plain JSON values."""
        return {"last_epoch": self.last_epoch, "schedules": [schedule.to_dict() for schedule in self.schedules]}

    def load_state_dict(self, state_dict):
        """Take up a run where it was; the optimizer's rates are set at once, whether or not its state was loaded."""
        kept = [from_dict(data) for data in state_dict["schedules"]]
        if kept != self.schedules:
            raise ValueError(f"the saved state belongs to another configuration, {kept!r}, got {self.schedules!r}: "
                             f"build the saved run's schedule, or start from last_epoch={state_dict['last_epoch']}")
        self.last_epoch = int(state_dict["last_epoch"])
        self._last_lr = self.get_lr()
        self._set(self.optimizer.param_groups, self._last_lr)

    def __getstate__(self):
        return {key: value for key, value in self.__dict__.items() if key != "_rates"}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._compile()
