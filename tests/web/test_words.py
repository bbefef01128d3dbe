"""Pages speak both languages, and send no browser anywhere else."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from api.web.rendering import STATIC, static_url
from api.web.settings import VARIABLES, Settings
from appraisal.errors import RefusedError

HOUSE = Path(__file__).parent.parent.parent
TEMPLATES = HOUSE / "api" / "templates"


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HOUSE / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_every_word_of_the_pages_has_its_english() -> None:
    words = tool("extract_words")
    assert [m.id for m in words.merged() if m.id and not m.string] == []


def test_the_english_has_no_chinese_word() -> None:
    for message in tool("extract_words").merged():
        told = message.string if isinstance(message.string, str) else message.string[-1]
        assert not message.id or not re.search(r"[\u4e00-\u9fff]", told), told


def test_the_english_names_what_the_chinese_names() -> None:
    for message in tool("extract_words").merged():
        ids = message.id if isinstance(message.id, str) else message.id[0]
        told = message.string if isinstance(message.string, str) else message.string[-1]
        assert set(re.findall(r"%\((\w+)\)s", ids)) == set(re.findall(r"%\((\w+)\)s", told)), ids


def test_no_page_has_script_or_style_of_its_own_or_asks_another_host() -> None:
    for page in TEMPLATES.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), page.name
        assert not re.search(r"<script(?![^>]*(?:src=|application/json))", text), page.name
        assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text), page.name


@pytest.mark.parametrize("vendor", [STATIC / "vendor", Path(__file__).parent / "vendor"])
def test_what_is_vendored_is_what_the_manifest_says(vendor: Path) -> None:
    manifest = json.loads((vendor / "manifest.json").read_text(encoding="utf-8"))
    named = {name: digest for package in manifest for name, digest in package["files"].items()}
    there = {str(f.relative_to(vendor)) for f in vendor.rglob("*") if f.is_file()} - {"manifest.json"}
    assert set(named) == there
    for name, digest in named.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest, name
    for package in manifest:
        assert any(name.startswith("licences/") for name in package["files"]), package["name"]


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    sprite = (STATIC / "vendor" / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    for page in TEMPLATES.rglob("*.html"):
        for name in re.findall(r"""m\.icon\(["']([\w-]+)["']""", page.read_text(encoding="utf-8")):
            assert name in drawn, f"{page.name}: {name}"


def test_static_files_carry_the_hash_of_their_bytes() -> None:
    digest = hashlib.sha256((STATIC / "app.css").read_bytes()).hexdigest()
    assert static_url("app.css") == f"/static/app.css?v={digest[:12]}"


# Settings


def test_every_setting_is_documented_by_name() -> None:
    page = (HOUSE / "docs" / "web.md").read_text(encoding="utf-8")
    assert [name for name in VARIABLES if f"| `{name}` |" not in page] == []
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == set(VARIABLES)


def test_nothing_set_is_the_defaults() -> None:
    assert Settings.of({}) == Settings()


def test_everything_wrong_with_the_settings_is_said_at_once() -> None:
    wrong = {
        "APPRAISAL_UPLOAD_MB": "many",
        "APPRAISAL_LANG": "fr",
        "APPRAISAL_PUBLIC_URL": "appraisal.local",
        "APPRAISAL_OIDC_ISSUER": "https://sso.example.org",
    }
    with pytest.raises(RefusedError) as refused:
        Settings.of(wrong)
    assert [f.code for f in refused.value.findings] == ["H001", "H002", "H003", "H004"]
    assert refused.value.findings[3].args == {"missing": "APPRAISAL_OIDC_CLIENT_ID, APPRAISAL_OIDC_CLIENT_SECRET"}


def test_cookies_are_secure_where_people_come_by_https() -> None:
    assert Settings.of({"APPRAISAL_PUBLIC_URL": "https://kaohe.example.org/"}).secure_cookies
    assert not Settings.of({"APPRAISAL_PUBLIC_URL": "http://10.0.0.5:8000"}).secure_cookies
