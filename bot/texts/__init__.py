"""What people read: one catalogue for each language, by dotted code, and the translator that looks texts up."""

from bot.texts.translator import Texts, Translator, load_texts

__all__ = ["Texts", "Translator", "load_texts"]
