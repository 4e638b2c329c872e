"""What a member tells of themselves: what is taken, what is refused."""

from __future__ import annotations

import pytest

from samepath.kit.errors import Conflict, Invalid, NotFound
from samepath.profiles import actions, queries, rules
from samepath.profiles.actions import Told
from samepath.profiles.cards import cards
from samepath.profiles.choices import Gender, Part, Seen, Stage, Style
from samepath.profiles.models import Experience, Profile

TOPICS = list(cards("en"))


@pytest.fixture
def guest(house):
    return house.guest()


def parts(member) -> set[tuple[str, str]]:
    return {(row.topic, row.part) for row in queries.experiences_of(member)}


def test_a_topic_is_added_changed_and_taken_out(guest):
    row = actions.add_experience(guest, Told(TOPICS[0], Part.LIVED, stage=Stage.MIDST))
    told = Told(TOPICS[0], Part.LIVED, first_hand=False, offers=True, seen=Seen.ME)
    again = actions.add_experience(guest, told)
    assert again.pk == row.pk
    again.refresh_from_db()
    assert (again.first_hand, again.stage, again.offers, again.seen) == (False, "", True, "me")
    actions.drop_experience(guest, row.pk)
    assert parts(guest) == set()
    with pytest.raises(NotFound):
        actions.drop_experience(guest, row.pk)


def test_somebody_elses_topic_is_not_found(house, guest):
    row = actions.add_experience(guest, Told(TOPICS[0], Part.LIVED))
    with pytest.raises(NotFound):
        actions.drop_experience(house.wren, row.pk)
    with pytest.raises(NotFound):
        queries.own_experience(house.wren, row.pk)
    assert queries.own_experience(guest, row.pk) == row


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Told("no-such-topic", Part.LIVED), "topic"),
        (Told(TOPICS[0], "loved"), "part"),
        (Told(TOPICS[0], Part.LIVED, stage="done"), "stage"),
        (Told(TOPICS[0], Part.LIVED, seen="all"), "seen"),
        (Told(TOPICS[0], Part.AVOID, seen=Seen.ME), "seen"),
    ],
)
def test_what_is_not_on_the_list(guest, told: Told, field: str):
    with pytest.raises(Invalid) as refused:
        actions.add_experience(guest, told)
    assert refused.value.field == field
    assert parts(guest) == set()


def test_talking_and_not_talking_about_it_exclude_each_other(guest):
    topic, other = TOPICS[:2]
    for part in (Part.LIVED, Part.SEEK):
        actions.add_experience(guest, Told(topic, part))
    actions.add_experience(guest, Told(other, Part.AVOID, seen=Seen.MATCH))
    actions.add_experience(guest, Told(topic, Part.AVOID, seen=Seen.MATCH))
    assert parts(guest) == {(topic, "avoid"), (other, "avoid")}
    actions.add_experience(guest, Told(topic, Part.SEEK))
    assert parts(guest) == {(topic, "seek"), (other, "avoid")}


def test_forty_topics_and_no_more(guest):
    for topic in TOPICS[:40]:
        actions.add_experience(guest, Told(topic, Part.LIVED))
    with pytest.raises(Conflict):
        actions.add_experience(guest, Told(TOPICS[40], Part.LIVED))
    # What is there can still be changed, or turned into its opposite.
    actions.add_experience(guest, Told(TOPICS[3], Part.LIVED, seen=Seen.ME))
    actions.add_experience(guest, Told(TOPICS[4], Part.AVOID, seen=Seen.MATCH))
    assert len(parts(guest)) == 40


def test_what_was_asked_for_is_remembered_and_overwrites_nothing(guest):
    first, second, third = TOPICS[:3]
    actions.add_experience(guest, Told(first, Part.SEEK, seen=Seen.PEER))
    actions.add_experience(guest, Told(second, Part.AVOID, seen=Seen.MATCH))
    actions.remember_wanted(guest, [first, second, third, third])
    assert parts(guest) == {(first, "seek"), (second, "avoid"), (third, "seek")}
    assert Experience.objects.get(member=guest, topic=first).seen == Seen.PEER
    for topic in TOPICS[3:40]:
        actions.add_experience(guest, Told(topic, Part.LIVED))
    actions.remember_wanted(guest, [TOPICS[50]])
    assert len(parts(guest)) == 40


