"""People: registered accounts, from the registration to the deletion.

Names and e-mails are unique in their folded form. Whoever logs in with a wrong name is told just
what one with a wrong password is told, in the same time; that an account is banned is told to its
owner alone. A changed password ends all other sessions, and a deleted account leaves nothing behind
but a random id: its games stay, without its name and its words.
"""

import hmac
from base64 import b32encode
from collections.abc import Collection
from hashlib import sha256
from typing import Final

import attrs

from mafia_district.roster import MAX_NAME
from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.games.authority import Authority
from mafia_district_servers.games.desk import Key
from mafia_district_servers.identity.sessions import Login, Sessions
from mafia_district_servers.identity.tokens import unauthorized
from mafia_district_servers.keys import derived
from mafia_district_servers.names import folded, printable
from mafia_district_servers.people import passwords as rules
from mafia_district_servers.people.devices import Devices
from mafia_district_servers.people.looks import OwnedLooks
from mafia_district_servers.people.moderation import Moderation, no_such_user, require
from mafia_district_servers.people.passwords import Passwords
from mafia_district_servers.people.standings import Standings
from mafia_district_servers.people.throttle import Throttle
from mafia_district_servers.ports import (
    Account,
    Accounts,
    Added,
    Bus,
    Clock,
    Ids,
    Secret,
)
from mafia_district_servers.problems import Fault, Problem
from mafia_district_servers.settings import Settings

GUEST: Final = "guest-"  # how the ids of guests begin
_USER: Final = "user-"
_MAIL: Final = 254  # characters of an e-mail address


@attrs.frozen
class Application:
    """What somebody registers with."""

    name: str
    password: str = attrs.field(repr=False)
    email: str | None
    device: str | None


