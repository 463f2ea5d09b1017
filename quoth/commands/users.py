"""`quoth users`: who may sign in to a served library, and what they may do."""

import argparse
import getpass
import sys
from dataclasses import replace
from pathlib import Path

from index import SettingError
from qa.access.accounts import ROLES, User, changing, load
from qa.access.passwords import hashed
from quoth.commands.options import FOUND, Commands, add_library, settings_of


def register(commands: "Commands") -> None:
    summary = "say who may sign in to the served library"
    command = commands.add_parser("users", help=summary, description=f"{summary.capitalize()}.")
    ways = command.add_subparsers(title="ways", metavar="WAY", required=True)
    add = ways.add_parser("add", help="add a user; the password is asked for, or read from a pipe")
    change = ways.add_parser("change", help="change a user's role, groups or password")
    remove = ways.add_parser("remove", help="remove a user with all keys of theirs")
    shown = ways.add_parser("list", help="show all users")
    for way, run in ((add, _add), (change, _change), (remove, _remove), (shown, _list)):
        way.set_defaults(run=run)
        add_library(way)
    for way in (add, change, remove):
        way.add_argument("name", metavar="NAME", help="the user's name")
    for way in (add, change):
        way.add_argument(
            "--role",
            choices=ROLES,
            default="reader" if way is add else None,
            help="reader: asks; editor: adds and removes documents too; monitor: sees the server's figures "
            "alone" + (" (default: reader)" if way is add else ""),
        )
        way.add_argument(
            "--group",
            action="append",
            metavar="GROUP",
            help="a group that the user is in; may be repeated"
            + ("" if way is add else "; takes the place of the groups before"),
        )
    add.add_argument("--no-password", action="store_true", help="the user has keys alone (quoth keys add)")
    change.add_argument("--password", action="store_true", help="ask for a new password")


def _add(parsed: argparse.Namespace) -> int:
    with changing(_folder(parsed)) as kept:
        if parsed.name in kept[-1].users:
            raise SettingError(f"There is a user {parsed.name} already. quoth users change changes it.")
        # Checked before anybody types a password for it.
        made = kept[-1].with_user(parsed.name, User(parsed.role, tuple(parsed.group or ())))
        password = "" if parsed.no_password else hashed(_password())
        kept.append(made.with_user(parsed.name, replace(made.users[parsed.name], password=password)))
    print(f"added     {parsed.name}, {parsed.role}")
    return FOUND


def _change(parsed: argparse.Namespace) -> int:
    with changing(_folder(parsed)) as kept:
        user = kept[-1].user(parsed.name)
        role = parsed.role or user.role
        groups = user.groups if parsed.group is None else tuple(parsed.group)
        password = hashed(_password()) if parsed.password else user.password
        kept.append(kept[-1].with_user(parsed.name, User(role, groups, password)))
    print(f"changed   {parsed.name}, {role}")
    return FOUND


def _remove(parsed: argparse.Namespace) -> int:
    with changing(_folder(parsed)) as kept:
        kept.append(kept[-1].without_user(parsed.name))
    print(f"removed   {parsed.name}")
    return FOUND


def _list(parsed: argparse.Namespace) -> int:
    users = load(_folder(parsed)).users
    for name, user in sorted(users.items()):
        groups = f", in {', '.join(user.groups)}" if user.groups else ""
        print(f"{name}: {user.role}{groups}{'' if user.password else ', keys alone'}")
    if not users:
        print("There are no users: quoth users add NAME adds one.")
    return FOUND


def _folder(parsed: argparse.Namespace) -> Path:
    return settings_of(parsed).library


def _password() -> str:
    """Typed twice, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise SettingError("The two passwords differ.")
    return first
