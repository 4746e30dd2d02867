"""The exercise of section 8.9, key takeaways."""

from lrcourse.exercises import Exercise, Misconception

_GRADES = {
    "adjusts the rate during training": "always",
    "starts high, ends low": "sometimes",
    "improves convergence and the end": "sometimes",
    "cosine: a smooth decay": "always",
    "cosine: falls from max to min": "always",
    "works well for transformers": "sometimes",
    "faster convergence": "sometimes",
    "more stable training": "sometimes",
    "better final performance": "sometimes",
    "essential for optimal training": "false",
}

_WHY = {
    "adjusts the rate during training": "it is what the word means",
    "starts high, ends low": "some schedules start high, others warm up first",
    "improves convergence and the end": "it did in some runs, with noise and tuned, and not in others",
    "cosine: a smooth decay": "the formula proves it between 0 and T_max",
    "cosine: falls from max to min": "the two boundary conditions prove it",
    "works well for transformers": "many runs were seen to end well with it, which is neither a proof nor nothing",
    "faster convergence": "with noise it was faster in some runs; without noise a fixed rate won",
    "more stable training": "falling rates calm a noisy run, but a peak above 2/λ diverges",
    "better final performance": "with noise and tuned it was better in some runs, and in others not",
    "essential for optimal training": "one fixed rate that converges exactly refutes it",
}


def _all_others(named):
    """A misconception for each wrong grade that `named` leaves out."""
    told = {pair for misconception in named for pair in misconception.answer.items()}
    return [
        Misconception({item: grade}, f"“{item[0].upper()}{item[1:]}” is not a case of “{grade}”: {_WHY[item]}.")
        for item, right in _GRADES.items()
        for grade in ("always", "sometimes", "false")
        if grade != right and (item, grade) not in told
    ]


_NAMED = [
    Misconception(
        {"essential for optimal training": "always"},
        "“Essential” is refuted by one counterexample: without noise a fixed rate below 2/λ converges exactly.",
    ),
    Misconception(
        {"essential for optimal training": "sometimes"},
        "What is essential only sometimes is not essential: a fixed rate below 2/λ, without noise, converges.",
    ),
    Misconception(
        {"starts high, ends low": "always"},
        "Warmup starts low, and so does one cycle. Most schedules end low; not all start high.",
    ),
    Misconception(
        {"starts high, ends low": "false"},
        "Some do start high: cosine annealing and step decay. Others warm up first.",
    ),
    Misconception(
        {"faster convergence": "always"},
        "Without noise the best fixed rate is there in one step, ηλ = 1: no schedule is faster.",
    ),
    Misconception(
        {"better final performance": "always"},
        "It depends on the run and the tuning. With noise the end is better; without noise there is nothing to gain.",
    ),
    Misconception(
        {"improves convergence and the end": "always"},
        "A badly chosen schedule ends worse than a good fixed rate: too fast a decay stops before it arrives.",
    ),
    Misconception(
        {"more stable training": "always"},
        "A peak above 2/λ diverges under any schedule, and a restart is a jump.",
    ),
    Misconception(
        {"works well for transformers": "always"},
        "“Works well” is an observation from many runs, not a theorem; others, such as linear to 0, work as well.",
    ),
    Misconception(
        {"adjusts the rate during training": "sometimes"},
        "This is what the word scheduling means: true by definition, so always.",
    ),
    Misconception(
        {"cosine: a smooth decay": "sometimes"},
        "Between t = 0 and T_max the formula itself proves it: the cosine has no jumps and falls all the way.",
    ),
    Misconception(
        {"cosine: falls from max to min": "sometimes"},
        "The two boundary conditions prove it: eta_max at t = 0, eta_min at t = T_max, falling in between.",
    ),
]

takeaways = Exercise(
    id="8.9.1",
    title="Grade the takeaways",
    kind="classification",
    question="The text ends with ten takeaways. Grade each by what you have seen in these notebooks, and "
    "keep a cell in "
    "mind that shows it: `always`, by definition or by proof; `sometimes`, true in some runs and not in others; "
    "`false`, refuted by an example.",
    given={},
    solution=lambda: dict(_GRADES),
    categories=("always", "sometimes", "false"),
    misconceptions=[*_NAMED, *_all_others(_NAMED)],
    difficulty=2,
    minutes=8,
    points=5,
    trains="weighing claims",
    stub="always, sometimes or false",
    hints=(
        "Who says “always” promises a proof; who says “false” owes a counterexample. The rest is “sometimes”.",
        "Definitions and the cosine's own properties are always true; what depends on the run is sometimes true.",
        "Begin with “essential”: which notebook showed a fixed rate that converges exactly?",
    ),
    worked="""\
always, sometimes = "always", "sometimes"
return {
    "adjusts the rate during training": always,      # the definition, 8.1
    "starts high, ends low": sometimes,              # not with warmup, 8.5
    "improves convergence and the end": sometimes,   # with noise and tuned, 8.2 and 8.6
    "cosine: a smooth decay": always,                # its derivative, 8.4
    "cosine: falls from max to min": always,         # boundary conditions, 8.7
    "works well for transformers": sometimes,        # an observation, no theorem
    "faster convergence": sometimes,                 # 8.2: one step at ηλ = 1
    "more stable training": sometimes,               # not above 2/λ, 8.3
    "better final performance": sometimes,           # 8.6, once both are tuned
    "essential for optimal training": "false",       # 8.3: a fixed rate converges
}""",
    afterthought="Most takeaways are “sometimes”: worth knowing, and worth measuring before you rely on them.",
)

EXERCISES = (takeaways,)
