"""Addresses of signing in and of the member's own account."""

from __future__ import annotations

from django.urls import path

from samepath.accounts.views import account, entry, keeping, leaving

app_name = "accounts"

urlpatterns = [
    path("sign-in", entry.sign_in, name="sign-in"),
    path("sign-out", entry.sign_out, name="sign-out"),
    path("account", account.account, name="account"),
    path("account/name", account.name, name="name"),
    path("account/country", account.country, name="country"),
    path("account/keep", keeping.keep, name="keep"),
    path("account/keep/check", keeping.check, name="check"),
    path("account/export", leaving.export, name="export"),
    path("account/delete", leaving.delete, name="delete"),
    path("account/sign-out-everywhere", account.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/sign-ins/<uuid:sign_in>/end", account.end_sign_in, name="end-sign-in"),
    path("account/blocks/<int:block>/lift", account.lift_block, name="lift-block"),
]
