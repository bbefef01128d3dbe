"""For each finding of bundles the smallest thing that brings it about; the pages of `docs/findings` show the same."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from packs import SMALL, edited_lines, exchanged, members_of, of_files, of_log, resealed, written

from appraisal.errors import Finding, RefusedError
from appraisal.store.log import Log
from reports.bundle import signing, sm2
from reports.bundle.making import Bundle, make, pack
from reports.bundle.manifest import ADOPTION, EVENTS, MANIFEST, RECEIPT, RESULT, RULEBOOK
from reports.bundle.unpacking import Bounds, unpack
from reports.bundle.verifying import verify

Scenario = Callable[[Log], Finding]
# A pair that signs nothing but these tests, so that the pages can show its fingerprint.
PRIVATE = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n"  # noqa: E501


@cache
def other_public() -> bytes:
    return signing.make_pair().public


def bundle(log: Log) -> Bundle:
    return make(of_log(log))


def found(path: Path, wanted: str, **how: object) -> Finding:
    """Return the first finding of this code, however it comes out."""
    try:
        told = verify(path, **how)  # type: ignore[arg-type]
    except RefusedError as refused:
        return next(f for f in refused.findings if f.code == wanted)
    return next(f for f in (*told.findings, *told.remarks) if f.code == wanted)


def not_a_zip(_log: Log) -> Finding:
    return found(written("这是一封信\n".encode()), "B001")


def cut_short(log: Log) -> Finding:
    return found(written(bundle(log).content[:-200]), "B002")


def foreign_member(log: Log) -> Finding:
    return found(written(pack({**members_of(bundle(log).content), "../../etc/passwd": b"x"})), "B003")


def two_of_a_name(log: Log) -> Finding:
    content = io.BytesIO(bundle(log).content)
    with zipfile.ZipFile(content, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(RESULT, b"{}")
    return found(written(content.getvalue()), "B004")


def bomb(log: Log) -> Finding:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members_of(bundle(log).content).items():
            archive.writestr(name, bytes(8 * 1024**2) if name == RESULT else member)
    assert len(content.getvalue()) < 100_000
    try:
        unpack(written(content.getvalue()), "b.zip", Bounds(unpacked=2 * 1024**2))
    except RefusedError as refused:
        return refused.findings[0]
    raise AssertionError("a bomb was unpacked")


def too_many(log: Log) -> Finding:
    more = {f"source/{n}.txt": b"" for n in range(40)}
    return found(written(pack({**members_of(bundle(log).content), **more})), "B006")


def missing(log: Log) -> Finding:
    members = members_of(bundle(log).content)
    del members[EVENTS]
    return found(written(pack(members)), "B007")


def no_manifest(log: Log) -> Finding:
    return found(exchanged(bundle(log), MANIFEST, '"appraisal-bundle"', '"a-letter"'), "B008")


def encrypted(log: Log) -> Finding:
    content = bytearray(bundle(log).content)
    at = content.index(b"PK\x01\x02")  # the first entry of the directory; its flags stand eight bytes on
    content[at + 8] |= 1
    return found(written(bytes(content)), "B009")


def damaged(log: Log) -> Finding:
    content = bundle(log).content
    at = content.index(b"s1")
    return found(written(content[:at] + b"s2" + content[at + 2 :]), "B010")


def from_the_future(log: Log) -> Finding:
    return found(exchanged(bundle(log), MANIFEST, '"version": 1', '"version": 9'), "B011")


def unnamed(log: Log) -> Finding:
    return found(written(pack({**members_of(bundle(log).content), "source/more.txt": b"x"})), "B012")


def some_lines(log: Log) -> Finding:
    return found(exchanged(bundle(log), RULEBOOK, "城市管理", "环境卫生"), "B013")


def one_digit(log: Log) -> Finding:
    return found(exchanged(bundle(log), EVENTS, '"count":3', '"count":8'), "B014")


def no_event(log: Log) -> Finding:
    return found(edited_lines(bundle(log), lambda rows: [{**rows[0], "event": {"id": "e1"}}, *rows[1:]]), "B015")


def other_event(log: Log) -> Finding:
    path = exchanged(bundle(log), EVENTS, '"count":3', '"count":1', seal=True)
    return found(path, "B016")


def shuffled(log: Log) -> Finding:
    return found(edited_lines(bundle(log), lambda rows: [rows[0], rows[2], rows[1], rows[3]]), "B017")


def no_adoption(log: Log) -> Finding:
    members = members_of(bundle(log).content)
    members[ADOPTION] = b"[]"
    return found(written(pack(resealed(members))), "B018")


def other_rulebook(log: Log) -> Finding:
    return found(exchanged(bundle(log), RULEBOOK, "deduct: 0.2", "deduct: 0.3", seal=True), "B019")


def unsigned(log: Log) -> Finding:
    return found(written(bundle(log).content), "B020", key=_public(), key_file="office.pub")


def _public() -> bytes:
    return str(signing.signer(PRIVATE, "office.key").sign(b"")["public"]).encode()


def other_key(log: Log) -> Finding:
    signed = make(of_log(log), signing.signer(PRIVATE, "office.key"))
    return found(written(signed.content), "B021", key=other_public(), key_file="other.pub")


def old_signature(log: Log) -> Finding:
    signed = make(of_log(log), signing.signer(PRIVATE, "office.key"))
    return found(exchanged(signed, MANIFEST, '"draft"', '"final"'), "B022")


def no_private_key(_log: Log) -> Finding:
    with pytest.raises(RefusedError) as refused:
        signing.signer(b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "office.key")
    return refused.value.findings[0]


def no_public_key(log: Log) -> Finding:
    return found(written(bundle(log).content), "B024", key=PRIVATE, key_file="office.pub")


def no_sm2(_log: Log) -> Finding:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sm2, "offered", lambda: "")
        with pytest.raises(RefusedError) as refused:
            signing.make_pair(signing.SM2)
    return refused.value.findings[0]


def other_source(log: Log) -> Finding:
    return found(exchanged(bundle(log), "source/source.txt", "每次扣0.2分", "每次扣0.3分", seal=True), "B026")


def other_result(log: Log) -> Finding:
    return found(exchanged(bundle(log), RESULT, '"total": "', '"total": "1', seal=True), "B027")


def everything(log: Log) -> Finding:
    members = members_of(bundle(log).content)
    told = json.loads(members[RESULT])
    for standing in told["standings"]:
        for item in standing["items"]:
            for key in ("points", "base", "score", "state", "name"):
                item[key] = f"{item[key]}0"
    members[RESULT] = json.dumps(told, ensure_ascii=False).encode()
    return found(written(pack(resealed(members))), "B028")


def other_receipt(log: Log) -> Finding:
    return found(
        exchanged(bundle(log), RECEIPT, '"input_hash": "sha256:', '"input_hash": "sha256:0', seal=True), "B029"
    )


def other_code(log: Log) -> Finding:
    return found(written(bundle(log).content), "B030", code="0000-1111-2222-3333")


def not_computable(log: Log) -> Finding:
    return found(exchanged(bundle(log), RULEBOOK, "points: 10", "points: 11", seal=True), "B031")


def key_is_there(_log: Log) -> Finding:
    from api.commands.keys import make as make_keys

    Path("office.key").write_bytes(b"old")
    with pytest.raises(RefusedError) as refused:
        make_keys(Path("office"))
    return refused.value.findings[0]


def other_roster(log: Log) -> Finding:
    return found(exchanged(bundle(log), ADOPTION, "2020-12-31", "2020-11-30", seal=True), "B034")


def strange_source(_log: Log) -> Finding:
    contents = of_files()
    other = (SMALL.parent / "source.txt").read_bytes().replace("每次扣0.2分".encode(), "每次扣2分".encode())
    version = replace(contents.version, source=other)
    adoption = {**contents.adoption, "source_hash": version.source_hash}
    return found(written(make(replace(contents, version=version, adoption=adoption)).content), "B035")


def other_bytes(log: Log) -> Finding:
    members = members_of(bundle(log).content)
    members[RESULT] = json.dumps(json.loads(members[RESULT]), ensure_ascii=False).encode()
    return found(written(pack(resealed(members))), "B036")


def beyond_the_head(log: Log) -> Finding:
    return found(exchanged(bundle(log), RECEIPT, '"position": 4', '"position": 2', seal=True), "B037")


def longer(log: Log) -> Finding:
    members = members_of(bundle(log).content)
    members[RULEBOOK] += b"# one more line\n" * 40
    return found(written(pack(members)), "B038")


def other_engine(log: Log) -> Finding:
    content = bundle(log)
    engine = json.loads(members_of(content.content)[RECEIPT])["engine"]
    members = members_of(content.content)
    for name in (RECEIPT, RESULT):
        members[name] = members[name].replace(f'"engine": "{engine}"'.encode(), b'"engine": "9.9.9"')
    return found(written(pack(resealed(members))), "B040")


def floats(_log: Log) -> Finding:
    from reports.bundle.verifying import compare_documents

    _, remarks = compare_documents({"r2": 0.61, "n": 12}, {"r2": 0.61 + 1e-15, "n": 12}, "b.zip/result.json")
    return remarks[0]


SCENARIOS: Mapping[str, Scenario] = {
    "B001": not_a_zip,
    "B002": cut_short,
    "B003": foreign_member,
    "B004": two_of_a_name,
    "B005": bomb,
    "B006": too_many,
    "B007": missing,
    "B008": no_manifest,
    "B009": encrypted,
    "B010": damaged,
    "B011": from_the_future,
    "B012": unnamed,
    "B013": some_lines,
    "B014": one_digit,
    "B015": no_event,
    "B016": other_event,
    "B017": shuffled,
    "B018": no_adoption,
    "B019": other_rulebook,
    "B020": unsigned,
    "B021": other_key,
    "B022": old_signature,
    "B023": no_private_key,
    "B024": no_public_key,
    "B025": no_sm2,
    "B026": other_source,
    "B027": other_result,
    "B028": everything,
    "B029": other_receipt,
    "B030": other_code,
    "B031": not_computable,
    "B032": key_is_there,
    "B034": other_roster,
    "B035": strange_source,
    "B036": other_bytes,
    "B037": beyond_the_head,
    "B038": longer,
    "B040": other_engine,
    "B041": floats,
}


def plain(finding: Finding, lang: str) -> str:
    """Return a finding as its page shows it: hashes, codes and versions shortened."""
    text = finding.render("en" if lang == "en" else "zh")
    text = re.sub(r"\b0?[0-9a-f]{64}\b", "…", text)
    text = re.sub(r"\b(?!0000-1111)[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}\b", "7K3M-9QXF-02AB-CDEF", text)
    return re.sub(r"这里用 [\d.]+ 版|here version [\d.]+ ", lambda m: re.sub(r"[\d.]+", "0.1.0", m[0]), text)