def test_a_profile_is_set_piece_by_piece(guest):
    assert queries.profile_of(guest).style == Style.LISTEN
    assert not Profile.objects.filter(member=guest).exists()
    actions.set_profile(guest, {"style": Style.BOTH, "languages": ["en", "pt"]})
    actions.set_profile(guest, {"wish_gender": Gender.WOMAN, "wish_strong": True})
    row = queries.profile_of(guest)
    assert (row.style, row.languages, row.wish_gender, row.wish_strong) == (
        "both",
        ["en", "pt"],
        "woman",
        True,
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"style": "shout"}, "style"),
        ({"languages": "en"}, "languages"),
        ({"languages": ["en", "../x"]}, "languages"),
        ({"languages": [f"a{chr(97 + n)}" for n in range(13)]}, "languages"),
        ({"age_band": "12-17"}, "age_band"),
        ({"age_seen": "all"}, "age_seen"),
        ({"gender": ""}, "gender"),
        ({"wish_strong": "yes"}, "wish_strong"),
        ({"member": 3}, ""),
        ({"site": 3}, ""),
        ({"unheard": 1}, ""),
    ],
)
def test_values_that_are_not_on_the_list(guest, values: dict[str, object], field: str):
    with pytest.raises(Invalid) as refused:
        actions.set_profile(guest, values)
    assert refused.value.field == field
    assert not Profile.objects.filter(member=guest).exists()


def test_the_export_holds_each_piece_with_who_sees_it(guest):
    actions.set_profile(guest, {"gender": Gender.MAN, "gender_seen": Seen.ME})
    actions.add_experience(guest, Told(TOPICS[0], Part.LIVED, stage=Stage.BEHIND))
    told = queries.export(guest.pk)
    assert told["profile"]["gender_seen"] == "me"
    assert told["topics"] == [
        {
            "topic": TOPICS[0],
            "part": "lived",
            "first_hand": True,
            "stage": "behind",
            "offers": False,
            "seen": "peer",
        }
    ]


def test_everything_goes_with_the_member(house, guest):
    actions.set_profile(guest, {"style": Style.BOTH})
    actions.add_experience(guest, Told(TOPICS[0], Part.LIVED))
    kept = parts(house.wren)
    assert actions.erase(guest.pk) is None
    assert not Experience.objects.filter(member=guest).exists()
    assert not Profile.objects.filter(member=guest).exists()
    assert parts(house.wren) == kept != set()


@pytest.mark.parametrize(
    ("fitting", "here", "told"),
    [
        (1, 1, "unknown"),
        (3, 4, "unknown"),
        (0, 5, "few"),
        (1, 5, "few"),
        (2, 5, "number"),
        (4, 5, "number"),
        (5, 5, "unknown"),
        (0, 0, "unknown"),
    ],
)
def test_a_number_never_tells_about_a_person(fitting: int, here: int, told: str):
    assert rules.cost_of_wish(fitting, here) == told


def test_who_counts_for_a_wish(house, django_assert_num_queries):
    for member, gender, seen in (
        (house.heron, Gender.WOMAN, Seen.MATCH),
        (house.lantern, Gender.WOMAN, Seen.ME),
        (house.otter, Gender.MAN, Seen.PEER),
        (house.wren, Gender.WOMAN, Seen.PEER),  # not on duty
    ):
        actions.set_profile(member, {"gender": gender, "gender_seen": seen})
    with django_assert_num_queries(2):
        counted, here = queries.wish_costs()
    assert counted == {"woman": 1, "man": 1, "non-binary": 0}
    assert here == 4  # heron, lantern, otter, oak
