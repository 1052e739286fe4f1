"""My account: who I am here, my password, my sessions."""

from typing import Final

import streamlit as st

from data import accounts, clock
from data.store import StoreUnavailable
from pages import _session
from pages._gate import Visitor
from pages._house import house
from pages._html import facts, heading, note
from pages._messages import words
from pages._text import Translate, later, pick, texts
from rules.access import LABELS

PASSWORD_RULES: Final = later(
    "At least 10 characters, with three of: lower case, upper case, digits, other signs."
)


def change(visitor: Visitor, t: Translate) -> None:
    """Draw the form for a new password."""
    with st.form("password", border=False, clear_on_submit=True):
        current = st.text_input(t("Present password"), type="password", max_chars=200)
        fresh = st.text_input(
            t("New password"), type="password", max_chars=200, autocomplete="new-password"
        )
        again = st.text_input(
            t("New password once more"), type="password", max_chars=200,
            autocomplete="new-password",
        )  # fmt: skip
        st.html(note(t(PASSWORD_RULES)))
        sent = st.form_submit_button(t("Change password"), type="primary")
    if not sent:
        return
    if fresh != again:
        st.error(t("The two new passwords differ."))
        return
    try:
        accounts.change_password(
            house().store, account_id=visitor.actor.account_id, password=fresh or "",
            current=current or "", actor=visitor.actor.login, now=clock.now(),
            keep=_session.token(),
        )  # fmt: skip
    except (
        accounts.WrongCredentials, accounts.LockedOut, accounts.WeakPassword, StoreUnavailable,
    ) as error:  # fmt: skip
        st.error(words(error, t))
        return
    st.success(t("The password is changed. Your other sessions have ended."))


def end_everywhere(visitor: Visitor, t: Translate) -> None:
    """End all other sessions of the account."""
    try:
        ended = accounts.sign_out_everywhere(
            house().store, account_id=visitor.actor.account_id, actor=visitor.actor.login,
            now=clock.now(), but=_session.token(),
        )  # fmt: skip
    except StoreUnavailable as error:
        st.error(words(error, t))
        return
    st.success(t("Other sessions ended: {n}.").format(n=ended))


def run() -> None:
    """Draw the page."""
    t = texts(_session.language())
    visitor = _session.visitor()
    if visitor is None:
        st.html(note(t("You are signed out."), t("Sign in again"), "/sign-in"))
        return
    actor = visitor.actor
    with st.container(key="narrow"):
        st.html(heading(t("My account")))
        role = pick(LABELS[actor.role], _session.language())
        st.html(facts([(t("Name"), actor.name), (t("Account"), actor.login), (t("Role"), role)]))
        st.html(heading(t("Password")))
        change(visitor, t)
        st.html(heading(t("Sessions")))
        if st.button(t("Sign out everywhere else")):
            end_everywhere(visitor, t)


run()
