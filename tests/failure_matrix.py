"""The failure matrix: what may go wrong, what must hold then, and which tests show it.

`python -m tests.failure_matrix` writes `tests/FAILURE_MATRIX.md` from the rows below and from the tests themselves: a
test says which row it shows with `@pytest.mark.row("R01")`, and its docstring tells how it was seen red.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "tests" / "FAILURE_MATRIX.md"
SEEN_RED = "Seen red:"
"""How the sentence in a docstring begins that tells which guard was removed, and what the test said then."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the matrix: what goes wrong, and what must hold."""

    fault: str
    holds: str


@dataclass(frozen=True, slots=True)
class RowTest:
    """A test that shows a row."""

    row: str
    path: str
    name: str
    docstring: str


ROWS: dict[str, Row] = {
    "R01": Row(
        "32 people in 4 processes claim one number, 100 rounds (long: 200 in 8 processes, 20 rounds)",
        "One holder a round; all others hear taken, those who were told busy once they ask again; p99 is reported",
    ),
    "R02": Row("One link is claimed in many spellings at once", "The key decides: one holder"),
    "R03": Row("Releases and claims cross each other; any order of any acts", "As if one had gone after the other"),
    "R04": Row(
        "The draw hits nine taken numbers, or only taken ones",
        "The tenth is given; or nothing, after 20 draws in one transaction",
    ),
    "R05": Row("A transaction loses its race once, twice, three times", "Run again, at last busy; never two log rows"),
    "R06": Row("One event four times, in turn, at once, in two processes", "One effect, four times 200, one log row"),
    "R07": Row(
        "One submission three times in turn, ten times at once",
        "One effect, the same answer",
    ),
    "R08": Row("One dialog saved again with other values", "Another request, done once"),
    "R09": Row("One trigger twice; a double click", "One effect, two successes"),
    "R10": Row(
        "kill -9 at eight points of a change (the foreign call is the post that follows a button)",
        "All of its rows or none; ready again in under 5 s",
    ),
    "R11": Row(
        "kill -9 after the commit and before the answer; the person repeats", "Success, and nothing more changes"
    ),
    "R12": Row("SIGTERM with 50 requests in flight", "Not ready, every one answered, gone in under 10 s, nothing lost"),
    "R13": Row(
        "The process ends after an answer, with a notice still to send",
        "The notice waits and is sent once; at most twice after kill -9",
    ),
    "R14": Row(
        "The deadline strikes at 100 moments from none to twice what a change takes",
        "What is said never contradicts what is stored",
    ),
    "R15": Row(
        "The disk is full",
        "Writes refused, reads served, readiness says degraded, healed without a restart",
    ),
    "R16": Row(
        "The disk fails while a commit is made durable",
        "Never called saved; noted once",
    ),
    "R17": Row("PostgreSQL is stopped", "Told within 500 ms that nothing was changed; events get 503; heals by itself"),
    "R18": Row("The network to the database swallows everything", "Answered within 2.5 s; usable 2 s after it heals"),
    "R19": Row("A row, a table, the file is locked by somebody else", "Answered within 2.5 s; no effect afterwards"),
    "R20": Row("Every statement takes 800 ms longer", "Answered within 2.5 s, never in contradiction to the data"),
    "R21": Row(
        "All connections, or the turn to write, are in use",
        "Busy within 2.5 s; a thousand requests cost under 20 MB",
    ),
    "R22": Row(
        "The event loop is blocked for 2 s",
        "A lag over 200 ms is noted with where; answers stay right",
    ),
    "R23": Row("views.open fails in seven ways", "A private message with a button, within 2.5 s"),
    "R24": Row(
        "chat.postMessage is refused for too many, fails, or is silent",
        "Never before Retry-After, one a second for a channel (for results: and process), delivered on recovery",
    ),
    "R25": Row(
        "A trigger is used up, a hash is stale, the token is revoked",
        "A button; one more try; no calls by a process that has heard that the installation is dead",
    ),
    "R31": Row("Forged, stale and misshapen signatures", "401, empty, under 5 ms, no byte of it in a log"),
    "R32": Row("A request is played again: at once, late, after a restart", "The same answer, one effect; then 401"),
    "R33": Row(
        "Bodies too long, endless, slow, packed, deep, of wrong types",
        "4xx, flat memory, slow heads and bodies cut",
    ),
    "R34": Row("Clocks differ or jump", "Four minutes pass, six do not and are named; no lease stolen or stuck"),
    "R35": Row(
        "Every action and dialog of administrators, signed, by owner, admin, member, guest, stranger and deactivated",
        "Owners and admins alone; each denial logged once, without any effect; an id beside the register fails",
    ),
    "R36": Row("What a dialog or button carries points at somebody else's room", "No effect, in 1,000 mutations"),
    "R37": Row("The role is lost between the opening of a dialog and its Save", "Denied, within a minute at most"),
    "R38": Row(
        "Two workspaces and an organisation have installed the app; whatever one does is done again from elsewhere",
        "No row of another is seen or changed, and nothing is learned but that a number or a link is taken; each is "
        "spoken to with its own token and at its own pace; what ends one leaves the others as they are",
    ),
    "R39": Row(
        "The state of a sign-in or an install is missing, foreign, stale, used; many callbacks at once; a code or a "
        "way back made up",
        "One of them passes, all others get 400; nobody is led anywhere but to a page of ours",
    ),
    "R40": Row(
        "2,000 pages, and wrong passcodes, at addresses in use, held, free and odd",
        "Equal in status, headers and bytes; nobody can tell them apart by their times",
    ),
    "R41": Row(
        "One place asks for 10,000 numbers in turn (short: 200); one home, with addresses of IPv6; forged headers",
        "30 pages a minute, then 429; told at 100 misses in 5 minutes; forwarded headers from set proxies only",
    ),
    "R42": Row(
        "A passcode is guessed from one place, and from everywhere at once in two processes, over a restart",
        "10 wrong tries in 5 minutes from a place, 10 in 30 minutes at an address, in use or not; invitations open",
    ),
    "R43": Row(
        "A passcode is to be guessed",
        "By chance: 10 of 31 characters, 49.5 bits; six digits are warned of unless people wait",
    ),
    "R44": Row("A room is to be left without a guard, by form or by SQL", "Refused, by a CHECK too"),
    "R45": Row(
        "A number or a link is given up, the app leaves, and strangers want it on day 0, 1, 179, 181",
        "A number is held for good, a link for 180 days; its address never opens a stranger's room meanwhile",
    ),
    "R46": Row(
        "Secrets, with every logger at DEBUG",
        "In no log, traceback, page, metric, table or command output",
    ),
    "R47": Row("The database is read by a stranger, or a sealed text is moved", "No secret in it; it does not open"),
    "R48": Row(
        "Keys are rotated under load, killed midway; a key is missing",
        "Resumed, no failed read; a start without a key that is found in use is refused with 2, its id named",
    ),
    "R49": Row("Secrets in addresses, headers and access logs", "None, and pages that no cache or crawler keeps"),
    "R50": Row(
        "The app is removed or its token revoked: both events, in any order, doubled, late after it was added again",
        "Its tokens are deleted; those of a later install and of other workspaces are not",
    ),
    "R52b": Row(
        "Somebody edits the change log, with the program's rights, or with those of the database's owner",
        "Refused; past the triggers, the first altered or missing row of 10,000 is named, whatever stands in it",
    ),
    "R51": Row(
        "A workspace is purged, also killed midway, or one member erased or exported; a column is new",
        "Every column is classified; no trace is left outside the keyed tombstone; the log shows `deleted-user#n`",
    ),
    "R52": Row("A backup from before an erasure takes the place of the database", "What was erased is erased again"),
    "R53": Row(
        "A migration fails or is killed at any statement",
        "All or nothing; run again it completes; the program before it serves on",
    ),
    "R54": Row(
        "Four processes migrate at once",
        "One does, three wait, no error; a table locked by others is said after 4 s (PostgreSQL)",
    ),
    "R55": Row(
        "A new program on an old schema, and the reverse",
        "It refuses to start, or migrates its file; one that runs serves on or says so; never 5xx",
    ),
    "R56": Row(
        "Socket Mode is closed, warned, reset, silent for 60 s, given no address; two processes",
        "Back within 30 s, red after 20 s of silence, gone after 5 minutes; one effect each, answered where it came by",
    ),
    "R57": Row("Random bytes at signature, payload, number and link", "Nothing escapes"),
    "R58": Row(
        "Mutants of rules, authorisation, claims, crypto and signature",
        "Nine in ten of a sample of each area are found, and each survivor has a reason; every run tries one of each",
    ),
    "R59": Row(
        "Ten minutes of 20 requests a second with faults (SOAK_MINUTES for more)",
        "Only injected errors, nothing lost; memory and descriptors flat",
    ),
}


