"""`quoth keys`: what programs sign in with."""

import argparse

from qa.access import passwords
from qa.access.accounts import changing, load
from quoth.commands.options import FOUND, Commands, add_library, settings_of


def register(commands: "Commands") -> None:
    summary = "make and withdraw keys, with which programs act for a user"
    command = commands.add_parser("keys", help=summary, description=f"{summary.capitalize()}.")
    ways = command.add_subparsers(title="ways", metavar="WAY", required=True)
    add = ways.add_parser("add", help="make a key, which is shown this once")
    remove = ways.add_parser("remove", help="withdraw a key")
    shown = ways.add_parser("list", help="show all keys without their secret parts")
    for way, run in ((add, _add), (remove, _remove), (shown, _list)):
        way.set_defaults(run=run)
        add_library(way)
    add.add_argument("user", metavar="USER", help="whose key it is")
    add.add_argument("--label", default="", metavar="TEXT", help="what the key is for")
    remove.add_argument("id", metavar="ID", help="the key's id, as quoth keys list shows it")


def _add(parsed: argparse.Namespace) -> int:
    id, secret, key = passwords.new_key()
    with changing(settings_of(parsed).library) as kept:
        kept.append(kept[-1].with_key(id, parsed.user, parsed.label, passwords.hashed(secret)))
    print(key)
    return FOUND


def _remove(parsed: argparse.Namespace) -> int:
    with changing(settings_of(parsed).library) as kept:
        kept.append(kept[-1].without_key(parsed.id))
    print(f"removed   {parsed.id}")
    return FOUND


def _list(parsed: argparse.Namespace) -> int:
    keys = load(settings_of(parsed).library).keys
    for id, key in keys.items():
        label = f", {key.label}" if key.label else ""
        print(f"{id}: {key.user}{label}, made {key.made}")
    if not keys:
        print("There are no keys: quoth keys add USER makes one.")
    return FOUND
