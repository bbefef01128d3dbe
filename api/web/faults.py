"""Why a request gets no page: signed out, not allowed, not there; each becomes a page, or problem+json for programs."""

from __future__ import annotations

from appraisal.errors import AppraisalError


class SignInError(AppraisalError):
    """Nobody is signed in, or the session is over."""


class TokenError(AppraisalError):
    """A program shows a token that opens nothing."""


class ForbiddenError(AppraisalError):
    """Whoever asks may not do this there; `why` is a finding's code that says what is missing."""

    def __init__(self, code: str = "H010", **args: str) -> None:
        super().__init__(code)
        self.code = code
        self.args_given = args


class MissingError(AppraisalError):
    """There is no such thing, or not for whoever asks."""

    def __init__(self, code: str = "H011", **args: str) -> None:
        super().__init__(code)
        self.code = code
        self.args_given = args


class PasswordDueError(AppraisalError):
    """The password was given by another and is changed first of all."""


class TooManyError(AppraisalError):
    """Too many requests; `seconds` is how long to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__("H042")
        self.seconds = seconds
