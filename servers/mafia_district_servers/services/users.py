"""The users service: accounts, what others see of them, and what admins do about them.

An account shows its names and what it has played to everybody who is logged in; its role to those
who look after the server, its e-mail to admins alone.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Final

import attrs
import msgspec

from mafia_district.ids import Instant, PlayerId
from mafia_district_servers.caller import Role
from mafia_district_servers.games import gate
from mafia_district_servers.http.routes import Call, Nothing, Reply, Route, reply
from mafia_district_servers.people.moderation import no_such_user
from mafia_district_servers.people.people import GUEST, Application
from mafia_district_servers.people.standings import Statistics
from mafia_district_servers.ports import Account, Leader, Sanction, Sentence
from mafia_district_servers.problems import Fault, Problem

_MOST: Final = 100  # rows of one answer, names of one question
_REPORTED: Final = ((False, True, True), (True, False, False))  # what a report leaves out
_DONE: Final = {Sentence.BAN: "banned", Sentence.MUTE: "muted"}


@attrs.frozen
class Registration:
    """Who wants an account; `device` is a fingerprint of the device that this is sent from."""

    username: str
    password: str = attrs.field(repr=False)
    email: str | None = None
    device: str | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Me:
    """An account as its owner sees it.

    `password_due` is true while the password is an admin's: it is to be changed now.
    """

    id: str
    name: str
    display: str
    guest: bool
    role: Role
    email: str | None
    created_at: Instant | None
    password_due: bool


@attrs.frozen
class Change:
    """What to change: what others see, or the e-mail, "" for none."""

    display: str | None = None
    email: str | None = None


@attrs.frozen
class PasswordChange:
    """The password of now, and the one to come."""

    old: str = attrs.field(repr=False)
    new: str = attrs.field(repr=False)


@attrs.frozen
class Farewell:
    """The password, so that nobody deletes an account but its owner; a guest has none."""

    password: str = attrs.field(default="", repr=False)


@attrs.frozen
class Profile:
    """An account as others see it; `role` is for hosts and admins, `email` for admins alone."""

    id: str
    name: str
    display: str
    created_at: Instant
    statistics: Statistics
    role: Role | None = None
    email: str | None = None


@attrs.frozen
class Lookup:
    """Ids and user names, a hundred at most of each."""

    ids: Annotated[tuple[str, ...], msgspec.Meta(max_length=_MOST)] = ()
    names: Annotated[tuple[str, ...], msgspec.Meta(max_length=_MOST)] = ()


@attrs.frozen
class Named:
    """An account's names."""

    id: str
    name: str
    display: str


@attrs.frozen
class Found:
    """The accounts that there are, in the order of their names."""

    users: list[Named]


@attrs.frozen
class Most:
    """How many rows are wanted."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=_MOST)] = 20


@attrs.frozen
class Leaderboard:
    """The accounts that have earned most reputation, the first first."""

    leaders: list[Leader]


@attrs.frozen
class Complaint:
    """Whom to report, and why: an account by its id, or a seat of a game."""

    reason: str
    user: str | None = None
    game: str | None = None
    seat: PlayerId | None = None


@attrs.frozen
class UserAction:
    """What was done."""

    status: str


@attrs.frozen
class After:
    """Which accounts are wanted: those whose names come behind `after`."""

    after: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=_MOST)] = 50


@attrs.frozen
class InForce:
    """A ban or a mute; `until` is null if it is for good."""

    kind: Sentence
    until: Instant | None
    reason: str


@attrs.frozen
class Known:
    """An account as admins see it."""

    id: str
    name: str
    display: str
    email: str | None
    role: Role
    created_at: Instant
    sanctions: list[InForce]


@attrs.frozen
class KnownPage:
    """Accounts in the order of their names; `next` is what to ask for after, null at the end."""

    users: list[Known]
    next: str | None


@attrs.frozen
class ReportRow:
    """What a player said about another; `game` is empty where it is about no game."""

    reporter: str
    user: str
    game: str
    reason: str
    at: Instant


@attrs.frozen
class Reports:
    """The latest reports, the newest first."""

    reports: list[ReportRow]


@attrs.frozen
class AuditRow:
    """An admin's action."""

    who: str
    what: str
    whom: str
    detail: str
    at: Instant
    request_id: str


@attrs.frozen
class AuditRows:
    """The latest actions of admins, the newest first."""

    actions: list[AuditRow]


