"""Installs what engines need: packages of Debian, of npm and of PyPI; or says in one line why it cannot be had."""

import os
import re
import shutil
import subprocess

from running import ROOT

from engines.engine import Words, run

FOLDER = ROOT / ".engines"  # for what npm installs or is made here; the rest goes where apt-get and pip put it


class NotInstalledError(Exception):
    """Why an engine cannot be had here, in one line."""


def program(name: str) -> str:
    """The path of a program. Raises NotInstalledError."""
    if path := shutil.which(name):
        return path
    raise NotInstalledError(f"there is no {name}")


def installing(command: Words) -> None:
    """Run a command that installs something. Raises NotInstalledError, with the last line that it writes."""
    program(str(command[0]))
    try:
        run(command)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        why = str(error).splitlines() or ["no word"]
        raise NotInstalledError(f"{' '.join(map(str, command[:2]))} fails: {why[-1]}") from error


def apt_get(*packages: str) -> None:
    """Install packages of Debian. Raises NotInstalledError, also where this needs to be root and is not."""
    program("apt-get")
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and not shutil.which("sudo"):
        raise NotInstalledError(f"not root: apt-get install {' '.join(packages)}")
    installing([*root, "apt-get", "update", "-q"])
    installing(
        [
            *root,
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "install",
            "-qy",
            "--no-install-recommends",
            *packages,
        ]
    )


def debian_version(package: str) -> str:
    """The upstream part of the version of an installed package. Raises NotInstalledError."""
    try:
        found = run([program("dpkg-query"), "-W", "-f", "${db:Status-Status} ${Version}", package]).decode()
    except RuntimeError:
        found = ""
    status, _, version = found.partition(" ")
    if status != "installed":
        raise NotInstalledError(f"Debian's {package} is not installed")
    return re.split(r"[-+~]", version)[0]
