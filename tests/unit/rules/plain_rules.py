"""The rules for numbers and links once more, written with loops from their text. Shares nothing with `bot.rules`."""

from collections.abc import Callable, Container

TOLL_FREE = [200, 300, 400, 500, 508, 600, 660, 700, 800, 803, 804, 807, 808, 809, 850, 855, 866, 877, 887, 888, 900]
DIGITS = "0123456789"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def pmi_codes(digits: str) -> list[str]:  # noqa: C901 (one branch for each rule)
    """Every code that a number, already read, is refused for."""
    for character in digits:
        if character not in DIGITS:
            return ["pmi.characters"]
    codes = []
    if len(digits) != 10 and len(digits) != 11:
        codes.append("pmi.length")
    if digits != "" and digits[0] in "01":
        codes.append("pmi.first_digit")
    if len(digits) >= 3 and int(digits[0]) * 100 + int(digits[1]) * 10 + int(digits[2]) in TOLL_FREE:
        codes.append("pmi.prefix")
    if any_window(digits, 9, is_one_group_three_times):
        codes.append("pmi.repeated_group")
    if any_window(digits, 9, is_three_groups_of_one_digit):
        codes.append("pmi.same_digit_groups")
    if most_of_one_digit(digits) >= 8:
        codes.append("pmi.same_digit")
    if any_window(digits, 5, is_all_one_digit):
        codes.append("pmi.run")
    if any_window(digits, 6, is_123456):
        codes.append("pmi.sequence")
    return codes


def any_window(digits: str, size: int, judge: Callable[[str], bool]) -> bool:
    for start in range(len(digits)):
        window = digits[start : start + size]
        if len(window) == size and judge(window):
            return True
    return False


def is_one_group_three_times(nine: str) -> bool:
    return nine[0:3] == nine[3:6] and nine[3:6] == nine[6:9]


def is_three_groups_of_one_digit(nine: str) -> bool:
    return is_all_one_digit(nine[0:3]) and is_all_one_digit(nine[3:6]) and is_all_one_digit(nine[6:9])


def is_all_one_digit(window: str) -> bool:
    return window == window[0] * len(window)


def is_123456(six: str) -> bool:
    return six == "123456"


def most_of_one_digit(digits: str) -> int:
    most = 0
    for wanted in DIGITS:
        count = 0
        for digit in digits:
            if digit == wanted:
                count += 1
        most = max(most, count)
    return most


def link_codes(link: str, words: Container[str]) -> list[str]:  # noqa: C901 (one branch for each rule)
    """Every code that a link, already read, is refused for."""
    if link == "":
        return ["link.too_short"]
    codes = []
    if len(link) < 5:
        codes.append("link.too_short")
    if len(link) > 40:
        codes.append("link.too_long")
    if link[0] not in LETTERS:
        codes.append("link.first_character")
    word = ""
    other = False
    for character in link:
        if character in LETTERS:
            word += LETTERS[LETTERS.index(character) % 26]
        elif character in DIGITS:
            word += character
        elif character != ".":
            other = True
    if other:
        codes.append("link.characters")
    elif word in words:
        codes.append("link.common_name")
    return codes


def read(text: str, path: str) -> str:
    """What was typed, without what surrounds it; `path` is "/j/" or "/my/"."""
    text = trimmed(text)
    label = None
    if len(text) >= 2 and text[0] == "<" and text[-1] == ">":
        text = text[1:-1]
        for at, character in enumerate(text):
            if character == "|":
                text, label = text[:at], text[at + 1 :]
                break
        text = trimmed(text)
        text = text[4:] if text[:4] == "tel:" else text
    found = in_room_url(text, path)
    if found is not None:
        return found
    if label and text in {"http://" + label, "http://" + label + "/"}:
        return label
    return text


def read_digits(text: str) -> str:
    """A meeting number as typed, without what surrounds and separates it."""
    return "".join(
        character for character in read(text, "/j/") if character not in " -\xa0\u202f\u2010\u2011\u2012\u2013"
    )


def trimmed(text: str) -> str:
    start, end = 0, len(text)
    while start < end and is_edge(text[start]):
        start += 1
    while end > start and is_edge(text[end - 1]):
        end -= 1
    return text[start:end]


def is_edge(character: str) -> bool:
    return character.isspace() or character in "\u200b\u200c\u200d\u2060\ufeff\"'`" or "\u2018" <= character <= "\u201f"


def in_room_url(text: str, path: str) -> str | None:
    """The last part of a room's URL, or None where the text is no such URL."""
    scheme, found, rest = text.partition("://")
    if not found or scheme not in cased("http") | cased("https"):
        return None
    host, _, tail = rest.partition("/")
    if host == "" or any(character in " \t\n\r\f\v?#<>|" for character in host):
        return None
    tail = "/" + tail
    if tail[: len(path)] != path:
        return None
    tail = tail[len(path) :]
    for at, character in enumerate(tail):
        if character in "?#":
            if any(blank in tail[at:] for blank in " \t\n\r\f\v"):
                return None
            tail = tail[:at]
            break
    if tail[-1:] == "/":
        tail = tail[:-1]
    return None if "/" in tail else tail


def cased(word: str) -> set[str]:
    """Every way to write the word with small and capital letters."""
    ways = {""}
    for letter in word:
        ways = {way + either for way in ways for either in (letter, letter.upper())}
    return ways