@attrs.frozen
class Term:
    """Until when, null for good, and why."""

    until: Instant | None = None
    reason: str = ""


@attrs.frozen
class OneTimePassword:
    """A password that is good for one login; it has to be changed then."""

    password: str = attrs.field(repr=False)


async def register(call: Call[Registration, Nothing]) -> Reply:
    """Register an account; to log in is another request."""
    asked = call.body
    wanted = Application(asked.username, asked.password, asked.email, asked.device)
    return reply(_me(await call.house.people.register(wanted, call.key)), 201)


async def me(call: Call[Nothing, Nothing]) -> Reply:
    """Tell the caller's account, as it is now."""
    caller = call.session.caller
    account = await call.house.people.find(caller.account)
    if account is not None:
        return reply(_me(account))
    guest = caller.account.startswith(GUEST)
    return reply(
        Me(caller.account, caller.name, caller.name, guest, caller.role, None, None, False)
    )


async def change(call: Call[Change, Nothing]) -> Reply:
    """Change what others see, or the e-mail."""
    changed = await call.house.people.change(
        call.session.caller, call.body.display, call.body.email
    )
    return reply(_me(changed))


async def delete(call: Call[Farewell, Nothing]) -> Reply:
    """Delete the caller's account, and the names and words that it left in games."""
    await call.house.people.delete(call.session.caller, call.body.password, call.address)
    return reply(UserAction("deleted"))


async def change_password(call: Call[PasswordChange, Nothing]) -> Reply:
    """Change the password, and end all other sessions."""
    session = call.session
    await call.house.people.change_password(
        session.caller, call.body.old, call.body.new, session.id, call.address
    )
    return reply(UserAction("changed"))


async def profile(call: Call[Nothing, Nothing]) -> Reply:
    """Tell what an account shows of itself, and what it has played."""
    people, caller = call.house.people, call.session.caller
    account = await people.find(call.path["user"])
    if account is None:
        raise no_such_user()
    shown = Profile(
        account.id, account.name, account.display, account.created_at,
        await people.standings.statistics(account.id),
        account.role if caller.looks_after else None,
        account.email if caller.role is Role.ADMIN else None,
    )  # fmt: skip
    return reply(shown)


async def lookup(call: Call[Lookup, Nothing]) -> Reply:
    """Look up accounts by ids and user names; who is not there is left out."""
    rows = await call.house.people.several(call.body.ids, call.body.names)
    return reply(Found([Named(row.id, row.name, row.display) for row in rows]))


async def leaderboard(call: Call[Nothing, Most]) -> Reply:
    """List those who have earned most reputation."""
    return reply(Leaderboard(await call.house.people.standings.leaders(call.query.limit)))


async def complain(call: Call[Complaint, Nothing]) -> Reply:
    """Report somebody to the admins; who holds a seat stays between them and the server."""
    asked, people = call.body, call.house.people
    if (asked.user is None, asked.game is None, asked.seat is None) not in _REPORTED:
        raise Problem(Fault.BAD_REQUEST, "report a user, or a seat of a game")
    reported = await _reported(call)
    await people.moderation.report(
        call.session.caller, reported, asked.game or "", asked.reason, call.key
    )
    return reply(UserAction("reported"), 201)


async def page(call: Call[Nothing, After]) -> Reply:
    """List accounts, with the bans and mutes that are in force."""
    people, asked = call.house.people, call.query
    rows = await people.page(asked.after, asked.limit)
    in_force = await people.moderation.in_force([row.id for row in rows])
    users = [_known(row, in_force) for row in rows]
    return reply(KnownPage(users, rows[-1].name if len(rows) == asked.limit else None))


async def reports(call: Call[Nothing, Most]) -> Reply:
    """List the latest reports."""
    rows = await call.house.people.moderation.reports(call.query.limit)
    return reply(Reports([ReportRow(r.reporter, r.account, r.game, r.reason, r.at) for r in rows]))


async def audit(call: Call[Nothing, Most]) -> Reply:
    """List what admins did of late."""
    rows = await call.house.people.moderation.audits(call.query.limit)
    actions = [AuditRow(r.who, r.what, r.whom, r.detail, r.at, r.request_id) for r in rows]
    return reply(AuditRows(actions))


async def ban(call: Call[Term, Nothing]) -> Reply:
    """Ban somebody: all sessions end at once, sockets included, and none begins."""
    return await _sentence(call, Sentence.BAN)


async def mute(call: Call[Term, Nothing]) -> Reply:
    """Mute somebody: they play on and may not speak."""
    return await _sentence(call, Sentence.MUTE)


