"""Forms and fields within a profile: read once, by `core.forms.spec`, as part of the profile's own parse."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainValidator, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from core.forms.fields import Field, FormSpec
from core.forms.spec import FormSpecError, parse_fields, parse_form
from regulations.schema.base import KEY

FORM_FAULT = "form_fault"


def _fault(message: str, path: tuple, value: Any) -> InitErrorDetails:
    """A fault at a place inside the value, as pydantic reports its own."""
    return InitErrorDetails(type=PydanticCustomError(FORM_FAULT, "{said}", {"said": message}), loc=path, input=value)


def _forms(value: Any) -> dict[str, FormSpec]:
    if not isinstance(value, dict):
        raise ValueError("forms are a mapping: key of the form -> its specification")
    forms: dict[str, FormSpec] = {}
    faults: list[InitErrorDetails] = []
    for key, raw in value.items():
        if not KEY.match(key):
            faults.append(_fault(f"form «{key}»: a key is lower case letters, digits and underscores", (key,), raw))
            continue
        try:
            forms[key] = parse_form({"key": key, **raw} if isinstance(raw, dict) else raw)
        except FormSpecError as error:
            faults.append(_fault(f"form «{key}»: {error}", (key, *error.path), raw))
    if faults:
        raise ValidationError.from_exception_data("forms", faults)
    return forms


def _fields(value: Any) -> tuple[Field, ...]:
    try:
        return parse_fields(value)
    except FormSpecError as error:
        said = f"fields{error}" if error.path else f"fields: {error}"
        raise ValidationError.from_exception_data("fields", [_fault(said, error.path, value)]) from None


Forms = Annotated[dict[str, FormSpec], PlainValidator(_forms)]
Fields = Annotated[tuple[Field, ...], PlainValidator(_fields)]
