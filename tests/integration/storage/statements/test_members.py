"""Members: added once, with the workspace's plan beside their licence, and what is live."""

from functools import partial

import pytest

from storage import links, members, numbers, workspaces
from storage.errors import Busy, Conflict
from storage.ids import new_id
from storage.members import MemberRow
from storage.transactions import Store, Transaction
from storage.workspaces import WorkspaceRow
from tests.integration.storage.statements.rows import NUMBERS, SECOND, T0, add_member

X, Y, Z, _ = NUMBERS


def find(tx: Transaction) -> MemberRow | None:
    return members.find(tx, "T0ACME", "U0ANNA")


async def test_a_new_member_has_a_number_and_nothing_else(store: Store) -> None:
    anna = await store.write(add_member)

    assert MemberRow(anna, "T0ACME", "U0ANNA", None, None, X, None, None, None) == await store.read(find)


async def test_the_same_person_cannot_be_added_twice(store: Store) -> None:
    await store.write(add_member)

    def again(tx: Transaction) -> bool:
        try:
            add_member(tx, pmi=Y)
        except Conflict:
            return True
        return False

    assert await store.write(again)


async def test_a_conflict_rolls_back_what_was_claimed_for_it(store: Store) -> None:
    anna = await store.write(add_member)
    with pytest.raises(Busy):
        await store.write(lambda tx: add_member(tx, pmi=Y))

    assert {X: anna} == await store.read(lambda tx: numbers.holders(tx, [X, Y]))


async def test_one_slack_id_in_two_workspaces_is_two_people(store: Store) -> None:
    anna = await store.write(add_member)
    other = await store.write(lambda tx: add_member(tx, workspace="E0OTHER", pmi=Y))

    found = await store.read(lambda tx: (find(tx), members.find(tx, "E0OTHER", "U0ANNA")))
    assert [(anna, X), (other, Y)] == [(row.id, row.pmi) for row in found if row is not None]


async def test_a_member_must_hold_the_number_that_they_are_added_with(store: Store) -> None:
    def add(tx: Transaction) -> None:
        workspaces.ensure(tx, "T0ACME", T0)
        members.add(tx, member_id=new_id(T0), workspace="T0ACME", slack_user="U0ANNA", pmi=X, at=T0)

    with pytest.raises(Busy):
        await store.write(add)

    assert await store.read(find) is None


async def test_nobody_is_found_before_their_first_contact(store: Store) -> None:
    assert await store.read(find) is None
    assert await store.write(lambda tx: members.lock(tx, "T0ACME", "U0ANNA")) is None


async def test_what_is_set_is_found_and_locked_alike(store: Store) -> None:
    anna = await store.write(add_member)

    def change(tx: Transaction) -> None:
        numbers.claim(tx, Y, anna, T0)
        links.claim(tx, "blue.harbour", "Blue.Harbour", anna, T0)
        members.set_pmi(tx, anna, Y)
        members.set_link(tx, anna, "blue.harbour")
        members.set_pmi_for_instant(tx, anna, wanted=False)
        members.set_licence(tx, anna, "licensed")
        workspaces.set_plan(tx, "T0ACME", "business")

    await store.write(change)
    expected = MemberRow(
        anna, "T0ACME", "U0ANNA", "business", "licensed", Y, "Blue.Harbour", "blue.harbour", pmi_for_instant=False
    )

    assert expected == await store.read(find)
    assert expected == await store.write(lambda tx: members.lock(tx, "T0ACME", "U0ANNA"))


async def test_among_many_the_one_is_found_and_locked(store: Store) -> None:
    for at, (workspace, user) in enumerate(
        (
            ("T0ACME", "U0ABBA"),
            ("T0ACME", "U0BEN"),
            ("E0OTHER", "U0ANNA"),
            ("T0ZOO", "U0ANNA"),
            ("T0ACME", "U0ANNA"),
            ("E0OTHER", "U0ABBA"),
            ("T0ZOO", "U0BEN"),
        )
    ):
        await store.write(partial(add_member, workspace=workspace, user=user, pmi=f"582904731{at}"))
    plans = {"E0OTHER": "basic", "T0ACME": "pro", "T0ZOO": "business"}
    for workspace, plan in plans.items():
        await store.write(partial(workspaces.set_plan, key=workspace, plan=plan))

    for workspace, plan in plans.items():
        for look in (members.find, members.lock):
            row = await store.write(partial(look, workspace=workspace, slack_user="U0ANNA"))
            assert row is not None
            assert (workspace, "U0ANNA", plan) == (row.workspace, row.slack_user, row.plan)
    assert 3 == len(await store.read(lambda tx: members.of_workspace(tx, "T0ACME")))
    for workspace, user in (("T0ACME", "U0AN"), ("T0ACME", "U0ANNAB"), ("T0ACM", "U0ANNA"), ("T0ACMES", "U0ANNA")):
        for look in (members.find, members.lock):
            assert await store.write(partial(look, workspace=workspace, slack_user=user)) is None


