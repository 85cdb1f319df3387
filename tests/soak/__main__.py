"""`python -m tests.soak`: SOAK_MINUTES of load with faults on each database (10 unless told), and a report of each.

Ends with 1 if anything happened that must not.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from bot import logs
from storage import schema
from tests.databases import PostgresTemplates, postgres_server
from tests.soak.run import Pace, soak

MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))


def main() -> int:
    """Soak and print. The exit code."""
    logs.configure("ERROR", sys.stderr)
    kinds = sys.argv[1:] or ["sqlite", "postgresql"]
    pace = Pace(MINUTES * 60)
    troubles = 0
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        templates = PostgresTemplates(server)
        urls = {"sqlite": f"sqlite:///{folder}/soak.db", "postgresql": templates.fresh()}
        schema.upgrade(urls["sqlite"])
        for kind in kinds:
            report = asyncio.run(soak(kind, urls[kind], pace, Path(folder)))
            troubles += len(report.troubles)
            sys.stdout.write(f"{report}\n")
            sys.stdout.flush()
        templates.drop(urls["postgresql"])
        templates.close()
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
