"""What a bundle promises: the same bytes, nothing private, recomputed anywhere, and nothing in it changed unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import EVENTS_OF_MARCH, SMALL, in_log, made, members_of, of_files, of_log, resealed, written

from appraisal.assess import assess
from appraisal.errors import RefusedError
from appraisal.model.periods import Span
from appraisal.reading.rulebook import read_rulebook
from appraisal.store.log import Log, open_log
from reports.bundle import signing, sm2
from reports.bundle.code import Seal
from reports.bundle.locating import changes
from reports.bundle.making import make, pack
from reports.bundle.manifest import EVENTS, MANIFEST, RESULT, SIGNATURE, Manifest, Sum, is_member
from reports.bundle.sources import from_office
from reports.bundle.verifying import verify
from reports.json import assessment_json, dumps


def test_a_bundle_of_a_log_holds(here: Log) -> None:
    found = verify(written(make(of_log(here)).content))
    assert found.findings == ()
    assert found.remarks == ()
    assert found.events == 4
    assert found.head == {"position": 4, "hash": here.head("o").hash}


def test_a_bundle_of_files_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = verify(written(make(of_files()).content))
    assert (found.findings, found.events, found.head) == ((), 4, None)


def test_the_same_in_gives_the_same_bytes_whatever_the_order() -> None:
    assert make(of_files(*EVENTS_OF_MARCH)).content == make(of_files(*reversed(EVENTS_OF_MARCH))).content


def test_a_log_read_twice_gives_the_same_bytes(here: Log) -> None:
    office = in_log(here)
    one, other = (make(from_office(office, Span.month(2020, 3))) for _ in range(2))
    assert one == other


def test_as_of_a_line_of_the_log_it_stays_the_same_bytes_when_the_log_grows(here: Log) -> None:
    office = in_log(here)
    head = here.head("o")
    before = make(from_office(office, Span.month(2020, 3), at=head))
    here.append("o", [made("e9")], rulebook="small", now=datetime.fromisoformat("2020-08-01T00:00:00"))
    assert make(from_office(office, Span.month(2020, 3), at=head)).content == before.content
    assert make(from_office(office, Span.month(2020, 3))).content != before.content


def test_nothing_private_leaves_and_the_result_is_that_of_the_office(here: Log) -> None:
    office = in_log(here)
    bundle = make(from_office(office, Span.month(2020, 3)))
    for word in ("张某", "示例 139", "x_tel", "note"):
        assert word.encode() not in members_of(bundle.content)[EVENTS], word
        assert word.encode() not in members_of(bundle.content)[RESULT], word
    own = dumps(assessment_json(office.assess(Span.month(2020, 3))))
    assert members_of(bundle.content)[RESULT].decode() == own


def test_what_is_erased_later_does_not_change_a_bundle(here: Log) -> None:
    office = in_log(here)
    before = make(from_office(office, Span.month(2020, 3)))
    here.erase("o", "e1")
    assert make(from_office(office, Span.month(2020, 3))).content == before.content


def test_readings_and_roster_of_the_adoption_are_those_of_the_recomputation(here: Log) -> None:
    here.add_office("o")
    from appraisal.office.office import Office

    office = Office.of(here, "o")
    roster = read_rulebook(SMALL).roster[:2]
    office.adopt(str(SMALL), now=datetime.fromisoformat("2020-01-01T00:00:00"), roster=roster)
    here.append("o", EVENTS_OF_MARCH[:2], rulebook="small", now=datetime.fromisoformat("2020-07-01T00:00:00"))
    bundle = make(from_office(office, Span.through(2020, 3)))
    assert verify(written(bundle.content)).findings == ()
    assert len(json.loads(members_of(bundle.content)[RESULT])["standings"]) == 2


def test_what_was_recorded_after_the_moment_asked_for_stays_out(here: Log) -> None:
    office = in_log(here, made("late", recorded=datetime.fromisoformat("2020-06-01T00:00:00")))
    known = datetime.fromisoformat("2020-04-01T00:00:00")
    bundle = make(from_office(office, Span.month(2020, 3), known=known))
    assert b"late" not in members_of(bundle.content)[EVENTS]
    assert verify(written(bundle.content)).findings == ()
    assert members_of(bundle.content)[RESULT].decode() == dumps(
        assessment_json(office.assess(Span.month(2020, 3), known=known))
    )


def test_a_bundle_packed_again_by_another_program_holds(here: Log) -> None:
    import io
    import zipfile

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in reversed(members_of(make(of_log(here)).content).items()):
            archive.writestr(name, member)
    assert verify(written(content.getvalue())).findings == ()


@settings(max_examples=60)
@given(data=st.data())
def test_any_byte_changed_in_any_member_is_found(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    members = members_of(make(of_files()).content)
    name = data.draw(st.sampled_from([n for n in members if n != MANIFEST]))
    at = data.draw(st.integers(0, len(members[name]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != members[name][at]))
    spoiled = members | {name: members[name][:at] + bytes([byte]) + members[name][at + 1 :]}
    path = tmp_path_factory.mktemp("b") / "b.zip"
    path.write_bytes(pack(spoiled))
    try:
        found = verify(path)
    except RefusedError:
        return
    assert any(str(f.place).startswith(f"b.zip/{name}") for f in found.findings)


@settings(max_examples=60)
@given(data=st.data())
def test_any_file_at_all_is_refused_in_words(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    whole = make(of_files()).content
    cut = data.draw(st.integers(0, len(whole) - 1))
    middle = data.draw(st.binary(max_size=20))
    path = tmp_path_factory.mktemp("b") / "b.zip"
    path.write_bytes(whole[:cut] + middle + whole[cut + len(middle) :])
    try:
        verify(path)
    except RefusedError as refused:
        assert refused.findings  # noqa: PT017  any other error fails the test


@given(
    lines=st.lists(st.text("ab1", min_size=1, max_size=12), min_size=1, max_size=60),
    data=st.data(),
)
def test_one_digit_changed_is_found_and_put_back(lines: list[str], data: st.DataObject) -> None:
    lines.append("7")
    content = "".join(f"{line}\n" for line in lines)
    places = [i for i, c in enumerate(content) if c.isdigit()]
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != content[at]]))
    (change,) = changes((content[:at] + digit + content[at + 1 :]).encode(), Sum.of(content.encode()))
    line = content[:at].count("\n")
    assert (change.first, change.last) == (line + 1, line + 1)
    assert change.before == lines[line]


def test_the_code_is_what_a_hand_calculation_gives() -> None:
    # The first 80 bits are all ones but for the last five, which are 00001: sixteen letters of base 32.
    seal = Seal(sha256="f" * 18 + "e1" + "0" * 44)
    assert seal.code == "ZZZZ-ZZZZ-ZZZZ-ZZZ1"
    assert seal.fits(" zzzz zzzz-zzzz-zzzL ")
    assert seal.fits(seal.content)
    assert seal.fits(seal.content.lower())
    assert not seal.fits("ZZZZ-ZZZZ-ZZZZ-ZZZ2")
    assert not seal.fits("")


def test_the_block_on_a_notice_holds_the_whole_hash() -> None:
    seal = make(of_files()).seal
    block = seal.block()
    assert block.content == f"APPRAISAL1:{seal.sha256.upper()}"
    assert seal.code in block.words[0]


def test_a_signature_holds_for_its_key_alone(here: Log) -> None:
    pair, other = signing.make_pair(), signing.make_pair()
    contents = of_log(here)
    bundle = make(contents, signing.signer(pair.private, "k"))
    path = written(bundle.content)
    assert make(contents, signing.signer(pair.private, "k")).content == bundle.content
    assert bundle.seal == make(contents).seal
    found = verify(path, key=pair.public)
    assert found.findings == ()
    assert found.signed is not None
    assert found.signed.checked
    unchecked = verify(path)
    assert unchecked.findings == ()
    assert unchecked.signed is not None
    assert not unchecked.signed.checked
    assert [f.code for f in verify(path, key=other.public).findings] == ["B021"]


def test_a_signature_moved_to_another_bundle_is_found(here: Log) -> None:
    signed = members_of(make(of_log(here), signing.signer(signing.make_pair().private, "k")).content)
    other = members_of(make(of_files()).content)
    found = verify(written(pack({**other, SIGNATURE: signed[SIGNATURE]})))
    assert [f.code for f in found.findings] == ["B022"]


@pytest.mark.skipif(not sm2.offered(), reason="this machine's openssl does not offer SM2")
def test_sm2_signs_where_the_machine_offers_it(here: Log) -> None:
    pair = signing.make_pair(signing.SM2)
    contents = of_log(here)
    bundle = make(contents, signing.signer(pair.private, "k"))
    found = verify(written(bundle.content), key=pair.public)
    assert found.findings == ()
    assert found.signed is not None
    assert found.signed.algorithm == "SM2-SM3"
    members = members_of(bundle.content)
    spoiled = members | {MANIFEST: members[MANIFEST].replace(b'"draft"', b'"final"')}
    assert [f.code for f in verify(written(pack(spoiled)), key=pair.public).findings] == ["B022"]


@pytest.mark.parametrize(
    "name", ["", "..", "source/", "source/../x", "source/a/b", "/etc/passwd", "C:\\x", "source/.x", "SOURCE/x", "a\0b"]
)
def test_no_name_leads_out_of_a_folder(name: str) -> None:
    assert not is_member(name)


def test_a_forged_result_is_found_though_all_hashes_fit(here: Log) -> None:
    members = members_of(make(of_log(here)).content)
    members[RESULT] = members[RESULT].replace(b'"rank": 1', b'"rank": 2', 1)
    found = verify(written(pack(resealed(members))))
    assert [(f.code, f.args["recorded"], f.args["found"]) for f in found.findings] == [("B027", "2", "1")]


def test_the_manifest_reads_as_it_writes() -> None:
    told = Manifest(about={"rulebook": "small"}, members={"result.json": Sum.of(b"1\n2\n")})
    assert Manifest.parse(told.to_bytes()) == told


def test_a_result_in_english_is_recomputed_in_english(here: Log) -> None:
    bundle = make(of_log(here, lang="en"))
    assert b"off for each" in members_of(bundle.content)[RESULT]
    assert verify(written(bundle.content)).findings == ()


def test_a_missing_event_shows_in_the_receipt(here: Log) -> None:
    contents = of_log(here)
    fewer = replace(contents, lines=contents.lines[:-1])
    assert "B029" in [f.code for f in verify(written(make(fewer).content)).findings]


def test_another_database_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with open_log("sqlite:///log.db") as log:
        content = make(of_log(log)).content
    (tmp_path / "log.db").unlink()
    before = set(tmp_path.iterdir())
    assert verify(written(content)).findings == ()
    assert {p.name for p in set(tmp_path.iterdir()) - before} == {"b.zip"}


def test_the_hash_of_the_input_is_that_of_its_open_part() -> None:
    edition = read_rulebook(SMALL)
    bare = [replace(e, note="", facts={k: v for k, v in e.facts.items() if k != "x_tel"}) for e in EVENTS_OF_MARCH]
    one, other = (assess(edition, rows, Span.month(2020, 3)) for rows in (EVENTS_OF_MARCH, bare))
    assert one == other
