"""No statement reads or writes the rows of more than one tenant, but for those that are listed here with a reason."""

from collections import defaultdict

import sqlalchemy as sa

from storage.meeting_tables import meetings, sessions
from storage.schedule_tables import invitees, schedules
from storage.tables import members
from tests.unit.storage.walls import builders, keys_of, open_tables, statements, tables_of_tenants

_DUE = "a worker looks for what is due, whosever it is, and then takes one row by its id"
_OLD = "a worker deletes what is too old to be of use to anybody"
_COUNT = "a count over all tenants, for metrics and limits; no row comes out"
_OPERATOR = "operators look at the whole installation, at the command line"
_SEALER = "whoever makes links takes what waits for one, and puts each into the chain of its own workspace"
OVER_ALL_TENANTS = {
    "chain._any": _SEALER,
    "chain._unsealed": _SEALER,
    "change_pages._logged": "it is only ever run as `_of` narrows it: to one workspace",
    "departures._anybody": _COUNT,
    "departures._due": _DUE,
    "departures._every": _OPERATOR,
    "departures._open": _DUE,
    "erasures._every": _OPERATOR,
    "guests._anybody": _COUNT,
    "guests._count_from": _COUNT,
    "guests._forget": _OLD,
    "guests._leave": _DUE,
    "installations._page": _OPERATOR,
    "outbox._backlog": _COUNT,
    "outbox._waiting": _DUE,
    "outbox._waiting_after": _DUE,
    "posting_lanes._backlog": _COUNT,
    "posting_lanes._due": _DUE,
    "posting_lanes._due_after": _DUE,
    "posting_lanes._due_in_lane": _DUE,
    "posting_lanes._later": _DUE,
    "postings._forget": _OLD,
    "purging._lapsed": _OLD,
    "requests._forget": _OLD,
    "schedules._due": _DUE,
    "sessions._overdue": _DUE,
    "workspaces._counted": _OPERATOR,
}
"""A number or a link is no exception: `doors` finds its holder's id in the one namespace, and asks by that."""
BUILT_WHEN_CALLED = {
    "chain.add": "inserts with the whole row given, and what waits in one workspace, by its ids",
    "chain.add_key": "an insert only, with the whole row given",
    "exporting._about": "rows by one member's id, or by their Slack id within their workspace",
    "exporting.of_person": "as _about",
    "purging._of_person": "as exporting._about; a lane of direct messages by the Slack id that it is named after",
    "purging._of_workspace": "rows of one workspace, or those that hang on a row of it",
    "purging._sweep": "as _of_workspace",
    "purging.clear_workspace": "a workspace by its key",
    "purging.forget_links": "links by their keys",
    "reserved.add": "inserts only, with the whole row given",
    "sealed._page": "the keys of one column are gone through, in every tenant, by an operator who replaces them",
    "sealed._values": "rows by their primary keys",
    "sealed.examples": "as _page",
    "sealed.remove": "a row by its primary key",
    "sealed.replace": "a row by its primary key",
    "unless_there.__init__": "inserts only, with the whole row given",
    "workspaces.set_default_licence": "a workspace by its key",
    "workspaces.set_plan": "a workspace by its key",
}


def test_every_statement_stays_within_one_tenant_or_is_listed() -> None:
    """Seen red: members found by Slack id without their workspace were named."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    count = 0
    for each in statements():
        count += 1
        found[each.name].update(open_tables(each.statement))

    assert 150 < count
    assert set(OVER_ALL_TENANTS) == {name for name, tables in found.items() if tables}, found


def test_statements_that_are_put_together_when_called_are_listed() -> None:
    assert set(BUILT_WHEN_CALLED) == set(builders())


def test_a_row_of_a_tenant_says_whose_it_is_or_hangs_on_one_that_does() -> None:
    for table in tables_of_tenants():
        assert keys_of(table), table.name
        assert "workspace" not in table.c or not table.c.workspace.nullable, table.name


def test_the_wall_sees_what_is_open() -> None:
    given: sa.BindParameter[str] = sa.bindparam("u")
    for expected, statement in (
        ([], sa.select(members).where(members.c.workspace == given)),
        ([], sa.update(members).where(members.c.id == given).values(pmi="1")),
        (
            [],
            sa.select(sessions).join(members, members.c.id == sessions.c.member_id).where(members.c.workspace == given),
        ),
        ([], sa.select(meetings).where(meetings.c.id.in_(sa.bindparam("ids", expanding=True)))),
        (["member"], sa.select(members).where(members.c.slack_user == given)),
        (["member"], sa.select(members).where(sa.or_(members.c.id == given, members.c.slack_user == given))),
        (["member"], sa.select(members).where(members.c.workspace != given)),
        (["member"], sa.select(members).where(members.c.workspace == members.c.slack_user)),
        (["member"], sa.delete(members)),
        (["invitee"], sa.select(invitees).where(invitees.c.slack_user == given)),
        (["session"], sa.select(sessions, members).where(members.c.workspace == given)),
        (
            ["meeting"],
            sa.select(meetings).outerjoin(schedules, sa.and_(schedules.c.meeting_id == given, meetings.c.id == given)),
        ),
        (["session"], sa.select(sa.select(sa.func.count(sessions.c.id)).scalar_subquery())),
        (["meeting", "schedule"], sa.select(meetings).where(meetings.c.id.in_(sa.select(schedules.c.meeting_id)))),
    ):
        assert expected == sorted(open_tables(statement)), str(statement)
