"""The local identity provider: the same claims as a real one, in a demonstration only."""

import base64
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from contracts.codes import Office, Role, authorities, municipalities
from deploy.local.errors import StackError
from deploy.local.identity.app import identity_app
from deploy.local.identity.directory import Account, by_id, directory
from deploy.local.identity.grants import s256
from deploy.local.identity.tokens import LIFETIME_S, KeyFile, Signer
from deploy.local.rotate import rotate_signing

ISSUER = "http://127.0.0.1:1"
BACK = "http://127.0.0.1:2/back"
VERIFIER = "v" * 43
ASKED = {
    "client_id": "console",
    "redirect_uri": BACK,
    "response_type": "code",
    "code_challenge": s256(VERIFIER),
    "code_challenge_method": "S256",
    "state": "of-mind",
}
PROOF = {"grant_type": "authorization_code", "client_id": "console", "redirect_uri": BACK, "code_verifier": VERIFIER}


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = identity_app(Signer(ISSUER, tmp_path / "identity.json"), directory())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER) as client:
        yield client


async def claims_of(provider: httpx.AsyncClient, token: str) -> dict[str, object]:
    keys = KeySet.import_key_set((await provider.get("/jwks")).json())
    return jwt.decode(token, keys, algorithms=["ES256"]).claims


async def code_for(provider: httpx.AsyncClient, person: str) -> str:
    answer = await provider.post("/authorize", data={**ASKED, "person": person})
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert back["state"] == ["of-mind"]
    return back["code"][0]


async def test_a_system_gets_a_token_for_its_secret(provider: httpx.AsyncClient) -> None:
    asked = {"grant_type": "client_credentials"}
    answer = await provider.post("/token", data=asked, auth=("kommune-0657-boern", "demo-kommune-0657-boern"))
    claims = await claims_of(provider, answer.json()["access_token"])
    said = {name: claims[name] for name in ("iss", "sub", "aud", "client_id", "authority", "office", "roles")}
    assert said == {
        "iss": ISSUER,
        "sub": "kommune-0657-boern",
        "aud": "samvirke",
        "client_id": "kommune-0657-boern",
        "authority": "kommune-0657",
        "office": "boern",
        "roles": ["system"],
    }
    assert answer.headers["cache-control"] == "no-store"


async def test_a_wrong_secret_gets_nothing(provider: httpx.AsyncClient) -> None:
    asked = {"grant_type": "client_credentials", "client_id": "concerns", "client_secret": "guessed"}
    answer = await provider.post("/token", data=asked)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_person_gets_a_token_by_pressing_a_button(provider: httpx.AsyncClient) -> None:
    code = await code_for(provider, "mette-lund")
    answer = await provider.post("/token", data={**PROOF, "code": code})
    claims = await claims_of(provider, answer.json()["access_token"])
    assert (claims["name"], claims["roles"], claims["office"]) == ("Mette Lund", ["caseworker"], "boern")
    assert "client_id" not in claims


async def test_a_code_is_good_once(provider: httpx.AsyncClient) -> None:
    code = await code_for(provider, "mette-lund")
    first, second = [await provider.post("/token", data={**PROOF, "code": code}) for _ in range(2)]
    assert (first.status_code, second.json()["error"]) == (200, "invalid_grant")


async def test_a_stolen_code_is_worth_nothing_without_the_verifier(provider: httpx.AsyncClient) -> None:
    code = await code_for(provider, "mette-lund")
    answer = await provider.post("/token", data={**PROOF, "code": code, "code_verifier": "w" * 43})
    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "http://elsewhere.example/back"},
        {"redirect_uri": "javascript:alert(1)"},
        {"client_id": "unknown"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"response_type": "token"},
    ],
)
async def test_an_unsafe_request_shows_no_page(provider: httpx.AsyncClient, changed: dict[str, str]) -> None:
    answer = await provider.get("/authorize", params=ASKED | changed)
    assert answer.status_code in {400, 401}


async def test_the_page_says_what_it_is_and_lists_everyone(provider: httpx.AsyncClient) -> None:
    page = (await provider.get("/authorize", params=ASKED)).text
    assert "Demonstration, ikke en myndighed" in page
    assert '<html lang="da">' in page
    assert all(f'value="{person}"' in page for person in directory().people)


def test_it_refuses_to_start_outside_a_demonstration() -> None:
    start = [sys.executable, "-m", "deploy.local.identity"]
    refused = subprocess.run(start, env={"DEMONSTRATION": "false"}, capture_output=True, check=False, timeout=20)
    assert refused.returncode == 1
    assert b"DEMONSTRATION=true" in refused.stderr


def everyone() -> list[Account]:
    return [*directory().people.values(), *directory().clients.values()]


@pytest.mark.parametrize("account", everyone(), ids=lambda account: account.id)
def test_every_account_is_someone_whom_the_contracts_know(account: Account) -> None:
    assert account.authority in {*authorities(), "samvirke"}
    assert set(account.roles) <= {role.value for role in Role}
    assert account.office in {"", *(office.value for office in Office)}


def test_every_municipality_of_the_district_has_a_system() -> None:
    systems = {client.authority for client in directory().clients.values() if client.office == Office.BOERN}
    assert systems == {f"kommune-{code}" for code, one in municipalities().items() if one.in_district}


@pytest.mark.ledger("L-19")
def test_a_rotation_publishes_the_new_key_before_it_signs_and_drops_the_old_one_after_its_last_token(
    tmp_path: Path,
) -> None:
    signer, keys = Signer(ISSUER, tmp_path / "identity.json"), KeyFile(tmp_path / "identity.json")
    [first] = signer.jwks()["keys"]
    published: list[list[str]] = []
    rotate_signing(keys, lambda _: published.append([key["kid"] for key in signer.jwks()["keys"]]))
    [(before, fresh)] = published
    assert before == first["kid"]
    assert header_of(signer.access_token({}))["kid"] == fresh
    assert {key["kid"] for key in signer.jwks()["keys"]} == {before, fresh}
    with pytest.raises(StackError, match="valid until"):
        rotate_signing(keys)
    data = json.loads(keys.path.read_text())
    keys.path.write_text(json.dumps(data | {"changed_at": time.time() - LIFETIME_S - 1}))
    rotate_signing(keys)
    assert [key["kid"] for key in signer.jwks()["keys"]] == [fresh]


def test_a_rotation_that_ended_before_it_signed_goes_on_with_the_same_key(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "identity.json")
    keys.publish_next()
    waiting = [key.kid for key in keys.keys]
    rotate_signing(keys, lambda _: None)
    assert [key.kid for key in keys.keys] == waiting[::-1]


def test_a_file_with_one_plain_key_is_read_as_before(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "identity.json")
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps(json.loads(keys.path.read_text())["keys"][0]))
    assert Signer(ISSUER, plain).jwks() == Signer(ISSUER, keys.path).jwks()


def header_of(token: str) -> dict[str, str]:
    head = token.partition(".")[0]
    header: dict[str, str] = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return header


def test_the_key_is_for_its_owner_alone_and_stays_the_same(tmp_path: Path) -> None:
    file = tmp_path / "identity.json"
    first, second = Signer(ISSUER, file).jwks(), Signer(ISSUER, file).jwks()
    assert first == second
    assert file.stat().st_mode & 0o077 == 0
    assert "d" not in first["keys"][0]


def test_two_accounts_of_one_id_are_no_directory() -> None:
    rows = [{"id": "anna", "name": "Anna", "authority": "kommune-0657", "roles": ["caseworker"], "does": ""}] * 2
    with pytest.raises(ValueError, match="one id"):
        by_id(rows)
