"""What Slack itself says under a field before it asks the app: required, too long, no number, no address."""

from bot.playground.blocks import Json, placed
from bot.playground.modals import OpenView
from bot.playground.typed_values import fits_the_field, number_in

REQUIRED = "Please complete this required field."
TYPED = 3000


def own_errors(view: OpenView) -> dict[str, str]:
    """What stands under the fields of a dialog that somebody submits, by block id."""
    errors: dict[str, str] = {}
    for one in placed(view.blocks):
        if one.block["type"] != "input":
            continue
        value = view.value(one.block_id)
        if not value:
            if not one.block.get("optional"):
                errors[one.block_id] = REQUIRED
        elif isinstance(value, str) and (reason := _unfit(one.element, value)):
            errors[one.block_id] = reason
    return errors


def _unfit(element: Json, typed: str) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        return _wrong_length(element, typed)
    if kind == "number_input":
        return _wrong_number(element, typed)
    if not fits_the_field(element, typed):
        return "Enter an email address." if kind == "email_text_input" else "Enter a URL."
    return ""


def _wrong_length(element: Json, typed: str) -> str:
    most, least = element.get("max_length", TYPED), element.get("min_length", 0)
    if len(typed) > most:
        return f"Must be less than {most + 1} characters."
    return f"Must be at least {least} characters." if len(typed) < least else ""


def _wrong_number(element: Json, typed: str) -> str:
    decimal = element["is_decimal_allowed"]
    number = number_in(typed, decimal=decimal)
    if number is None:
        return "Enter a number." if decimal or number_in(typed, decimal=True) is None else "Enter a whole number."
    least, most = (number_in(element.get(key) or "", decimal=decimal) for key in ("min_value", "max_value"))
    if least is not None and number < least:
        return f"Enter {element['min_value']} or more."
    return f"Enter {element['max_value']} or less." if most is not None and number > most else ""
