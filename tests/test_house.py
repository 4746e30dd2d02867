"""The house stands: one dependency list, no drift, nothing that belongs to one machine."""

import doctest
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
PINNED_EXTRAS = ("test", "lint", "build")  # what the two commands install beside the core
LONG_FILES = {}  # path → why it is longer than 400 lines


def tracked():
    """Every file git knows of or would add; without git, everything that is not left over from a run."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        names = listed.stdout.split("\0")
    else:
        left_over = re.compile(r"(^|/)(\.venv|\.git|my-notebooks|__pycache__|\.\w+_cache|\.hypothesis)/")
        names = (str(path.relative_to(ROOT)) for path in ROOT.rglob("*"))
        names = [name for name in names if not left_over.search(name)]
    return sorted(Path(name) for name in names if name and (ROOT / name).is_file())


def texts():
    for path in tracked():
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def by_name(lines):
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def pins():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def here(requirement, extras=frozenset()):
    """Whether a requirement applies on this machine, for a package taken with `extras`."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras})


# ---- one dependency list ------------------------------------------------------------------------------------


def test_core_is_what_a_learner_needs():
    assert set(by_name(PROJECT["dependencies"])) == {"anywidget", "ipywidgets", "jupyterlab", "matplotlib", "numpy"}


def test_environment_names_what_pyproject_names():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    conda = by_name(line for line in environment if isinstance(line, str))
    assert conda.pop("python").specifier == Requirement(f"python{PROJECT['requires-python']}").specifier
    conda.pop("pip")
    declared = by_name([*PROJECT["dependencies"], *EXTRAS["test"]])
    assert {name: r.specifier for name, r in conda.items()} == {name: r.specifier for name, r in declared.items()}
    assert environment[-1] == {"pip": ["-e ."]}


def test_every_pin_is_one_exact_version():
    for pin in pins():
        assert [s.operator for s in pin.specifier] == ["=="], f"{pin} is not pinned"
        assert pin.url is None and not pin.extras, f"{pin}: name==version and no more"


def test_what_pyproject_asks_for_is_pinned_within_its_range():
    pinned = {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in pins() if here(pin)}
    asked = [*PROJECT["dependencies"], *(r for extra in PINNED_EXTRAS for r in EXTRAS[extra])]
    for name, requirement in by_name(asked).items():
        assert requirement.specifier.contains(pinned[name]), f"{requirement} but pinned {pinned[name]}"


def test_the_pins_are_complete_and_none_is_left_over():
    """`make lab` installs with --no-deps, so whatever a pinned package needs must be pinned too."""
    wanted, todo = set(), [*PROJECT["dependencies"], *(r for extra in PINNED_EXTRAS for r in EXTRAS[extra])]
    seen = set()
    while todo:
        requirement = Requirement(todo.pop())
        name = canonicalize_name(requirement.name)
        wanted.add(name)
        if (name, *sorted(requirement.extras)) in seen:
            continue
        seen.add((name, *sorted(requirement.extras)))
        needs = importlib.metadata.requires(name) or []
        todo += [need for need in needs if here(Requirement(need), requirement.extras)]
    assert wanted == {canonicalize_name(pin.name) for pin in pins() if here(pin)}


def test_the_pins_are_what_runs_these_tests():
    """Stored outputs are compared with what these versions print, so they must be the ones installed."""
    if Path(sys.prefix).resolve() != ROOT / ".venv":
        pytest.skip("not the course's own .venv")
    for pin in filter(here, pins()):
        assert pin.specifier.contains(importlib.metadata.version(pin.name), prereleases=True), pin


# ---- nothing of one machine ---------------------------------------------------------------------------------

