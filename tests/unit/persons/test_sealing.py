from base64 import b64encode
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from services.persons.store.sealing import Kind, Place, Secrets, document_key, new_keys, seal, unseal

SECRETS = Secrets(kek=bytes(range(32)), hash_key=b"h" * 32)
ANNA, BO = UUID(int=1), UUID(int=2)
[KEY, OTHER_KEY] = new_keys(2)
NUMBERS = st.from_regex(r"[0-9]{10}", fullmatch=True)


@given(st.text())
def test_what_was_sealed_opens_again(text: str) -> None:
    assert unseal(KEY, ANNA, Kind.TEXT, seal(KEY, ANNA, Kind.TEXT, text)) == text


@given(NUMBERS)
def test_a_sealed_number_shows_nothing_and_looks_different_every_time(number: str) -> None:
    first, second = (seal(KEY, ANNA, Kind.NUMBER, number) for _ in range(2))
    assert first != second
    assert number.encode() not in first


@pytest.mark.parametrize(
    ("key", "person", "kind"),
    [(OTHER_KEY, ANNA, Kind.NUMBER), (KEY, BO, Kind.NUMBER), (KEY, ANNA, Kind.TEXT)],
    ids=["another key", "another person", "another kind"],
)
def test_what_was_moved_to_another_person_or_place_does_not_open(key: bytes, person: UUID, kind: Kind) -> None:
    sealed = seal(KEY, ANNA, Kind.NUMBER, "6101901234")
    with pytest.raises(InvalidTag):
        unseal(key, person, kind, sealed)


@given(NUMBERS, NUMBERS)
def test_two_numbers_have_two_hashes_and_one_number_has_one(one: str, other: str) -> None:
    hashes = SECRETS.hash_of(Place.NUMBER, one), SECRETS.hash_of(Place.NUMBER, other)
    assert (one == other) is (hashes[0] == hashes[1])


def test_a_hash_says_nothing_without_the_key_and_is_another_for_another_place() -> None:
    elsewhere = Secrets(kek=SECRETS.kek, hash_key=b"i" * 32)
    hashes = {SECRETS.hash_of(place, "6101901234") for place in Place}
    assert len(hashes) == len(Place)
    assert elsewhere.hash_of(Place.NUMBER, "6101901234") not in hashes


def test_a_wrapped_key_opens_for_its_person_only() -> None:
    wrapped = SECRETS.wrap(ANNA, KEY)
    assert SECRETS.unwrap(ANNA, wrapped, SECRETS.kek_name) == KEY
    with pytest.raises(InvalidTag):
        SECRETS.unwrap(BO, wrapped, SECRETS.kek_name)


def test_during_a_rotation_the_key_before_opens_and_finds_and_is_used_no_more() -> None:
    before = {"PERSONS_KEK": b64encode(bytes(32)).decode(), "PERSONS_HASH_KEY": "h" * 44}
    after = {"PERSONS_KEK": b64encode(b"n" * 32).decode(), "PERSONS_HASH_KEY": "n" * 44}
    old, new = Secrets.from_environment(before), Secrets.from_environment(after)
    both = Secrets.from_environment({name: f"{after[name]} {before[name]}" for name in before})
    assert both.unwrap(ANNA, old.wrap(ANNA, KEY), old.kek_name) == KEY
    assert new.unwrap(ANNA, both.wrap(ANNA, KEY), both.kek_name) == KEY
    assert both.all_hashes_of(Place.NUMBER, "6101901234") == [
        secrets.hash_of(Place.NUMBER, "6101901234") for secrets in (new, old)
    ]
    with pytest.raises(KeyError):
        new.unwrap(ANNA, old.wrap(ANNA, KEY), old.kek_name)


def test_the_key_of_a_document_is_of_one_person_and_one_document() -> None:
    keys = {document_key(key, document) for key in (KEY, OTHER_KEY) for document in (ANNA, BO)}
    assert len(keys) == 4
    assert document_key(KEY, ANNA) in keys
    assert not keys & {KEY, OTHER_KEY}


def test_secrets_that_are_too_short_are_refused_and_never_shown() -> None:
    with pytest.raises(ValueError, match="PERSONS_KEK"):
        Secrets.from_environment({"PERSONS_KEK": "c2hvcnQ=", "PERSONS_HASH_KEY": "h" * 32})
    assert "h" * 32 not in repr(SECRETS)
