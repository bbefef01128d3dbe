"""Every finding of the web application that a person or a program can provoke, in its exact words."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from serving import BOOK, NOW, Browser, secret, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from api.export_worker import Order
from api.web.limits import Limit
from api.web.pages import rankings
from api.web.pages.signing import TRIES, WINDOW
from api.web.settings import Oidc, Settings
from appraisal.errors import RefusedError
from appraisal.model.roles import HeldRole, Role

PAGES = Path(__file__).parents[2] / "docs" / "findings"

HALF = "APPRAISAL_OIDC_CLIENT_ID, APPRAISAL_OIDC_CLIENT_SECRET"
SETTINGS = {
    "APPRAISAL_UPLOAD_MB=many": (
        "环境变量 APPRAISAL_UPLOAD_MB 的值“many”不是 1 到 500 之间的整数。",
        "The environment variable APPRAISAL_UPLOAD_MB is “many”, which is no whole number between 1 and 500.",
    ),
    "APPRAISAL_LANG=fr": (
        "环境变量 APPRAISAL_LANG 的值“fr”不是 zh 或 en。",
        "The environment variable APPRAISAL_LANG is “fr”, which is neither zh nor en.",
    ),
    "APPRAISAL_PUBLIC_URL=appraisal.local": (
        "环境变量 APPRAISAL_PUBLIC_URL 的值“appraisal.local”不是网址。",
        "The environment variable APPRAISAL_PUBLIC_URL is “appraisal.local”, which is no address.",
    ),
    "APPRAISAL_OIDC_ISSUER=https://sso.example.org": (
        f"统一登录的设置不全，缺少 {HALF}。",
        f"The settings of single sign-on are incomplete: {HALF} is missing.",
    ),
    "APPRAISAL_TRUSTED_PROXIES=proxy.local": (
        "环境变量 APPRAISAL_TRUSTED_PROXIES 中的“proxy.local”不是地址或网段。",
        "“proxy.local” in the environment variable APPRAISAL_TRUSTED_PROXIES is neither an address nor a network.",
    ),
    "APPRAISAL_WEBHOOK_HOSTS=https://hook.example.org/in": (
        "环境变量 APPRAISAL_WEBHOOK_HOSTS 中的“https://hook.example.org/in”不是主机名、地址或网段。",
        (
            "“https://hook.example.org/in” in the environment variable APPRAISAL_WEBHOOK_HOSTS is no host name, "
            "address or network."
        ),
    ),
}


@pytest.mark.parametrize("told", SETTINGS)
def test_a_wrong_setting_in_its_words(told: str) -> None:
    with pytest.raises(RefusedError) as refused:
        Settings.of(dict([told.split("=", 1)]))
    (finding,) = refused.value.findings
    assert (finding.what("zh"), finding.what("en")) == SETTINGS[told]
    assert_documented(finding.code, SETTINGS[told])


def assert_documented(code: str, words: tuple[str, str]) -> None:
    """Hold that the page of a finding shows it in the words that people see."""
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    for one in words:
        assert f"-  {code}  {one}\n" in page, one


@dataclass(frozen=True)
class Scene:
    """Where a finding is provoked."""

    app: FastAPI
    browser: Browser
    lang: str

    def page(self, role: Role, method: str, path: str, **more: object) -> str:
        """Return what someone who is signed in gets, in the language of the scene."""
        client = self.browser(LOGINS[role][0])
        client.cookies.set("lang", self.lang)
        if method == "POST":
            form = {"csrf": token(client.get("/account/password").text), **more.pop("data", {})}  # type: ignore[dict-item]
            return client.post(path, data=form, **more).text  # type: ignore[arg-type]
        return client.request(method, path, **more).text  # type: ignore[arg-type]

    def program(self, method: str, path: str, role: Role | None = Role.OFFICER, **more: object) -> str:
        """Return what a program with a token of a role gets; `role` None: with none."""
        client = TestClient(self.app, cookies={"lang": self.lang}, follow_redirects=False)
        headers = dict(more.pop("headers", {}))  # type: ignore[call-overload]
        if role is not None:
            headers["Authorization"] = f"Bearer {self.secret(LOGINS[role][0])}"
        return client.request(method, path, headers=headers, **more).text  # type: ignore[arg-type]

    def secret(self, login: str) -> str:
        house = self.app.state.house.installation
        account, scopes = house.accounts.find(login).id, ["read_events", "log"]
        return house.sessions.make_token(account, now=NOW, name="t", scopes=scopes, expires_at=NOW.replace(year=2022))[
            1
        ]


def export(scene: Scene, *, again: bool) -> str:
    """Return the page after an export was begun, and asked for once more, or stopped in the middle by the machine."""
    jobs, account = scene.app.state.house.jobs, scene.app.state.house.installation.accounts.find(LOGINS[Role.LEADER][0])
    order = Order(office="office", rulebook=BOOK, period="2020-05", lang="zh", day="2021-01-10")
    job = jobs.begin(account.id, order, now=NOW)
    if again:
        return scene.page(Role.LEADER, "POST", "/exports", data={"rulebook": BOOK, "period": "2020-05"})
    while jobs.get(job.id, account.id, now=NOW).under_way:
        time.sleep(0.01)
        with suppress(KeyError):
            jobs._processes[job.id].kill()
    return scene.page(Role.LEADER, "GET", f"/exports/{job.id}")


def key_missing(scene: Scene) -> str:
    return scene.program("POST", "/api/v1/events", json=ENTRY)


def key_reused(scene: Scene) -> str:
    headers = {"Idempotency-Key": "k-1"}
    scene.program("POST", "/api/v1/events", json=ENTRY, headers=headers)
    return scene.program("POST", "/api/v1/events", json={**ENTRY, "note": "示例：另一次"}, headers=headers)


def first_password(scene: Scene) -> str:
    held = HeldRole(role=Role.GROUP, office="office")
    accounts = scene.app.state.house.installation.accounts
    accounts.add("xinren", "示例新人", now=NOW, password=secret("xinren"), roles=[held], must_change=True)
    client = scene.browser("xinren")
    client.cookies.set("lang", scene.lang)
    return client.get("/api/v1/me").text


def too_many_tries(scene: Scene) -> str:
    attempts = scene.app.state.house.installation.attempts
    for _ in range(TRIES):
        attempts.allow("sign-in/127.0.0.1", now=NOW, most=TRIES, within=WINDOW)
    client = scene.browser("-")
    client.cookies.set("lang", scene.lang)
    form = {"csrf": token(client.get("/sign-in").text), "login": "dengji", "password": "x"}
    return client.post("/sign-in", data=form).text


def too_many_requests(scene: Scene) -> str:
    """Send one request more than the bucket of a token holds, all at one moment."""
    house = scene.app.state.house
    object.__setattr__(house, "ticks", lambda: 0.0)
    object.__setattr__(house, "limit", Limit(60))
    shown = {"Authorization": f"Bearer {scene.secret(LOGINS[Role.OFFICER][0])}"}
    for _ in range(60):
        assert scene.program("GET", "/api/v1/openapi.json", None, headers=shown).startswith("{")
    return scene.program("GET", "/api/v1/openapi.json", None, headers=shown)


def new_password(scene: Scene, new: str, again: str) -> str:
    form = {"old": secret("dengji"), "new": new, "again": again}
    return scene.page(Role.OFFICER, "POST", "/account/password", data=form)


def sign_on(scene: Scene, **params: str) -> str:
    """Come back from a provider without having left for it."""
    oidc = Oidc(issuer="http://127.0.0.1:9", client_id="kaohe", client_secret="s", name="")  # noqa: S106
    house = scene.app.state.house
    object.__setattr__(house, "settings", replace(house.settings, oidc=oidc))
    client = TestClient(scene.app, cookies={"lang": scene.lang}, follow_redirects=False)
    return client.get("/sign-in/oidc/back", params=params).text


def metrics(scene: Scene) -> str:
    client = TestClient(scene.app, client=("10.0.0.8", 50000), cookies={"lang": scene.lang})
    return client.get("/metrics").text


ENTRY = {"rulebook": BOOK, "date": "2020-12-30", "subject": "梓园社区", "clause": "CG-A3", "note": "示例：又一次"}
PROVOKED: dict[str, tuple[Callable[[Scene], str], str, str]] = {
    "H010": (
        lambda scene: scene.page(Role.HEAD, "GET", "/admin"),
        "您没有这项权限：查看账号（示例office）。",
        "You may not do this: read accounts (示例office).",
    ),
    "H011": (
        lambda scene: scene.page(Role.GROUP, "GET", "/no-such-page"),
        "没有这个页面，或者它不在您可以查看的范围内。",
        "There is no such page, or it is not among what you may see.",
    ),
    "H012": (
        lambda scene: scene.page(Role.OFFICER, "POST", "/account/password", data={"csrf": "of-another-session"}),
        "这次提交没有被接受：它不是从本系统当前打开的页面发出的，或页面打开得太久。",
        "This was not accepted: it did not come from a page of this application that is still current.",
    ),
    "H013": (
        lambda scene: scene.page(Role.OFFICER, "DELETE", "/events"),
        "这个地址不接受这种请求。",
        "This address does not take that kind of request.",
    ),
    "H014": (
        lambda scene: scene.page(Role.OFFICER, "POST", "/account/password", data={"old": "x" * 3 * 1024 * 1024}),
        "提交的内容太大。",
        "What was sent is too large.",
    ),
    "H015": (
        lambda scene: scene.program("GET", "/api/v1/me", None),
        "尚未登录，或登录已过期。",
        "Nobody is signed in, or the session is over.",
    ),
    "H016": (
        first_password,
        "密码由他人设置，需先修改。",
        "The password was given by another and must be changed first.",
    ),
    "H017": (
        lambda scene: scene.program("GET", "/api/v1/events?limit=many"),
        "“limit”填写有误：要填整数",
        "“limit” is not right: a whole number is wanted",
    ),
    "H020": (
        lambda scene: scene.page(Role.GROUP, "GET", f"/rankings/{BOOK}/2020-13"),
        "“2020-13”不是期间。",
        "“2020-13” is no period.",
    ),
    "H030": (
        lambda scene: scene.page(Role.HEAD, "GET", f"/api/v1/rankings/{BOOK}/2020-12"),
        "2020-12 尚未公示，现在的阶段是“开放”。",
        "2020-12 is not displayed yet; its stage is “open”.",
    ),
    "H050": (
        lambda scene: export(scene, again=True),
        "您有一份文件正在生成，一次只做一份。",
        "Files of yours are being made; one set is made at a time.",
    ),
    "H051": (
        lambda scene: export(scene, again=False),
        "文件没有做成：生成过程超过十五分钟，或者中途停了。",
        "The files were not made: it took more than a quarter of an hour, or stopped on the way.",
    ),
    "H021": (
        too_many_tries,
        "登录尝试过于频繁，请稍候再试。",
        "Too many attempts to sign in; wait a little.",
    ),
    "H022": (
        lambda scene: new_password(scene, "shili-xin-2021-mima", "shili-xin-2021-mimaa"),
        "两次输入的新密码不一致。",
        "The two new passwords differ.",
    ),
    "H023": (
        lambda scene: sign_on(scene, code="code-1", state="guessed"),
        "统一登录没有成功：往返时间太长，或不是从这里发起的",
        "Single sign-on did not work: the way there and back took too long, or did not begin here",
    ),
    "H025": (
        lambda scene: new_password(scene, secret("dengji"), secret("dengji")),
        "新密码与旧密码相同。",
        "The new password is the old one.",
    ),
    "H026": (
        metrics,
        "运行指标只对本机或持有令牌的监控开放。",
        "Metrics are for this machine, or for whoever shows the token.",
    ),
    "H027": (
        lambda scene: scene.program("GET", "/api/v1/me", None, headers={"Authorization": "Bearer apt_none"}),
        "令牌不对，或已过期、被撤销。",
        "The token is not right, is over, or was revoked.",
    ),
    "H028": (key_missing, "缺少请求头 Idempotency-Key。", "The header Idempotency-Key is missing."),
    "H042": (
        too_many_requests,
        "请求过于频繁，请在 1 秒后再试。",
        "Too many requests; try again in 1 seconds.",
    ),
    "H044": (
        lambda scene: scene.page(
            Role.SYSTEM, "POST", "/admin/hooks", data={"office": "office", "url": "https://hook.example.org/"}
        ),
        "不允许向主机“hook.example.org”发送通知。",
        "Notices may not be sent to the host “hook.example.org”.",
    ),
    "H029": (
        key_reused,
        "这个 Idempotency-Key 已用于另一份内容。",
        "This Idempotency-Key was used for something else.",
    ),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", PROVOKED)
def test_what_is_refused_is_said_in_its_words(app: FastAPI, browser: Browser, code: str, lang: str) -> None:
    provoke, zh, en = PROVOKED[code]
    answer = html.unescape(provoke(Scene(app, browser, lang)))
    assert (zh if lang == "zh" else en) in answer
    assert_documented(code, (zh, en))


def test_an_unforeseen_error_has_a_number_and_tells_nothing_else(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("示例：内部细节")

    monkeypatch.setattr(rankings, "make", broken)
    inside = browser(LOGINS[Role.GROUP][0])
    client = TestClient(app, cookies=inside.cookies, raise_server_exceptions=False)
    answer = client.get(f"/rankings/{BOOK}/2020")
    assert answer.status_code == 500
    assert "系统内部出错，已记入日志，编号 " in answer.text
    assert "内部细节" not in answer.text
