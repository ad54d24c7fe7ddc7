"""Pages of people: coming in, the own page, the staff of a place."""

from apps.accounts.views.entry import (
    duty,
    forgot,
    forgot_code,
    home,
    language,
    locked_out,
    slow_down,
)
from apps.accounts.views.guarded import answers_422
from apps.accounts.views.own import me, pin, preferences
from apps.accounts.views.staff import (
    add,
    close,
    end,
    import_list,
    import_template,
    open_again,
    people,
    person,
    post,
    profile,
    reset_password,
    reset_pin,
    transfer,
)

__all__ = [
    "add",
    "answers_422",
    "close",
    "duty",
    "end",
    "forgot",
    "forgot_code",
    "home",
    "import_list",
    "import_template",
    "language",
    "locked_out",
    "me",
    "open_again",
    "people",
    "person",
    "pin",
    "post",
    "preferences",
    "profile",
    "reset_password",
    "reset_pin",
    "slow_down",
    "transfer",
]
