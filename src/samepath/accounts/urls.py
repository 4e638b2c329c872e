"""Addresses of signing in and of the member's own account."""

from __future__ import annotations

from django.urls import path

from samepath.accounts import views

app_name = "accounts"

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("account", views.account, name="account"),
    path("account/name", views.name, name="name"),
    path("account/country", views.country, name="country"),
    path("account/keep", views.keep, name="keep"),
    path("account/keep/check", views.check, name="check"),
    path("account/export", views.export, name="export"),
    path("account/delete", views.delete, name="delete"),
    path("account/sign-out-everywhere", views.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/sign-ins/<uuid:sign_in>/end", views.end_sign_in, name="end-sign-in"),
    path("account/blocks/<int:block>/lift", views.lift_block, name="lift-block"),
]
