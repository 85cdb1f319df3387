"""What the README shows of the playground is what the playground shows."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.__main__ import app
from tests.integration.cli.program import ROOT, run

_NUMBER = re.compile(r"\b\d{3} \d{3} \d{4}\b|(?<=/j/)\d{10}")
_PROMPT = "anna #general> "


def shown_in_readme() -> str:
    """The transcript in the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.partition("<!-- played by a test -->\n```text\n")[2].partition("```")[0]


def masked(transcript: str, typed: str) -> str:
    """The transcript with what differs from run to run made the same: the port, and numbers that nobody typed."""
    known = {re.sub(r"\D", "", number) for number in _NUMBER.findall(typed)}

    def mask(found: re.Match[str]) -> str:
        return found[0] if found[0].replace(" ", "") in known else "NUMBER"

    return _NUMBER.sub(mask, re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", transcript))


def options_of_the_playground() -> list[str]:
    """Every option of `python -m bot playground`, such as `--keep`."""
    command = getattr(get_command(app), "commands")["playground"]  # noqa: B009 - a group has some
    return [str(each.opts[0]) for each in command.params]


@pytest.mark.parametrize("option", options_of_the_playground())
def test_the_readme_names_every_option_of_the_playground(option: str) -> None:
    assert f"| `{option}" in (ROOT / "README.md").read_text(encoding="utf-8")


async def test_the_transcript_in_the_readme_is_what_is_printed(tmp_path: Path) -> None:
    expected = shown_in_readme()
    typed = [line.removeprefix(_PROMPT) for line in expected.splitlines() if line.startswith(_PROMPT)]
    script = tmp_path / "script.txt"
    script.write_text("\n".join(typed) + "\n", encoding="utf-8")

    code, out, err = await run("playground", "--script", str(script), environ={}, folder=tmp_path)

    assert "" == err
    assert 0 == code
    lines = "\n".join(typed)
    assert masked(expected, lines).strip() == masked(out[out.index(_PROMPT) :], lines).strip()
