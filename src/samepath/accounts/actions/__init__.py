"""Every write of accounts. Cut by noun: members, ways in, sign-ins, blocks, leaving for good."""

from samepath.accounts.actions.blocks import block_member, lift_block
from samepath.accounts.actions.leaving import allow_export, erase_member, finish_erasures
from samepath.accounts.actions.members import (
    change_handle,
    create_member,
    free_handle,
    offer_handles,
    offered_handle,
    record_consent,
    set_country,
    set_language,
    set_staff,
    suggest_handles,
)
from samepath.accounts.actions.sign_ins import (
    end_all,
    end_one,
    end_sign_in,
    renew_sign_in,
    start_sign_in,
    sweep_sign_ins,
    take_tickets,
    touch_sign_in,
    touch_sign_ins,
)
from samepath.accounts.actions.ways import (
    keep_by_password,
    keep_by_phrase,
    member_by_password,
    member_by_phrase,
    sign_in_by_password,
    sign_in_by_phrase,
)

__all__ = [
    "allow_export",
    "block_member",
    "change_handle",
    "create_member",
    "end_all",
    "end_one",
    "end_sign_in",
    "erase_member",
    "finish_erasures",
    "free_handle",
    "keep_by_password",
    "keep_by_phrase",
    "lift_block",
    "member_by_password",
    "member_by_phrase",
    "offer_handles",
    "offered_handle",
    "record_consent",
    "renew_sign_in",
    "set_country",
    "set_language",
    "set_staff",
    "sign_in_by_password",
    "sign_in_by_phrase",
    "start_sign_in",
    "suggest_handles",
    "sweep_sign_ins",
    "take_tickets",
    "touch_sign_in",
    "touch_sign_ins",
]
