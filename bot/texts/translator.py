"""Looks texts up in gettext catalogues, by code. English stands in for what a language lacks."""

from dataclasses import dataclass
from gettext import GNUTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable

DOMAIN = "standing_room"
DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Translator:
    """Says things in one language."""

    language: str
    _catalogue: GNUTranslations

    def __call__(self, code: str, /, **params: str) -> str:
        """The text with this code, its `{names}` filled in.

        Raises:
            LookupError: no catalogue has the code, or the text names something that was not given.
        """
        return self._filled(code, self._catalogue.gettext(code), params)

    def many(self, code: str, count: int, /, **params: str) -> str:
        """The text with this code in the form for the count, which is `{count}` in it.

        Raises:
            LookupError: as above.
        """
        text = self._catalogue.ngettext(code, f"{code}.many", count)
        return self._filled(code, text, params | {"count": str(count)})

    def _filled(self, code: str, text: str, params: dict[str, str]) -> str:
        if text in (code, f"{code}.many"):
            raise LookupError(f"no text has the code {code}")
        return text.format(**params)


@dataclass(frozen=True, slots=True)
class Texts:
    """The catalogues that there are."""

    _translators: dict[str, Translator]

    def for_locale(self, locale: str | None) -> Translator:
        """The translator for a locale such as `de-DE`; English where there is none."""
        language = (locale or DEFAULT).replace("_", "-").split("-", 1)[0].lower()
        return self._translators.get(language, self._translators[DEFAULT])

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are."""
        return tuple(sorted(self._translators))


def load_texts() -> Texts:
    """Read every catalogue that comes with the program."""
    locale = files("bot.texts") / "locale"
    folders = {folder.name: folder for folder in locale.iterdir() if folder.is_dir()}
    english = _read(folders[DEFAULT])
    translators = {DEFAULT: Translator(DEFAULT, english)}
    for language, folder in folders.items():
        if language != DEFAULT:
            catalogue = _read(folder)
            catalogue.add_fallback(english)
            translators[language] = Translator(language, catalogue)
    return Texts(translators)


def _read(folder: Traversable) -> GNUTranslations:
    with (folder / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as compiled:
        return GNUTranslations(compiled)