async def test_beside_a_member_stands_the_holder_of_that_number_and_of_no_other(store: Store) -> None:
    assert await store.read(lambda tx: members.find_beside(tx, "T0ACME", "U0ANNA", X)) is None

    anna = await store.write(add_member)
    ben = await store.write(lambda tx: add_member(tx, user="U0BEN", pmi=Y))
    carla = await store.write(lambda tx: add_member(tx, user="U0CARLA", pmi=Z))
    row = await store.read(find)

    for digits, holder in ((X, anna), (Y, ben), (Z, carla), ("2222333445", None), ("9988776655", None)):
        beside = await store.read(partial(members.find_beside, workspace="T0ACME", slack_user="U0ANNA", digits=digits))
        assert (row, holder) == beside


async def test_what_is_set_for_one_is_set_for_nobody_else(store: Store) -> None:
    added = [await store.write(partial(add_member, user=f"U{at}", pmi=f"582904731{at}")) for at in range(3)]
    first, middle, last = sorted(added)
    await store.write(
        lambda tx: (links.claim(tx, "autumn", "autumn", first, T0), links.claim(tx, "zenith", "zenith", last, T0))
    )
    before = {row.id: row for row in await store.read(lambda tx: members.of_workspace(tx, "T0ACME"))}

    def change(tx: Transaction) -> None:
        numbers.claim(tx, Y, middle, T0)
        links.claim(tx, "blue.harbour", "Blue.Harbour", middle, T0)
        members.set_pmi_for_instant(tx, middle, wanted=True)
        members.set_licence(tx, middle, "licensed")
        members.set_pmi(tx, middle, Y)
        members.set_link(tx, middle, "blue.harbour")

    await store.write(change)
    rows = await store.read(lambda tx: members.of_workspace(tx, "T0ACME"))
    after = {row.id: row for row in rows}

    assert 3 == len(rows)
    assert [before[first], before[last]] == [after[first], after[last]]
    assert (Y, "Blue.Harbour", True, "licensed") == (
        after[middle].pmi,
        after[middle].link,
        after[middle].pmi_for_instant,
        after[middle].licence,
    )


async def test_a_link_and_a_licence_can_be_taken_away_again(store: Store) -> None:
    anna = await store.write(add_member)

    def give(tx: Transaction) -> None:
        links.claim(tx, "blue.harbour", "Blue.Harbour", anna, T0)
        members.set_link(tx, anna, "blue.harbour")
        members.set_licence(tx, anna, "licensed")

    def take(tx: Transaction) -> None:
        members.set_link(tx, anna, None)
        members.set_licence(tx, anna, None)

    await store.write(give)
    await store.write(take)

    row = await store.read(find)
    assert row is not None
    assert (None, None, None) == (row.link, row.link_key, row.licence)


async def test_nobody_can_have_a_live_number_or_link_of_somebody_else(store: Store) -> None:
    anna = await store.write(add_member)
    ben = await store.write(lambda tx: add_member(tx, user="U0BEN", pmi=Y))
    await store.write(lambda tx: links.claim(tx, "blue.harbour", "blue.harbour", ben, T0))

    with pytest.raises(Busy):
        await store.write(lambda tx: members.set_pmi(tx, anna, Y))
    with pytest.raises(Busy):
        await store.write(lambda tx: members.set_link(tx, anna, "blue.harbour"))


async def test_the_members_of_a_workspace_are_listed_by_slack_id_without_those_of_others(store: Store) -> None:
    for workspace, user, pmi in (("T0ACME", "U0CARLA", X), ("T0ACME", "U0ANNA", Y), ("E0OTHER", "U0BEN", Z)):
        await store.write(partial(add_member, workspace=workspace, user=user, pmi=pmi))

    found = await store.read(lambda tx: members.of_workspace(tx, "T0ACME"))
    assert ["U0ANNA", "U0CARLA"] == [row.slack_user for row in found]


async def test_a_workspace_is_known_once_and_keeps_its_plan(store: Store) -> None:
    await store.write(lambda tx: workspaces.ensure(tx, "T0ACME", T0))
    await store.write(lambda tx: workspaces.set_plan(tx, "T0ACME", "pro"))
    await store.write(lambda tx: workspaces.ensure(tx, "T0ACME", T0 + SECOND))

    assert "pro" == await store.read(lambda tx: workspaces.plan_of(tx, "T0ACME"))
    assert (WorkspaceRow("T0ACME", "pro", 0),) == await store.read(workspaces.every)


async def test_workspaces_are_listed_by_key_with_the_number_of_their_members(store: Store) -> None:
    await store.write(lambda tx: workspaces.ensure(tx, "T0EMPTY", T0))
    for workspace, user, pmi in (("T0ACME", "U0ANNA", X), ("T0ACME", "U0BEN", Y), ("E0OTHER", "U0ANNA", Z)):
        await store.write(partial(add_member, workspace=workspace, user=user, pmi=pmi))

    assert [("E0OTHER", 1), ("T0ACME", 2), ("T0EMPTY", 0)] == [
        (row.key, row.members) for row in await store.read(workspaces.every)
    ]
    assert WorkspaceRow("T0ACME", None, 2) == await store.read(lambda tx: workspaces.one(tx, "T0ACME"))


async def test_a_workspace_that_nobody_knows_has_no_plan_and_no_row(store: Store) -> None:
    assert await store.read(lambda tx: workspaces.plan_of(tx, "T0NONE")) is None
    assert await store.read(lambda tx: workspaces.one(tx, "T0NONE")) is None
