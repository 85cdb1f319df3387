"""The page's own files: handed out as what they are, and packed with the program."""

import tomllib
from pathlib import Path

import pytest

from bot.playground.page import server
from tests.unit.playground.page.conftest import Browser

ROOT = Path(__file__).parents[4]


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of the page's own."""
    monkeypatch.setattr(server, "STATIC", tmp_path / "static")
    (tmp_path / "static").mkdir()
    (tmp_path / "secret.js").write_text("no", "utf-8")
    for name, words in {"index.html": "<!doctype html>", "app.js": "é", "page.css": "*{}", "notes.txt": "x"}.items():
        (tmp_path / "static" / name).write_text(words, "utf-8")
    return tmp_path / "static"


@pytest.mark.parametrize(
    ("path", "kind", "content"),
    [
        ("/", "text/html; charset=utf-8", "<!doctype html>"),
        ("/?as=T0ACME/U0BEN", "text/html; charset=utf-8", "<!doctype html>"),
        ("/static/app.js", "text/javascript; charset=utf-8", "é"),
        ("/static/page.css", "text/css; charset=utf-8", "*{}"),
    ],
)
async def test_a_file_is_handed_out_as_what_it_is(
    static: Path, browser: Browser, path: str, kind: str, content: str
) -> None:
    async with browser.session.get(browser.address + path) as response:
        assert (200, kind) == (response.status, response.headers["Content-Type"])
        assert "no-cache" == response.headers["Cache-Control"]
        assert content == await response.text()


@pytest.mark.parametrize("name", ["notes.txt", "nothing.js", "..%2fsecret.js", "%2e%2e/secret.js", "sub/app.js", ""])
async def test_nothing_else_is(static: Path, browser: Browser, name: str) -> None:
    assert 404 == (await browser.get(f"/static/{name}"))[0]


def test_every_kind_of_file_is_packed_with_the_program() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packed = settings["tool"]["setuptools"]["package-data"]["bot"]

    assert set() == {f"**/*{suffix}" for suffix in server.KINDS} - set(packed)
