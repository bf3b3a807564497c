"""Cards go with their owner: into the account that a guest signs in to, and away with a deleted one."""

from datetime import datetime, timedelta
from typing import Any

from quizzes.models import Card, Repetition
from quizzes.queries.cards import is_undoable, last_recall
from sapro.accounts.services.guests import merge_guest
from sapro.accounts.services.people import delete_person
from tests.quizzes.cards.conftest import make_cards

ONE, TWO, THREE, FOUR = "test-tb01", "test-tb02", "test-th01", "test-th02"


def state(card: Card) -> dict[str, Any]:
    kept = ("stability", "difficulty", "due_at", "last_review_at", "repetitions", "lapses", "suspended", "phase")
    return {name: getattr(card, name) for name in kept}


def test_of_two_cards_the_one_recalled_later_stands_with_the_recalls_of_both(
    person: Any, guest: Any, now: datetime
) -> None:
    days = [now + timedelta(days=day) for day in range(4)]
    [mine_older] = make_cards(person, [ONE], days[0])
    [its_newer] = make_cards(guest, [ONE], days[1], fraction=1)
    [its_older] = make_cards(guest, [TWO], days[1])
    [mine_newer] = make_cards(person, [TWO], days[2], fraction=1)
    [mine_alone] = make_cards(person, [THREE], days[2])
    [its_alone] = make_cards(guest, [FOUR], days[3])
    Card.objects.filter(pk=its_newer.pk).update(suspended=True)
    its_newer.refresh_from_db()
    merge_guest(guest_id=guest.pk, member_id=person.pk, now=days[3])
    found = {card.question.code: card for card in Card.objects.select_related("question")}
    assert {card.person_id for card in found.values()} == {person.pk}
    wanted = {ONE: its_newer, TWO: mine_newer, THREE: mine_alone, FOUR: its_alone}
    assert {code: state(card) for code, card in found.items()} == {code: state(card) for code, card in wanted.items()}
    assert found[ONE].pk == mine_older.pk
    recalls = {code: list(card.recalls.values_list("reviewed_at", flat=True)) for code, card in found.items()}
    assert recalls == {ONE: days[:2], TWO: days[1:3], THREE: [days[2]], FOUR: [days[3]]}
    assert Repetition.objects.count() == 6
    assert its_older.pk not in {card.pk for card in found.values()}


def test_what_a_guest_answered_last_can_still_be_undone(person: Any, guest: Any, now: datetime) -> None:
    make_cards(person, [ONE], now)
    make_cards(guest, [ONE], now + timedelta(hours=1))
    [recall] = Repetition.objects.filter(card__person=guest)
    # In the queue a card had its day before it was asked.
    recall.source, recall.before = "cards", recall.before | {"due_at": now.isoformat()}
    recall.save()
    merge_guest(guest_id=guest.pk, member_id=person.pk, now=now + timedelta(hours=2))
    assert is_undoable(last_recall(person.pk))


def test_merging_many_cards_takes_few_statements_beside_those_of_shared_ones(
    person: Any, guest: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    make_cards(guest, [ONE, TWO, THREE, FOUR], now)
    with django_assert_max_num_queries(60):
        merge_guest(guest_id=guest.pk, member_id=person.pk, now=now)
    assert Card.objects.filter(person=person).count() == 4


def test_a_deleted_account_takes_its_cards_along(person: Any, guest: Any, now: datetime) -> None:
    make_cards(person, [ONE, TWO], now)
    make_cards(guest, [ONE], now)
    delete_person(person_id=person.pk, now=now)
    assert list(Card.objects.values_list("person_id", flat=True)) == [guest.pk]
    assert Repetition.objects.count() == 1
