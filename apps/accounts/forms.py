"""Parsing of what staff type about themselves."""

from allauth.account.forms import LoginForm as AllauthLoginForm

from apps.accounts import queries


class LoginForm(AllauthLoginForm):
    """Takes a user name or a mobile number."""

    def clean_login(self) -> str:
        login = super().clean_login().strip()
        if login.isdigit() and (person := queries.user_by_login(login)):
            return person.username
        return login.lower()