async def unban(call: Call[Nothing, Nothing]) -> Reply:
    """Take a ban back."""
    return await _lift(call, Sentence.BAN)


async def unmute(call: Call[Nothing, Nothing]) -> Reply:
    """Take a mute back."""
    return await _lift(call, Sentence.MUTE)


async def reset_password(call: Call[Nothing, Nothing]) -> Reply:
    """Give an account a password for one login, to be handed to its owner; its sessions end."""
    given = await call.house.people.reset_password(call.session.caller, call.path["user"], call.key)
    return reply(OneTimePassword(given))


async def _sentence(call: Call[Term, Nothing], kind: Sentence) -> Reply:
    people, admin, account = call.house.people, call.session.caller, call.path["user"]
    if account == admin.account:
        raise Problem(Fault.FORBIDDEN, "nobody can do that to themselves")
    if call.body.until is not None and call.body.until <= call.house.clock.now():
        raise Problem(Fault.BAD_REQUEST, "`until` is over already")
    await people.know(account)
    await people.moderation.sentence(
        admin, account, kind, call.body.until, call.body.reason, call.key
    )
    return reply(UserAction(_DONE[kind]))


async def _lift(call: Call[Nothing, Nothing], kind: Sentence) -> Reply:
    people, account = call.house.people, call.path["user"]
    await people.know(account)
    await people.moderation.lift(call.session.caller, account, kind, call.key)
    return reply(UserAction(f"un{_DONE[kind]}"))


async def _reported(call: Call[Complaint, Nothing]) -> str:
    """Find out whom a report is about; the caller is not told."""
    asked = call.body
    if asked.user is not None:
        await call.house.people.know(asked.user)
        return asked.user
    caller = call.session.caller
    warm = await gate.enter(call.house.authority, caller, asked.game or "", call.join_code)
    holder = next((who for who, seat in warm.seats.items() if seat == asked.seat), None)
    if holder is None:
        raise Problem(Fault.BAD_REQUEST, "nobody holds that seat")
    return holder


def _me(account: Account) -> Me:
    return Me(
        account.id, account.name, account.display, False, account.role, account.email,
        account.created_at, account.secret.value != "own",
    )  # fmt: skip


def _known(account: Account, in_force: Iterable[Sanction]) -> Known:
    own = [InForce(r.kind, r.until, r.reason) for r in in_force if r.account == account.id]
    return Known(
        account.id, account.name, account.display, account.email, account.role,
        account.created_at, own,
    )  # fmt: skip


def _route(method: str, path: str, handler: Any, summary: str, **types: Any) -> Route:
    return Route(method, f"/api/user{path}", handler, summary, **types)


ROUTES: Final = (
    _route(
        "POST", "/register", register, "Register",
        request=Registration, response=Me, status=201,
    ),
    _route("GET", "/me", me, "The caller's account", response=Me),
    _route("PATCH", "/me", change, "Change the caller's account", request=Change, response=Me),
    _route(
        "DELETE", "/me", delete, "Delete the caller's account",
        request=Farewell, response=UserAction,
    ),
    _route(
        "POST", "/me/password", change_password, "Change the password",
        request=PasswordChange, response=UserAction,
    ),
    _route("POST", "/lookup", lookup, "Look accounts up", request=Lookup, response=Found),
    _route(
        "GET", "/leaderboard", leaderboard, "Who has earned most",
        query=Most, response=Leaderboard,
    ),
    _route(
        "POST", "/reports", complain, "Report somebody",
        request=Complaint, response=UserAction, status=201,
    ),
    _route("GET", "/reports", reports, "What was reported", query=Most, response=Reports),
    _route("GET", "/audit", audit, "What admins did", query=Most, response=AuditRows),
    _route("GET", "", page, "List accounts", query=After, response=KnownPage),
    _route("GET", "/{user}", profile, "An account", response=Profile),
    _route("POST", "/{user}/ban", ban, "Ban somebody", request=Term, response=UserAction),
    _route("POST", "/{user}/unban", unban, "Take a ban back", response=UserAction),
    _route("POST", "/{user}/mute", mute, "Mute somebody", request=Term, response=UserAction),
    _route("POST", "/{user}/unmute", unmute, "Take a mute back", response=UserAction),
    _route(
        "POST", "/{user}/reset-password", reset_password, "Give a password for one login",
        response=OneTimePassword,
    ),
)  # fmt: skip
