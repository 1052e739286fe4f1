from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from data import schema
from data.accounts import (
    DemoAccount,
    LockedOut,
    NewAccount,
    NoSuchAccount,
    SignedIn,
    TakenLogin,
    WeakPassword,
    WrongCredentials,
    account_id_of,
    actor_of,
    change_password,
    create_account,
    demo_accounts,
    disable_account,
    enable_account,
    list_accounts,
    scope_of,
    set_locale,
    sign_in,
    sign_in_demo,
    sign_out,
    sign_out_everywhere,
)
from data.events import events_of, verify_chain
from data.store import Store, set_meta
from rules.access import Role, Scope
from tests.small_district import ACCOUNT, AREA, BUILDING, NOW, PASSWORD, actor

SOON = NOW + timedelta(minutes=1)


def enter(
    store: Store, login: str = "command", *, password: str = PASSWORD, address: str = "10.0.0.1",
    now: datetime = NOW,
) -> SignedIn:  # fmt: skip
    return sign_in(store, login=login, password=password, address=address, now=now)


@pytest.mark.parametrize("login", ACCOUNT)
def test_every_role_signs_in_as_itself(district: Store, login: str) -> None:
    signed_in = enter(district, login)
    assert signed_in.actor == actor(login)
    assert actor_of(district, signed_in.token, now=SOON) == actor(login)


def test_store_never_holds_the_token(sqlite_district: Store) -> None:
    token = enter(sqlite_district).token
    with sqlite_district.read() as conn:
        (row,) = conn.execute(select(schema.session)).all()
    assert token not in str(row)
    assert len(token) >= 43


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("command", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("command", "密码é\udcff"),
        ("x" * 999, ""),
    ],
)
def test_wrong_credentials_look_all_alike(district: Store, login: str, password: str) -> None:
    with pytest.raises(WrongCredentials) as caught:
        enter(district, login, password=password)
    assert str(caught.value) == ""


@pytest.mark.parametrize("login", ["command", "nobody"])
def test_five_failures_lock_the_login_whether_it_exists_or_not(district: Store, login: str) -> None:
    for n in range(4):
        with pytest.raises(WrongCredentials):
            enter(district, login, password="wrong", address=f"10.0.0.{n}")
    for n in range(4, 8):
        with pytest.raises(LockedOut) as caught:
            enter(district, login, password="wrong", address=f"10.0.0.{n}")
        assert caught.value.until == NOW + timedelta(minutes=10)


def test_locked_login_is_refused_even_with_the_right_password(district: Store) -> None:
    for n in range(5):
        with pytest.raises((WrongCredentials, LockedOut)):
            enter(district, password="wrong", address=f"10.0.0.{n}")
    with pytest.raises(LockedOut):
        enter(district)
    assert enter(district, now=NOW + timedelta(minutes=10)).actor.login == "command"


def test_guesses_that_arrive_at_once_are_counted_before_they_are_looked_at(
    district: Store,
) -> None:
    def guess(n: int) -> type[Exception]:
        try:
            enter(district, password="wrong", address=f"10.0.1.{n}")
        except (WrongCredentials, LockedOut) as refused:
            return type(refused)
        return Exception

    with ThreadPoolExecutor(8) as pool:
        refusals = Counter(pool.map(guess, range(16)))
    assert refusals == {WrongCredentials: 4, LockedOut: 12}


def test_five_failures_lock_the_address_for_all_logins(district: Store) -> None:
    for n in range(5):
        with pytest.raises((WrongCredentials, LockedOut)):
            enter(district, f"guess{n}", password="wrong")
    with pytest.raises(LockedOut):
        enter(district)
    assert enter(district, address="10.0.0.2").actor.login == "command"


def test_own_sign_ins_between_guesses_do_not_free_the_address(district: Store) -> None:
    for n in range(4):
        with pytest.raises(WrongCredentials):
            enter(district, f"guess{n}", password="wrong")
        enter(district, "planner")
    with pytest.raises(LockedOut):
        enter(district, "guess9", password="wrong")


def test_many_right_sign_ins_from_one_office_lock_nothing(district: Store) -> None:
    for _ in range(12):
        enter(district)


def test_session_ends_after_thirty_idle_minutes(district: Store) -> None:
    token = enter(district).token
    for minutes in (29, 58, 87):
        assert actor_of(district, token, now=NOW + timedelta(minutes=minutes)) is not None
    assert actor_of(district, token, now=NOW + timedelta(minutes=117)) is None


def test_session_ends_after_eight_hours_however_busy(district: Store) -> None:
    token = enter(district).token
    for step in range(1, 24):
        assert actor_of(district, token, now=NOW + timedelta(minutes=20 * step)) is not None
    assert actor_of(district, token, now=NOW + timedelta(hours=8)) is None


def test_seen_time_is_written_once_a_minute(district: Store) -> None:
    token = enter(district).token

    def seen_after(seconds: int) -> int:
        actor_of(district, token, now=NOW + timedelta(seconds=seconds))
        with district.read() as conn:
            seen: int = conn.execute(select(schema.session.c.seen_at)).scalar_one()
        return seen - int(NOW.timestamp())

    assert [seen_after(s) for s in (30, 59, 60, 90, 121)] == [0, 0, 60, 60, 121]


def test_sign_out_bites_at_once(district: Store) -> None:
    token = enter(district).token
    sign_out(district, token)
    assert actor_of(district, token, now=SOON) is None
    sign_out(district, "unknown")


def test_unknown_and_odd_tokens_are_nobody(district: Store) -> None:
    for token in ("", "x", "\udcff", "网格" * 5000):
        assert actor_of(district, token, now=NOW) is None


