"""Standing Room: what talks. See `bot.app` for how the parts are put together."""