# Written in pieces, so that this file does not hold what it looks for.
ADDRESSES = [
    "py" + "pi.org", "pypi" + ".python", "python" + "hosted", "npm" + "js.", "conda" + ".ana", "index" + "-url",
]
MACHINE_PATH = re.compile(  # of someone in particular: "me" is nobody
    r"""(?:^|[\s"'`(=:,])/(?:root|home(?!/me/)|Users|work|opt|mnt)/\w|\b[A-Z]:\\+Users\\""", re.MULTILINE
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_file_holds_a_registry_address(address):
    option = "--no-emit-index" + "-url"  # uv's name for leaving it out, in the Makefile
    assert [str(path) for path, text in texts() if address in text.replace(option, "")] == []


def test_no_file_holds_a_path_of_one_machine():
    found = {str(path): MACHINE_PATH.findall(text) for path, text in texts()}
    assert {path: hits for path, hits in found.items() if hits} == {}


@pytest.mark.parametrize("text", ["see /" + "home/ada/x", '"/' + 'work/x"', "C:" + "\\Users\\ada"])
def test_a_path_of_one_machine_would_be_found(text):
    assert MACHINE_PATH.search(text)


# ---- the package --------------------------------------------------------------------------------------------


def loaded_after(code, *modules):
    listing = f"import sys; {code}; print(*sorted(set({modules!r}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout.split()


HEAVY = ("numpy", "matplotlib", "IPython", "ipywidgets", "torch", "jax", "keras", "transformers")


def test_importing_lrcourse_loads_nothing_heavy():
    assert loaded_after("import lrcourse, lrcourse.cli, lrcourse.lab_server", *HEAVY) == []


def test_a_schedule_needs_numpy_alone():
    assert loaded_after("import lrcourse; lrcourse.CosineAnnealing(0.1, 10)(5)", *HEAVY) == ["numpy"]


def test_every_promised_name_is_there():
    import lrcourse
    from lrcourse import exercises, schedules

    for name in schedules.__all__:
        assert getattr(lrcourse, name) is getattr(schedules, name)
    assert lrcourse.check is exercises.check and lrcourse.hint is exercises.hint
    assert lrcourse.progress is exercises.progress
    assert {*schedules.__all__, "check", "hint", "progress", "figures", "__version__"} <= set(dir(lrcourse))


def test_an_unknown_name_is_refused_as_usual():
    import lrcourse

    with pytest.raises(AttributeError, match="no attribute 'Cosin'"):
        lrcourse.Cosin  # noqa: B018


def test_the_version_has_one_home():
    import lrcourse

    assert PROJECT["dynamic"] == ["version"] and "version" not in PROJECT
    assert PYPROJECT["tool"]["hatch"]["version"]["path"] == "lrcourse/__init__.py"
    assert str(Version(lrcourse.__version__)) == lrcourse.__version__


def test_the_wheel_holds_the_package_whole_and_no_answers(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert inside == {path.as_posix() for path in tracked() if path.parts[0] == "lrcourse"}


# ---- size and layout ----------------------------------------------------------------------------------------


def test_no_file_of_the_package_is_long_without_a_reason():
    code = [path for path in tracked() if path.parts[0] == "lrcourse" and path.suffix in (".py", ".js")]
    lengths = {path.as_posix(): (ROOT / path).read_text(encoding="utf-8").count("\n") for path in code}
    assert {name for name, lines in lengths.items() if lines > 400} == set(LONG_FILES)


def test_test_modules_have_names_of_their_own():
    """pytest imports them by bare name, so two of one name in two folders would hide each other."""
    names = Counter(path.name for path in tracked() if path.parts[0] == "tests" and path.name.startswith("test_"))
    assert [name for name, count in names.items() if count > 1] == []


README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_is_short():
    assert README.count("\n") <= 80


def test_the_readme_names_the_two_commands():
    assert re.search(r"^make lab\b", README, re.MULTILINE) and re.search(r"^make test\b", README, re.MULTILINE)


def test_what_the_readme_links_to_exists():
    links = re.findall(r"\]\(([^)#]+)\)|(?:src|href)=\"([^\"]+)\"", README)
    inner = [link for pair in links for link in pair if link and "://" not in link]
    assert inner and [link for link in inner if not (ROOT / link).exists()] == []


def test_the_readme_describes_every_folder_and_no_other():
    described = set(re.findall(r"^\| `([\w.-]+)/`", README, re.MULTILINE))
    assert described == {path.parts[0] for path in tracked() if len(path.parts) > 1 and path.parts[0][0] != "."}


def test_the_readme_lists_every_lesson_with_its_minutes():
    listed = dict(re.findall(r"\]\(notebooks/([^)]+\.ipynb)\).*\| (\d+) \|$", README, re.MULTILINE))
    lessons = [path for path in tracked() if path.match("notebooks/*.ipynb")]
    stated = {path.name: re.search(r"\*\*Time:?\*\*:? (?:about )?(\d+) minutes", (ROOT / path).read_text("utf-8"))
              for path in lessons}
    assert listed == {name: minutes and minutes[1] for name, minutes in stated.items()}


def test_what_the_readme_computes_is_so():
    (code,) = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    example = doctest.DocTestParser().get_doctest(code, {}, "README", "README.md", 0)
    failed, tried = doctest.DocTestRunner().run(example)
    assert tried >= 3 and failed == 0


def test_the_readme_shows_what_its_script_draws(tmp_path):
    spec = importlib.util.spec_from_file_location("readme_figure", ROOT / "docs/readme_figure.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    figure = script.draw()
    assert figure.save(tmp_path / "new.svg").read_bytes() == script.TARGET.read_bytes(), "run make figure"
    (alt,) = re.findall(r'<img src="docs/schedules.svg".*?alt="(.*?)"', README, re.DOTALL)
    assert " ".join(alt.split()) == figure.alt
