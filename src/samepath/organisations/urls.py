from django.urls import path

from samepath.organisations.views import duty, invitations, set_up, team

app_name = "organisations"
urlpatterns = [
    path("set-up", set_up.set_up, name="set_up"),
    path("set-up/organisation", set_up.organisation, name="set_up_organisation"),
    path("set-up/account", set_up.account, name="set_up_account"),
    path("set-up/second", set_up.second, name="set_up_second"),
    path("set-up/open", set_up.open_doors, name="open_doors"),
    path("invitations/<str:token>", invitations.invitation, name="invitation"),
    path("team", team.team, name="team"),
    path("team/invite", team.invite, name="invite"),
    path("team/invitations/<uuid:public_id>/withdraw", team.withdraw, name="withdraw"),
    path("team/<uuid:public_id>/give", team.give, name="give"),
    path("team/<uuid:public_id>/take", team.take, name="take"),
    path("duty", duty.duty, name="duty"),
    path("duty/begin", duty.begin, name="begin"),
    path("duty/plan", duty.plan, name="plan"),
    path("duty/<uuid:public_id>/end", duty.end, name="end"),
]
