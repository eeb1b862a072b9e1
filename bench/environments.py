"""The environments of the contenders: a virtual environment each, made once, with just what they need.

They lie in `.bench/` of the checkout, which ignores itself. Entente runs in the environment that runs the bench.
"""

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOME = ROOT / ".bench"
_CONTENDERS = Path(__file__).parent / "contenders"
_CONSTRAINED = {
    "rdflib": ["rdflib", "owlrl", "pyshacl"],
    "oxrdflib": ["oxrdflib"],
    "pyoxigraph": ["pyoxigraph"],
    "sparq": ["sparq-rdf"],
    "oxigraph": ["oxigraph"],
    "rdflib-endpoint": ["rdflib-endpoint[cli]"],
}


def home() -> Path:
    """The folder for all that the bench makes and keeps."""
    HOME.mkdir(exist_ok=True)
    (HOME / ".gitignore").write_text("*\n", encoding="utf-8")
    return HOME


def command(environment: str, script: str, *arguments: str | Path) -> list[str]:
    """The command that runs `bench/contenders/SCRIPT.py` in an environment."""
    return [str(python(environment)), str(_CONTENDERS / f"{script}.py"), *map(str, arguments)]


def python(environment: str) -> Path:
    """The interpreter of an environment."""
    return Path(sys.executable) if environment == "entente" else HOME / "environments" / environment / "bin" / "python"


def program(environment: str, name: str) -> Path:
    """A command that a package of an environment has."""
    return python(environment).with_name(name)


def entente(*arguments: str | Path) -> list[str]:
    """The command `kg` with these arguments, as its users run it."""
    script = Path(sys.executable).parent / "kg"
    start = [str(script)] if script.exists() else [sys.executable, "-m", "kg"]
    return [*start, *map(str, arguments)]


def make(environment: str) -> str:
    """Make an environment if it is not there; what went wrong, in a line, where it cannot be made."""
    folder = home() / "environments" / environment
    if environment == "entente" or (folder / "made").exists():
        return ""
    venv.create(folder, with_pip=True, clear=True)
    install = [str(python(environment)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    constraints = ["--constraint", str(ROOT / "constraints.txt")]
    done = subprocess.run([*install, *constraints, *_CONSTRAINED[environment]], capture_output=True, text=True)
    if done.returncode:
        return (done.stderr.strip() or "pip failed").splitlines()[-1]
    (folder / "made").touch()
    return ""


def versions(environment: str) -> dict[str, str]:
    """The version of each package that an environment was made for."""
    names = {"entente": ["entente-kg", "pyoxigraph"], **_CONSTRAINED}[environment]
    names = [name.partition("[")[0] for name in names]
    code = "import importlib.metadata as m, sys; print(*(m.version(n) for n in sys.argv[1:]))"
    done = subprocess.run([str(python(environment)), "-c", code, *names], capture_output=True, text=True)
    return dict(zip(names, done.stdout.split(), strict=False))
