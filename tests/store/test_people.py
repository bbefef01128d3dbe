"""Accounts, sessions, tokens, tries, the audit trail, settings, notices: one contract for both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from making import NOW, InSqlite, OnPostgres, change, codes
from sqlalchemy import select

from appraisal.errors import RefusedError
from appraisal.model.roles import HeldRole, Role
from appraisal.store.account_rows import ACCOUNT, SESSION, TOKEN
from appraisal.store.accounts import LOCKED_FOR, Accounts
from appraisal.store.audit import Audit, Trace
from appraisal.store.log import Log
from appraisal.store.outbox import WAITS, Notice, Outbox, payload, signature
from appraisal.store.sessions import IDLE, LASTS, ROTATED_EVERY, Attempts, Sessions
from appraisal.store.settings import Settings

GOOD = "correct horse 7"  # of no real account
OFFICER = HeldRole(role=Role.OFFICER, office="o", department="城管办")
HEAD = HeldRole(role=Role.HEAD, office="o", subject="s1")


class PeopleContract:
    """What holds in every database."""

    @pytest.fixture
    def accounts(self, log: Log) -> Accounts:
        return Accounts(log.database)

    @pytest.fixture
    def sessions(self, log: Log) -> Sessions:
        return Sessions(log.database)

    # Accounts

    def test_an_account_signs_in_whatever_the_case_of_its_login(self, accounts: Accounts, log: Log) -> None:
        made = accounts.add("DengJi", "示例", now=NOW, password=GOOD, roles=[OFFICER, HEAD])
        assert made.must_change
        found = accounts.sign_in(" dengji ", GOOD, now=NOW)
        assert (found.id, found.roles, found.signed_in_at) == (made.id, (HEAD, OFFICER), NOW)
        assert found.actor.offices() == ("o",)
        with log.database.reading() as connection:
            kept = connection.execute(ACCOUNT.select()).one()
        assert GOOD not in repr(kept)
        assert kept.password.startswith("$argon2id$")

    def test_the_three_administrations_are_kept_apart_whoever_calls(self, accounts: Accounts) -> None:
        """Separate where nothing is set; neither adding nor assigning gets round it, taking roles away always may."""
        system, auditor = HeldRole(role=Role.SYSTEM), HeldRole(role=Role.AUDITOR)
        for held in ([system, auditor], [system, HEAD]):
            with pytest.raises(RefusedError) as refused:
                accounts.add("a", "示例", now=NOW, roles=held)
            assert codes(refused) == ["O002"]
            assert accounts.find("a") is None
        made = accounts.add("a", "示例", now=NOW, roles=[system])
        with pytest.raises(RefusedError) as refused:
            accounts.assign(made.id, [system, auditor])
        assert codes(refused) == ["O002"]
        assert accounts.get(made.id).roles == (system,)
        accounts.keep_apart(apart=False)
        assert accounts.assign(made.id, [system, auditor, HEAD]).roles == tuple(sorted([system, auditor, HEAD]))
        with pytest.raises(RefusedError) as refused:
            accounts.keep_apart(apart=True)
        assert codes(refused) == ["O004"]
        accounts.assign(made.id, [system])
        accounts.keep_apart(apart=True)
        with pytest.raises(RefusedError):
            accounts.assign(made.id, [system, auditor])

    def test_wrong_passwords_make_it_wait_and_a_right_one_begins_anew(self, accounts: Accounts) -> None:
        accounts.add("a", "示例", now=NOW, password=GOOD)
        for _ in range(4):
            self.refused(accounts, "wrong", "O010")
        accounts.sign_in("a", GOOD, now=NOW)
        for _ in range(5):
            self.refused(accounts, "wrong", "O010")
        self.refused(accounts, GOOD, "O011")
        with pytest.raises(RefusedError):
            accounts.sign_in("a", GOOD, now=NOW + LOCKED_FOR - timedelta(seconds=1))
        assert accounts.sign_in("a", GOOD, now=NOW + LOCKED_FOR).login == "a"

    def refused(self, accounts: Accounts, password: str, code: str, login: str = "a") -> None:
        with pytest.raises(RefusedError) as refused:
            accounts.sign_in(login, password, now=NOW)
        assert codes(refused) == [code]

    def test_an_unknown_login_reads_like_a_wrong_password(self, accounts: Accounts) -> None:
        accounts.add("oidc", "示例", now=NOW, external="https://example.org|7")
        self.refused(accounts, GOOD, "O010", login="nobody")
        self.refused(accounts, "", "O010", login="oidc")  # without a password of its own none opens it
        found = accounts.find_external("https://example.org|7")
        assert found is not None
        assert found.login == "oidc"

    def test_a_new_password_ends_sessions_and_tokens(self, accounts: Accounts, sessions: Sessions) -> None:
        made = accounts.add("a", "示例", now=NOW, password=GOOD)
        cookie = sessions.begin(made.id, now=NOW)
        _, bearer = sessions.make_token(made.id, now=NOW, name="示例", scopes=["read_rankings"])
        accounts.set_password(made.id, "another horse 8", now=NOW, must_change=False)
        assert sessions.find(cookie, now=NOW) is None
        assert sessions.find_bearer(bearer, now=NOW) is None
        assert not accounts.sign_in("a", "another horse 8", now=NOW).must_change

    @pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "zhangsan2020", "x" * 300])
    def test_weak_passwords_are_refused(self, accounts: Accounts, weak: str) -> None:
        with pytest.raises(RefusedError) as refused:
            accounts.add("zhangsan", "示例", now=NOW, password=weak)
        assert codes(refused) == ["O015"]
        assert accounts.all() == ()

    def test_roles_are_replaced_as_a_whole(self, accounts: Accounts) -> None:
        made = accounts.add("a", "示例", now=NOW, roles=[OFFICER])
        assert accounts.assign(made.id, [HEAD]).roles == (HEAD,)
        assert accounts.get(made.id).roles == (HEAD,)
        assert accounts.assign(made.id, []).roles == ()

    def test_a_disabled_account_is_out_at_once(self, accounts: Accounts, sessions: Sessions) -> None:
        made = accounts.add("a", "示例", now=NOW, password=GOOD)
        cookie = sessions.begin(made.id, now=NOW)
        accounts.disable(made.id, now=NOW)
        assert sessions.find(cookie, now=NOW) is None
        self.refused(accounts, GOOD, "O012")
        accounts.enable(made.id)
        assert accounts.sign_in("a", GOOD, now=NOW).id == made.id

    def test_a_weaker_hash_is_replaced_when_its_password_is_seen(self, accounts: Accounts, log: Log) -> None:
        made = accounts.add("a", "示例", now=NOW, password=GOOD, must_change=False)
        weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
        log.database.change(lambda c: c.execute(ACCOUNT.update().values(password=weak)))
        self.refused(accounts, "wrong-password-1", "O010")
        with log.database.reading() as connection:
            assert connection.execute(select(ACCOUNT.c.password)).scalar() == weak
        assert accounts.sign_in("a", GOOD, now=NOW).id == made.id
        with log.database.reading() as connection:
            kept = str(connection.execute(select(ACCOUNT.c.password)).scalar())
        assert not PasswordHasher().check_needs_rehash(kept)
        assert accounts.sign_in("a", GOOD, now=NOW).id == made.id

    def test_a_change_of_roles_ends_the_sessions(self, accounts: Accounts, sessions: Sessions) -> None:
        made = accounts.add("a", "示例", now=NOW, roles=[OFFICER])
        cookie = sessions.begin(made.id, now=NOW)
        accounts.assign(made.id, [OFFICER, HEAD])
        assert sessions.find(cookie, now=NOW) is None

    # Sessions and tokens

    def test_a_session_ends_by_idleness_and_by_age(self, sessions: Sessions, accounts: Accounts) -> None:
        account = accounts.add("a", "示例", now=NOW).id
        cookie = sessions.begin(account, now=NOW)
        assert sessions.find(cookie, now=NOW + IDLE) is None
        at = NOW
        while at < NOW + LASTS - timedelta(hours=1):
            at += timedelta(hours=1)
            found = sessions.find(cookie, now=at)
            assert found is not None
            assert found.due_rotation == (at - NOW >= ROTATED_EVERY)
        assert sessions.find(cookie, now=NOW + LASTS) is None
        assert sessions.sweep(now=NOW + LASTS) == 1

    def test_rotation_gives_a_new_id_once_and_keeps_the_form_token(
        self, sessions: Sessions, accounts: Accounts
    ) -> None:
        account = accounts.add("a", "示例", now=NOW).id
        cookie = sessions.begin(account, now=NOW)
        later = NOW + ROTATED_EVERY
        first = sessions.find(cookie, now=later)
        fresh = sessions.rotate(cookie, now=later)
        assert first is not None
        assert fresh is not None
        assert sessions.rotate(cookie, now=later) is None  # of two requests at once one rotates
        both = [sessions.find(one, now=later + timedelta(seconds=20)) for one in (cookie, fresh)]
        assert [s.csrf if s else "" for s in both] == [first.csrf] * 2
        assert sessions.find(cookie, now=later + timedelta(seconds=31)) is None
        assert sessions.find(fresh, now=later + timedelta(seconds=31)) is not None

    def test_what_is_kept_opens_nothing(self, sessions: Sessions, accounts: Accounts, log: Log) -> None:
        account = accounts.add("a", "示例", now=NOW).id
        cookie = sessions.begin(account, now=NOW)
        _, bearer = sessions.make_token(account, now=NOW, name="示例", scopes=["log", "export", "log"])
        with log.database.reading() as connection:
            rows = [*connection.execute(SESSION.select()), *connection.execute(TOKEN.select())]
        assert not any(secret in repr(row) for row in rows for secret in (cookie, bearer))
        assert sessions.find(str(rows[0].id), now=NOW) is None

    def test_a_token_ends_by_its_day_and_by_its_owner(self, sessions: Sessions, accounts: Accounts) -> None:
        account = accounts.add("a", "示例", now=NOW).id
        token, bearer = sessions.make_token(
            account, now=NOW, name="示例", scopes=["log", "export", "log"], expires_at=NOW + timedelta(days=1)
        )
        assert token.scopes == ("export", "log")
        assert sessions.find_bearer(bearer, now=NOW) == (token, accounts.get(account))
        assert sessions.find_bearer(bearer, now=NOW + timedelta(days=1)) is None
        with pytest.raises(RefusedError):
            sessions.revoke("someone else", token.id, now=NOW)
        sessions.revoke(account, token.id, now=NOW)
        assert sessions.find_bearer(bearer, now=NOW) is None
        assert [t.revoked for t in sessions.tokens(account)] == [True]

    def test_tries_are_counted_in_a_window(self, log: Log) -> None:
        attempts, window = Attempts(log.database), timedelta(minutes=1)

        def told(seconds: int) -> bool:
            return attempts.allow("10.0.0.1", now=NOW + timedelta(seconds=seconds), most=3, within=window)

        assert [told(s) for s in (0, 1, 2, 3, 59)] == [True, True, True, False, False]
        assert told(60)
        attempts.clear("10.0.0.1")
        assert [told(61) for _ in range(4)] == [True, True, True, False]

    # Trail, settings, notices

    def test_the_trail_is_chained_and_never_changed(self, log: Log) -> None:
        audit = Audit(log.database)
        audit.note(Trace(at=NOW, actor="u1", action="export", office="o", details={"rows": "7"}))
        audit.note(*(Trace(at=NOW, actor="u2", action="sign_in", outcome="refused") for _ in range(2)))
        assert audit.verify() == ()
        assert [t.position for t in audit.lines()] == [3, 2, 1]
        assert [t.details for t in audit.lines(office="o")] == [{"rows": "7"}]
        assert [t.position for t in audit.lines(actor="u2", before=3)] == [2]
        for statement in ("UPDATE audit SET actor = 'u3'", "DELETE FROM audit"):
            with pytest.raises(Exception, match="append-only"):
                change(log, statement)

    def test_settings_are_plain_values_by_scope(self, log: Log) -> None:
        settings = Settings(log.database)
        settings.put("appeal_days", 7, scope="office/o")
        settings.put("logo", {"zh": "示例", "of": [1, None, True]})
        settings.put("logo", {"zh": "新"})
        assert settings.get("appeal_days", 5) == 5
        assert settings.get("appeal_days", 5, scope="office/o") == 7
        assert settings.all() == {"logo": {"zh": "新"}}
        settings.put("logo", None)
        assert settings.all() == {}

    def test_a_notice_is_told_once_and_to_whom_it_concerns(self, log: Log) -> None:
        outbox = Outbox(log.database)
        told = Notice(kind="appealed", office="o", made_at=NOW, role="officer", department="城管办", once="a/1")
        outbox.post(told, told)
        outbox.post(told)
        found = outbox.notices("o", [OFFICER])
        assert [n.kind for n in found] == ["appealed"]
        other = HeldRole(role=Role.OFFICER, office="o", department="党建办")
        assert outbox.notices("o", [other, HEAD]) == ()
        outbox.mark_read("u1", "o", found[0].id)
        outbox.mark_read("u1", "o", found[0].id)
        assert (outbox.read_up_to("u1", "o"), outbox.read_up_to("u2", "o")) == (found[0].id, 0)

    def test_a_delivery_is_tried_again_ever_later_and_given_up(self, log: Log) -> None:
        outbox = Outbox(log.database)
        hook = outbox.add_webhook("o", "https://example.org/hook", now=NOW)
        gone = outbox.add_webhook("o", "https://example.org/gone", now=NOW)
        outbox.disable_webhook("o", gone.id, now=NOW)
        outbox.post(Notice(kind="published", office="o", made_at=NOW, about={"period": "2020-03"}))
        (delivery,) = outbox.due(now=NOW)
        assert payload(delivery) == payload(delivery)
        assert signature(hook, "1", b"body").startswith("sha256=")
        at = NOW
        for wait in WAITS:
            outbox.failed(delivery, now=at, answer="503")
            assert outbox.due(now=at + wait - timedelta(seconds=1)) == ()
            at += wait
            (delivery,) = outbox.due(now=at)
        outbox.failed(delivery, now=at, answer="503")
        assert outbox.due(now=at + timedelta(days=9)) == ()
        assert [(d.state, d.tries) for d in outbox.deliveries("o")] == [("given_up", len(WAITS) + 1)]
        outbox.post(Notice(kind="published", office="o", made_at=at))
        (delivery,) = outbox.due(now=at)
        outbox.delivered(delivery, now=at, answer="200")
        assert outbox.due(now=at + timedelta(days=9)) == ()


class TestSqlite(InSqlite, PeopleContract):
    """People in a file."""


@pytest.mark.postgres
class TestPostgres(OnPostgres, PeopleContract):
    """People on a server."""
