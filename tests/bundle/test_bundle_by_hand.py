"""The page of the format is enough to check a bundle with the standard library alone, without this program."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from itertools import pairwise

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from packs import members_of, of_log

from appraisal.store.log import Log
from reports.bundle import signing
from reports.bundle.making import make

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sealed(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()


def test_members_code_chain_and_signature_by_hand(here: Log) -> None:
    pair = signing.make_pair()
    bundle = make(of_log(here), signing.signer(pair.private, "k"))
    members = members_of(bundle.content)
    manifest = json.loads(members["manifest.json"])

    assert set(manifest["members"]) == set(members) - {"manifest.json", "signature.json"}
    for name, told in manifest["members"].items():
        assert sha256(members[name]).hexdigest() == told["sha256"]
        lines = members[name].splitlines(keepends=True)
        blocks = [b"".join(lines[n : n + 16]) for n in range(0, len(lines), 16)]
        assert [sha256(block).hexdigest()[:16] for block in blocks] == told["blocks"]

    bits = f"{int(sha256(members['manifest.json']).hexdigest(), 16):0256b}"[:80]
    letters = "".join(DIGITS[int(bits[n : n + 5], 2)] for n in range(0, 80, 5))
    assert bundle.seal.code == "-".join(letters[n : n + 4] for n in range(0, 16, 4))

    events = [json.loads(line) for line in members["events.jsonl"].splitlines()]
    seals = [event.pop("seal") for event in events]
    for event, seal in zip(events, seals, strict=True):
        assert sealed(seal["previous"], plain(event), seal["private"]) == seal["hash"]
    assert all(two["previous"] == one["hash"] for one, two in pairwise(seals))
    adoption = json.loads(members["adoption.json"])
    seal = adoption.pop("seal")
    assert sealed(seal["previous"], plain(adoption)) == seal["hash"]
    assert adoption["hash"] == f"sha256:{manifest['members']['rulebook.yaml']['sha256']}"

    signature = json.loads(members["signature.json"])
    assert signature["algorithm"] == "Ed25519"
    key = load_pem_public_key(pair.public)
    key.verify(base64.b64decode(signature["signature"]), members["manifest.json"])  # type: ignore[call-arg, union-attr]
    der = base64.b64decode("".join(pair.public.decode().splitlines()[1:-1]))
    assert signature["key"] == f"sha256:{sha256(der).hexdigest()}"
