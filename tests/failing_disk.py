"""A disk that fails on demand, under the SQLite file of a process that is started with `environ`. For Linux."""

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_suffix(".c")


class FailingDisk:
    """What such a process meets when it writes. Sound at first; a C compiler makes the part that stands in between."""

    def __init__(self, folder: Path) -> None:
        self._control = folder / "disk"
        library = folder / "failing_disk.so"
        if shutil.which("cc") is None:
            pytest.skip("There is no C compiler here to make a failing disk with.")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
        self.environ = {"LD_PRELOAD": str(library), "FAILING_DISK": str(self._control)}

    def fills(self) -> None:
        """From now on nothing more can be written."""
        self._control.write_text("full")

    def breaks(self) -> None:
        """From now on nothing that is written can be made durable."""
        self._control.write_text("broken")

    def is_sound(self) -> None:
        """From now on all is well."""
        self._control.write_text("sound")
