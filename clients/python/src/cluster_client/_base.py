"""What generated structs and enums stand on."""

from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import UNSET, Struct

SECRETS = frozenset(
    {
        *("api_key", "secret", "token", "link", "application_code"),
        *("password", "new_password", "old_password"),
        *("pending_token", "passkey_token", "csrf_token", "recovery_code", "codes"),
    }
)
"""Fields that no ``repr`` shows."""


class Model(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    A body of the API.

    What is left at its default is not sent. ``UNSET`` means "not given", which in an edit is another thing than
    ``None``: that empties the field. Fields that a newer platform adds to answers are passed over.
    """

    def __repr__(self) -> str:
        shown = (
            f"{name}={'***' if name in SECRETS and value else repr(value)}"
            for name in self.__struct_fields__
            if (value := getattr(self, name)) is not UNSET
        )
        return f"{type(self).__name__}({', '.join(shown)})"


class OpenEnum(StrEnum):
    """An enum that takes words which a newer platform knows and this client does not: they are what they say."""

    @classmethod
    def _missing_(cls, value: object) -> "OpenEnum | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value.upper()
        member._value_ = value
        return member


T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list, oldest first."""

    data: list[T]
    next_cursor: str | None = None
    has_more: bool = False
