"""What no linter sees: addresses and secrets in tracked files, a lock that lags behind."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from launch.errors import LaunchError

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
# Written so that no pattern finds itself.
FORBIDDEN = {
    "address of a package index": r"p[y]pi[.]org|p[y]thonhosted[.]"
    r"|r[e]gistry[.]npmjs|d[e]b[.]debian",
    "private key": r"-----B[E]GIN [A-Z ]*PRIVATE KEY-----",
    "access token": r"(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[bp]-[0-9A-Za-z-]{20,})",
    "secret of a process": r"(SECRET_KEY|(VAULT|PORTAL|SEARCH|SUBMISSION)_KEYS|_PASSWORD|_TOKEN)"
    r"[\"']? *[:=] *"
    r"[\"']?([A-Za-z0-9_.-]+:)?[A-Za-z0-9+/_-]{40,}",
    "password in an address": r"(postgres(ql)?|rediss?|https?)://[^/ :@]+:[^/ @{$<]{4,}@",
}


def check(root: Path = ROOT) -> int:
    """Print each finding; 1 when there is any."""
    findings = [*tracked_files(root), *lock_lags(root)]
    print("\n".join(findings) or "No secret, no index address, and the lock is up to date.")
    return 1 if findings else 0


def tracked_files(root: Path) -> Iterator[str]:
    for what, pattern in FORBIDDEN.items():
        grep = ["git", "grep", "-nIE", "-e", pattern, "--", "."]
        found = subprocess.run(  # noqa: S603  our own words only
            grep, cwd=root, capture_output=True, text=True, check=False
        )
        if found.returncode > 1:
            raise LaunchError(f"git grep failed: {found.stderr}")
        for line in found.stdout.splitlines():
            path, number, _ = line.split(":", 2)
            yield f"{path}:{number}: {what}"  # not the line: it would spread the secret


def lock_lags(root: Path) -> Iterator[str]:
    """Requirements of pyproject.toml that the lock does not fulfil; asks no index."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    base, dev = project["project"]["dependencies"], project["dependency-groups"]["dev"]
    for name, wanted in {"base": base, "dev": base + dev}.items():
        pinned: dict[str, list[str]] = {}
        for package, version in PINNED.findall((root / f"requirements/{name}.txt").read_text()):
            pinned.setdefault(canonicalize_name(package), []).append(version)
        for requirement in map(Requirement, wanted):
            versions = pinned.get(canonicalize_name(requirement.name), [])
            if not any(requirement.specifier.contains(version) for version in versions):
                yield f"requirements/{name}.txt: does not fulfil {requirement}; run make lock"