def row_tests() -> list[RowTest]:
    """Every test that is marked with a row, by row and place."""
    found = [each for path in sorted((ROOT / "tests").rglob("test_*.py")) for each in _in_file(path)]
    return sorted(found, key=lambda each: (each.row, each.path, each.name))


def table() -> str:
    """The matrix as a page."""
    tests: dict[str, list[RowTest]] = {}
    for test in row_tests():
        tests.setdefault(test.row, []).append(test)
    lines = [
        "# Failure matrix",
        "",
        "What may go wrong, what holds then, and the tests that show it, on both databases where both can meet it.",
        "Made by `python -m tests.failure_matrix`; each test tells in its docstring how it was seen red.",
        "",
        "| row | what goes wrong | what holds | tests |",
        "|---|---|---|---|",
    ]
    for name, row in ROWS.items():
        shown = "<br>".join(f"`{each.path}::{each.name}`" for each in tests.get(name, []))
        lines.append(f"| {name} | {row.fault} | {row.holds} | {shown} |")
    return "\n".join(lines) + "\n"


def _in_file(path: Path) -> Iterator[RowTest]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for row in _rows_of(node):
                yield RowTest(row, str(path.relative_to(ROOT)), node.name, ast.get_docstring(node) or "")


def _rows_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    calls = [each for each in node.decorator_list if isinstance(each, ast.Call)]
    marks = [call for call in calls if ast.unparse(call.func) == "pytest.mark.row"]
    return [str(word.value) for call in marks for word in call.args if isinstance(word, ast.Constant)]


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