def test_sign_out_everywhere_may_keep_the_session_that_asks(district: Store) -> None:
    tokens = [enter(district).token for _ in range(3)]
    other = enter(district, "planner").token
    ended = sign_out_everywhere(district, account_id=1, actor="command", now=SOON, but=tokens[0])
    assert ended == 2
    found = [actor_of(district, t, now=SOON) is not None for t in [*tokens, other]]
    assert found == [True, False, False, True]


def test_disabling_bites_at_once_and_enabling_needs_a_new_sign_in(district: Store) -> None:
    token = enter(district).token
    disable_account(district, account_id=1, actor="admin", now=NOW)
    assert actor_of(district, token, now=SOON) is None
    with pytest.raises(WrongCredentials):
        enter(district)
    enable_account(district, account_id=1, actor="admin", now=NOW)
    assert actor_of(district, token, now=SOON) is None
    assert enter(district).actor.login == "command"


def test_changed_role_and_area_bite_at_the_next_look(district: Store) -> None:
    token = enter(district).token
    changed = {"role": "street", "area_id": AREA["S2"]}
    with district.write() as conn:
        conn.execute(update(schema.account).where(schema.account.c.id == 1).values(changed))
    found = actor_of(district, token, now=SOON)
    assert found is not None
    assert (found.role, found.area_id) == (Role.STREET, AREA["S2"])


def test_scope_is_the_area_and_for_a_chief_the_own_buildings(district: Store) -> None:
    assert scope_of(district, actor("street")) == Scope(AREA["S1"])
    own = frozenset({BUILDING["B1"], BUILDING["B2"]})
    assert scope_of(district, actor("chief")) == Scope(AREA["G1"], own)


def test_chief_without_a_person_sees_no_building(district: Store) -> None:
    nobody = actor("chief").__class__(9, "x", "x", Role.BUILDING_CHIEF, AREA["G1"])
    assert scope_of(district, nobody) == Scope(AREA["G1"], frozenset())


def test_new_account_signs_in_and_is_logged_without_its_password(district: Store) -> None:
    new = NewAccount("li.na", "李娜", Role.GRID_LEAD, AREA["G2"], locale="zh")
    made = create_account(district, new, password="Long-Enough-1", actor="admin", now=NOW)
    signed_in = enter(district, "li.na", password="Ｌong-Enough-1")
    assert signed_in.actor.account_id == made == account_id_of(district, "li.na")
    with district.read() as conn:
        created = events_of(conn, "account", made)[-1]
        assert verify_chain(conn).sound
    assert (created.action, created.actor) == ("create", "admin")
    assert "password" not in str(created.after)


@pytest.mark.parametrize("login", ["", "a b", "a\0", "\udcff", "command", "x" * 61])
def test_unusable_logins_are_refused(district: Store, login: str) -> None:
    new = NewAccount(login, "x", Role.STREET, AREA["S1"])
    with pytest.raises(TakenLogin):
        create_account(district, new, password="Long-Enough-1", actor="admin", now=NOW)


def test_weak_password_makes_no_account(district: Store) -> None:
    new = NewAccount("weak", "x", Role.STREET, AREA["S1"])
    with pytest.raises(WeakPassword):
        create_account(district, new, password="short", actor="admin", now=NOW)
    with pytest.raises(NoSuchAccount):
        account_id_of(district, "weak")


def test_changed_password_ends_all_other_sessions(district: Store) -> None:
    kept, lost = enter(district).token, enter(district).token
    change_password(
        district, account_id=1, password="Quite-New-2026", actor="command", now=NOW,
        current=PASSWORD, keep=kept,
    )  # fmt: skip
    assert actor_of(district, kept, now=SOON) is not None
    assert actor_of(district, lost, now=SOON) is None
    with pytest.raises(WrongCredentials):
        enter(district)
    assert enter(district, password="Quite-New-2026").actor.login == "command"


def test_guessing_the_current_password_locks(district: Store) -> None:
    def guess() -> None:
        change_password(
            district, account_id=1, password="Quite-New-2026", actor="command", now=NOW,
            current="wrong",
        )  # fmt: skip

    for _ in range(4):
        with pytest.raises(WrongCredentials):
            guess()
    for _ in range(2):
        with pytest.raises(LockedOut):
            guess()


def test_list_shows_accounts_with_live_sessions_and_no_hash(district: Store) -> None:
    enter(district)
    listed = {found.login: found for found in list_accounts(district, now=SOON)}
    assert list(listed) == sorted(ACCOUNT)
    assert listed["command"].sessions == 1
    assert listed["street"].area_name == "龙井街道"
    assert "argon2" not in str(listed)
    later = {a.login: a.sessions for a in list_accounts(district, now=NOW + timedelta(hours=8))}
    assert later["command"] == 0


def test_locale_is_kept(district: Store) -> None:
    set_locale(district, 1, "en")
    assert enter(district).actor.locale == "en"


def test_real_installation_offers_no_account(district: Store) -> None:
    with district.write() as conn:
        conn.execute(update(schema.account).values(demo=True))
    assert demo_accounts(district) == []
    with pytest.raises(WrongCredentials):
        sign_in_demo(district, login="command", now=NOW)


def test_demo_offers_its_own_accounts_only(district: Store) -> None:
    with district.write() as conn:
        set_meta(conn, "demo", "1")
        conn.execute(update(schema.account).where(schema.account.c.id == 1).values(demo=True))
    assert demo_accounts(district) == [DemoAccount("command", "command", Role.COMMAND, "大安区")]
    assert sign_in_demo(district, login="command", now=NOW).actor.login == "command"
    with pytest.raises(WrongCredentials):
        sign_in_demo(district, login="planner", now=NOW)
