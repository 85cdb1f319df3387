"""What the change log says of each change."""

from bot.texts import load_texts
from tests.unit.views.admin_log_states import log_dialogs, log_lines

T = load_texts().for_locale(None)


def texts() -> list[str]:
    return [
        block["text"]["text"]
        for _, view in log_dialogs(T)
        for block in view["blocks"]
        if block["type"] == "section" and "\n" in block["text"]["text"]
    ]


def test_each_change_is_said_in_words_and_what_people_wrote_stays_dead() -> None:
    said = texts()

    assert len(log_lines()) == len(said)
    assert not any("<!channel>" in line for line in said)
    codes = [line.action for line, text in zip(log_lines(), said, strict=True) if text.startswith(line.action)]
    assert ["policy.of_another_day", "option.of.another.day"] == codes
    assert all(len(line.splitlines()) == 2 for line in said)


def test_numbers_are_grouped_and_people_named() -> None:
    said = "\n".join(texts())

    assert "Personal Meeting ID: 582 904 7316 to 617 5550 1423, taken back" in said
    assert "Waiting room: People from outside the workspace wait to nothing" in said
    assert "Alternative host added: deleted-user#1" in said
    assert "Alternative host removed: <@U0CARLA>" in said
    assert "a former member (bbbbbb) · by a former member (aaaaaa)" in said
    assert "the workspace · by an operator, or Slack" in said
