"""What is sealed opens with the same keys in the same place, and nowhere else."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from storage.secrets import BadKeys, KeyRing, Unsealable, key_id_of, new_key, prefix_of

FIRST = "correct horse battery staple, no.".replace(",", ";")
SECOND = "another key, thirty-two characters".replace(",", ";")
RING = KeyRing.from_text(FIRST)

texts = st.text(st.characters(exclude_categories=["Cs"]))
places = st.fixed_dictionaries({"table": texts, "column": texts, "workspace": texts, "key": texts})
HERE = {"table": "seen_request", "column": "answer", "workspace": "T1", "key": "abc"}


@given(texts, places)
def test_what_is_sealed_opens_in_its_place(value: str, place: dict[str, str]) -> None:
    assert value == RING.open(RING.seal(value, **place), **place)


@given(places, places)
def test_what_is_moved_does_not_open(here: dict[str, str], there: dict[str, str]) -> None:
    sealed = RING.seal("passcode", **here)

    if here == there:
        assert "passcode" == RING.open(sealed, **there)
    else:
        with pytest.raises(Unsealable):
            RING.open(sealed, **there)


@pytest.mark.parametrize(
    ("one", "other"), [(("ab", "c"), ("a", "bc")), (("a|b", ""), ("a", "b|")), (("", "ab"), ("ab", ""))]
)
def test_neighbouring_parts_of_a_place_do_not_run_together(one: tuple[str, str], other: tuple[str, str]) -> None:
    sealed = RING.seal("passcode", table=one[0], column=one[1], workspace="T1", key="k")

    with pytest.raises(Unsealable):
        RING.open(sealed, table=other[0], column=other[1], workspace="T1", key="k")


SEALED = RING.seal("passcode", **HERE)


@given(st.integers(0, len(SEALED) - 1), st.characters(exclude_categories=["Cs"]))
def test_what_is_altered_anywhere_does_not_open(at: int, put: str) -> None:
    assume(put != SEALED[at])

    with pytest.raises(Unsealable):
        RING.open(SEALED[:at] + put + SEALED[at + 1 :], **HERE)


@given(texts)
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(Unsealable):
        RING.open(text, **HERE)


@pytest.mark.parametrize(
    "change", [str.upper, lambda text: text + "=", lambda text: text + ".", lambda text: text[:-1]]
)
def test_what_is_written_in_another_way_does_not_open(change: Callable[[str], str]) -> None:
    with pytest.raises(Unsealable):
        RING.open(change(RING.seal("passcode", **HERE)), **HERE)


@pytest.mark.parametrize("ending", "AQgw")
def test_of_all_ways_to_end_a_text_with_bits_to_spare_one_opens(ending: str) -> None:
    seals = (RING.seal("passcodes", **HERE) for _ in range(1000))
    sealed = next(each for each in seals if each.endswith(ending))

    assert "passcodes" == RING.open(sealed, **HERE)
    for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".replace(ending, ""):
        with pytest.raises(Unsealable):
            RING.open(sealed[:-1] + other, **HERE)


def test_no_two_seals_are_alike() -> None:
    assert 1000 == len({RING.seal("passcode", **HERE) for _ in range(1000)})


def test_a_sealed_value_has_its_form_and_shows_nothing() -> None:
    sealed = RING.seal("passcode", **HERE)

    version, key_id, nonce, ciphertext = sealed.split(".")
    assert ("v1", RING._current.id, 16, 32) == (version, key_id, len(nonce), len(ciphertext))
    assert "passcode" not in sealed


def test_the_first_key_seals_and_every_key_opens() -> None:
    old = RING.seal("passcode", **HERE)
    both = KeyRing.from_text(f"{SECOND}, {FIRST}")
    new = both.seal("passcode", **HERE)

    assert "passcode" == both.open(old, **HERE) == both.open(new, **HERE)
    assert "passcode" == KeyRing.from_text(SECOND).open(new, **HERE)
    with pytest.raises(Unsealable):
        RING.open(new, **HERE)


def test_a_ring_tells_its_keys_apart_by_ids_and_the_first_one_seals() -> None:
    both = KeyRing.from_text(f"{SECOND}, {FIRST}")
    first = KeyRing.from_text(SECOND).first

    assert first == both.first
    assert (first, RING.first) == both.ids


def test_a_sealed_text_names_its_key() -> None:
    sealed = RING.seal("passcode", **HERE)

    assert RING.first == key_id_of(sealed)
    assert sealed.startswith(prefix_of(RING.first))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "never sealed",
        "v1.7c1e4c4.x.y",
        "v1.7c1e4c455.x.y",
        "v1.7C1E4C45.x.y",
        "v2.7c1e4c45.x.y",
        " v1.7c1e4c45.x.y",
    ],
)
def test_what_was_never_sealed_names_no_key(text: str) -> None:
    assert key_id_of(text) is None


def test_keys_are_what_they_were_in_the_last_release() -> None:
    sealed = "v1.7c1e4c45.qGF1eC0fJOhM5k99.4Pr1IynZWdG8yXsYejnDjnyr7yrppOqHZZlYfMB1ztWSb6r8Dc_0oqhOeQ"

    assert "kept from the first release" == RING.open(sealed, **HERE)


@pytest.mark.parametrize("text", ["", "short", "x" * 31, f"{FIRST},", f"{FIRST},short", f"{FIRST},{FIRST}"])
def test_bad_keys_are_refused_and_not_shown(text: str) -> None:
    with pytest.raises(BadKeys) as caught:
        KeyRing.from_text(text)

    assert not text or text not in str(caught.value)
    assert FIRST not in repr(caught.value)


def test_a_key_of_32_characters_is_long_enough() -> None:
    ring = KeyRing.from_text("x" * 32)

    assert "passcode" == ring.open(ring.seal("passcode", **HERE), **HERE)


def test_a_key_ring_shows_no_key() -> None:
    shown = f"{RING!r} {RING} {RING._current!r}"

    assert FIRST not in shown
    assert RING.derive("links").hex() not in shown


def test_each_purpose_has_bytes_of_its_own() -> None:
    purposes = {RING.derive(purpose) for purpose in ("links", "tombstones", "", "seal", "key id")}
    inner = {RING._current.derive("seal"), RING._current.derive("key id")}

    assert [32] * 5 == [len(derived) for derived in purposes]
    assert set() == purposes & inner
    assert RING.derive("links") == KeyRing.from_text(FIRST).derive("links")


def test_new_keys_are_good_and_new() -> None:
    keys = {new_key() for _ in range(100)}

    assert 100 == len(keys)
    assert {43} == {len(key) for key in keys}
    assert all(KeyRing.from_text(key) for key in keys)
    assert not any("," in key for key in keys)