class People:
    """All that has to do with accounts; `secret` is a key that is the server's own."""

    def __init__(
        self,
        accounts: Accounts,
        sessions: Sessions,
        authority: Authority,
        clock: Clock,
        ids: Ids,
        settings: Settings,
        secret: bytes,
        bus: Bus | None = None,
    ) -> None:
        self.passwords = Passwords(settings.password_hashers)
        self.moderation = Moderation(accounts, sessions, clock, bus)
        self.standings = Standings(accounts, authority, clock)
        self.looks = OwnedLooks(accounts, clock)
        self._accounts = accounts
        self._sessions = sessions
        self._authority = authority
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._throttle = Throttle(clock)
        self._devices = Devices(derived(secret, "device fingerprints"))
        self._one_time = derived(secret, "one-time passwords")
        authority.may_speak = self.moderation.may_speak

    async def register(self, asked: Application, key: Key) -> Account:
        """Register somebody; a repeat of the same request gives the account of the first time.

        Raises a `forbidden`, `bad_request`, `bad_password`, `taken`, `known_device` or `busy`
        problem.
        """
        settings, now = self._settings, self._clock.now()
        if not settings.allow_registration:
            raise Problem(Fault.FORBIDDEN, "this server registers nobody")
        name, email = printable(asked.name, MAX_NAME), _mail(asked.email)
        rules.check(asked.password, name, email or name)
        device = None if asked.device is None else self._devices.known_as(asked.device, now)
        if settings.one_account_per_device and device is None:
            raise Problem(Fault.BAD_REQUEST, "this server asks for your device")
        account = Account(
            _USER + self._ids.secret(10).hex(), name, folded(name), name, email,
            None if email is None else folded(email), await self.passwords.hash(asked.password),
            Secret.OWN, Role.PLAYER, now, key.id,
        )  # fmt: skip
        added = await self._accounts.add(account, device, alone=settings.one_account_per_device)
        return account if added is Added.ADDED else await self._repeated(account, asked, added)

    async def log_in(
        self, name: str, password: str, device: str | None, address: str
    ) -> tuple[Account, Login]:
        """Begin a session for who knows the password.

        Raises an `unauthorized` problem, the same for a wrong name and a wrong password, and
        `banned`, `rate_limited` or `busy`.
        """
        now = self._clock.now()
        seen = None if device is None else self._devices.known_as(device, now)
        self._throttle.attempt(folded(name), address)
        account = await self._accounts.named(folded(name))
        checked = await self.passwords.verify(account.password if account else None, password)
        if account is None or not checked.right or account.secret is Secret.USED:
            raise _wrong()
        self._throttle.succeeded(account.folded, address)
        await self.moderation.refuse_banned(account.id)
        if checked.stale:
            account = await self._rehashed(account, password)
        if account.secret is Secret.ONCE and not await self._accounts.use_once(
            account.id, account.password
        ):
            raise _wrong()
        if seen is not None:
            await self._accounts.saw(account.id, seen, now)
        return await self._enter(account)

    async def find(self, account: str) -> Account | None:
        """Look an account up; None for a guest and for one that was deleted."""
        return await self._accounts.find(account)

    async def named(self, name: str) -> Account | None:
        """Look an account up by its user name."""
        return await self._accounts.named(folded(name))

    async def several(self, ids: Collection[str], names: Collection[str]) -> list[Account]:
        """Look up several accounts, in the order of their names."""
        return await self._accounts.several(ids, [folded(name) for name in names])

    async def page(self, after: str, limit: int) -> list[Account]:
        """List accounts in the order of their names, those behind one."""
        return await self._accounts.page(folded(after), limit)

    async def change(self, caller: Caller, display: str | None, email: str | None) -> Account:
        """Change what others see, or the e-mail, "" for none; raises a `taken` problem."""
        account = await self.own(caller)
        shown = account.display if display is None else printable(display, MAX_NAME)
        mail = account.email if email is None else _mail(email or None)
        mail_folded = None if mail is None else folded(mail)
        if not await self._accounts.change(account.id, shown, mail, mail_folded):
            raise _taken()
        return attrs.evolve(account, display=shown, email=mail, email_folded=mail_folded)

    async def change_password(
        self, caller: Caller, old: str, new: str, session: str, address: str
    ) -> None:
        """Change a password, and end all other sessions; a repeat finds it done.

        Raises a `wrong_password`, `bad_password`, `rate_limited` or `busy` problem, and
        `not_registered` for a guest.
        """
        account = await self.own(caller)
        rules.check(new, account.name, account.email or account.name)
        hashed = await self._prove(account, old, address, new)
        if hashed is not None:
            new_hash = await self.passwords.hash(new)
            if not await self._accounts.set_password(account.id, hashed, new_hash, Secret.OWN):
                raise Problem(Fault.WRONG_PASSWORD, "it was changed in the meantime")
        await self._sessions.end_all(account.id, but=session)

    async def delete(self, caller: Caller, password: str, address: str) -> None:
        """Delete the caller's account, and what tells who they were.

        It goes last, so that whoever is interrupted can begin again. A guest needs no password.
        Raises a `wrong_password`, `rate_limited` or `busy` problem.
        """
        if not caller.account.startswith(GUEST):
            await self._prove(await self.own(caller), password, address)
        await self._sessions.end_all(caller.account)
        await self._authority.erase(caller.account)
        await self._accounts.forget(caller.account)

    async def own(self, caller: Caller) -> Account:
        """Give the caller's own account; raises a `not_registered` problem for one without."""
        account = await self._accounts.find(caller.account)
        if account is None:
            raise Problem(Fault.NOT_REGISTERED, "that is for registered accounts")
        return account

    async def know(self, account: str) -> None:
        """Refuse an id that is nobody's; guests come and go, so theirs are taken as they are."""
        if not account.startswith(GUEST) and await self._accounts.find(account) is None:
            raise no_such_user()

    async def reset_password(self, admin: Caller, account: str, key: Key) -> str:
        """Give an account a password that is good for one login, and end its sessions.

        A repeat of the request gives the same one. Raises a `no_such_user`, `key_reused` or `busy`
        problem.
        """
        asked = f"{admin.account}\0{account}\0{key.id}".encode()
        given = b32encode(hmac.digest(self._one_time, asked, sha256)[:10]).decode().lower()
        audit = self.moderation.audit(admin, "reset password", account, "", key)
        hashed = await self.passwords.hash(given)
        require(await self._accounts.reset(account, hashed, audit))
        await self._sessions.end_all(account)
        return given

    async def _enter(self, account: Account) -> tuple[Account, Login]:
        """Begin a session, unless the account has changed since its owner was asked.

        A ban, a new password, a lesser role and a deletion each end all sessions that they find:
        what is looked at again here is what came before this one could be found.
        """
        login = await self._sessions.begin(account.id, "", guest=False)
        try:
            again = await self._accounts.find(account.id)
            if again is None or again.password != account.password:
                raise _wrong()
            await self.moderation.refuse_banned(account.id)
        except Problem:
            await self._sessions.end(login.session.id)
            raise
        return again, login

    async def _repeated(self, account: Account, asked: Application, added: Added) -> Account:
        """Give the account that the same request has made before, or say what is in the way."""
        known = await self._accounts.named(account.folded)
        if known is not None and known.key == account.key:
            if (await self.passwords.verify(known.password, asked.password)).right:
                return known
            raise Problem(Fault.KEY_REUSED, "this idempotency key was used for something else")
        if added is Added.KNOWN_DEVICE:
            raise Problem(Fault.KNOWN_DEVICE, "there is an account of this device already")
        raise _taken()

    async def _rehashed(self, account: Account, password: str) -> Account:
        new = await self.passwords.hash(password)
        if await self._accounts.set_password(account.id, account.password, new, account.secret):
            return attrs.evolve(account, password=new)
        return account

    async def _prove(
        self, account: Account, password: str, address: str, new: str | None = None
    ) -> str | None:
        """Ask an owner for the password again; gives its hash, or None if it is `new` already.

        Raises a `wrong_password`, `rate_limited` or `busy` problem.
        """
        self._throttle.attempt(account.folded, address)
        right = (await self.passwords.verify(account.password, password)).right
        done = False
        if not right and new is not None and account.secret is Secret.OWN:
            done = (await self.passwords.verify(account.password, new)).right
        if not right and not done:
            raise Problem(Fault.WRONG_PASSWORD, "that is not the password")
        self._throttle.succeeded(account.folded, address)
        return None if done else account.password


def as_caller(account: Account) -> Caller:
    """Give the caller that an account is: by the name that others see, in its role of now."""
    return Caller(account.id, account.display, account.role)


def _mail(email: str | None) -> str | None:
    """Check an e-mail address as far as that can be done without writing to it."""
    if email is None:
        return None
    local, _, domain = email.rpartition("@")
    if not (local and "." in domain and " " not in email and email.isprintable()):
        raise Problem(Fault.BAD_REQUEST, "an e-mail address looks like ada@example.org")
    return printable(email, _MAIL)


def _wrong() -> Problem:
    return unauthorized("the name or the password is wrong")


def _taken() -> Problem:
    return Problem(Fault.TAKEN, "that name or that e-mail is taken")
