"""A refusal on a page: the facts stand where systems read their names."""

import pytest

from chassis.problems import InvalidInput
from chassis.web.page_forms import in_words, version
from contracts.refusal import Refusal


class TooLate(Refusal):
    """Something came too late."""

    slug = "too-late"
    title = "Det kommer for sent."
    todo = "Vælg tidligst `earliest`, se `other`."


def test_a_fact_stands_where_its_name_stood_and_what_is_unknown_stays() -> None:
    assert in_words(TooLate(earliest="2026-01-02")) == "Det kommer for sent. Vælg tidligst »2026-01-02«, se `other`."


def test_a_form_without_the_version_that_was_seen_is_refused() -> None:
    assert version({"version": "7"}) == 7
    for said in ({}, {"version": "syv"}, {"version": "٣"}, {"version": "1" * 10}):
        with pytest.raises(InvalidInput):
            version(said)
