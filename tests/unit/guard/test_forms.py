"""Forms are read as the standard library reads them, and no more of them than Slack writes."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.forms import MOST_FIELDS, read_form

_pieces = st.text(alphabet="ab=&%+ 2Fc3A;é\0", max_size=30)


@given(_pieces)
@example("a=1&b=%C3%A9+x&&c&=d&e==f")
@example("a=%FF")
@example("a=%2B+%26")
def test_every_text_is_read_as_the_standard_library_reads_it(text: str) -> None:
    """Seen red: with names or values left as they were escaped, or a `+` replaced after that."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        pairs = [("not", "UTF-8")] * 2
    if len(dict(pairs)) < len(pairs):
        with pytest.raises(ValueError, match=r"twice|decode"):
            read_form(text)
    else:
        assert dict(pairs) == read_form(text)


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"))))
def test_what_is_written_is_read(fields: dict[str, str]) -> None:
    assert fields == read_form(urlencode(fields))


def test_too_many_fields_are_refused() -> None:
    """Seen red: without the limit, all are read."""
    assert MOST_FIELDS == len(read_form("&".join(f"f{place}=" for place in range(MOST_FIELDS))))
    with pytest.raises(ValueError, match="too many"):
        read_form("&".join(f"f{place}=" for place in range(MOST_FIELDS + 1)))
