"""Who gets which answer at every address: the one table to read before adding a page.

A line is a route, a method, and answers. `people: answer` for those named, then, after the last
bar, the answer for everybody else. Forms are sent without data and to things that are not one's own
unless the line says so: wren and heron talk, wren waits in line, heron has an offer, wren reported
heron, blocked otter and pressed "I am not safe"; the open invitation is field's.

    ok        200, the page
    gone      404: not there, or not to be known of; one and the same page
    no        403: may be known of, may not be done
    again     400: the form comes back with what was typed
    sign-in   led to sign in, and back afterwards
    >/place   led there after it was done (* stands for ids)

    member    everybody but the stranger        pair      wren, heron: the two who talk
    team      heron lantern oak brook field     listeners heron lantern oak: wear "supporter"
    guards    oak brook: look after safety      managers  oak field: give roles
"""

from __future__ import annotations

PEOPLE = {
    "stranger": "nobody signed in",
    "guest": "a name that is not kept",
    "wren": "a member, in the talk",
    "heron": "a supporter, in the talk",
    "lantern": "a supporter, not in the talk",
    "oak": "looks after safety (lead), listens too",
    "brook": "the second",
    "field": "runs the place (admin)",
}
GROUPS = {
    "member": ("guest", "wren", "heron", "lantern", "oak", "brook", "field"),
    "pair": ("wren", "heron"),
    "team": ("heron", "lantern", "oak", "brook", "field"),
    "listeners": ("heron", "lantern", "oak"),
    "guards": ("oak", "brook"),
    "managers": ("oak", "field"),
}

TABLE = """
# Pages without data of a person
/                                               GET   ok
/                                               POST  ok
/first-time                                     GET   ok
/first-time                                     POST  ok
/promise                                        GET   ok
/promise                                        POST  ok
/promise/easy                                   GET   ok
/promise/easy                                   POST  ok
/rules                                          GET   ok
/rules                                          POST  ok
/easy                                           GET   ok
/easy                                           POST  ok
/read                                           GET   ok
/read                                           POST  ok
/peer-support                                   GET   ok
/peer-support                                   POST  ok
/leave-fast                                     GET   ok
/leave-fast                                     POST  ok
/steady                                         GET   ok
/steady                                         POST  ok
/steady/easy                                    GET   ok
/steady/easy                                    POST  ok
/help-now                                       GET   ok
/help-now                                       POST  ok
/help-now/easy                                  GET   ok
/help-now/easy                                  POST  ok
/help-now/easy/<slug:code>                      GET   ok
/help-now/easy/<slug:code>                      POST  ok
/help-now/<slug:code>                           GET   ok
/help-now/<slug:code>                           POST  ok
/calendar                                       GET   ok
/calendar                                       POST  ok
/exit                                           GET   >/calendar
/exit                                           POST  >/calendar
/language                                       GET   ok
/language                                       POST  >/
/styleguide                                     GET   gone
/styleguide                                     POST  gone
/styleguide/<slug:scene>                        GET   gone
/styleguide/<slug:scene>                        POST  gone

# One's own account
/sign-in                                        GET   ok
/sign-in                                        POST  again
/sign-out                                       GET   gone
/sign-out                                       POST  >/
/account                                        GET   member: ok | sign-in
/account                                        POST  member: ok | sign-in
/account/name                                   GET   member: ok | sign-in
/account/name                                   POST  member: again | sign-in
/account/country                                GET   member: ok | sign-in
/account/country                                POST  member: again | sign-in
/account/keep                                   GET   member: ok | sign-in
/account/keep                                   POST  member: again | sign-in
/account/keep/check                             GET   gone
/account/keep/check                             POST  member: >/account/keep | sign-in
/account/export                                 GET   member: ok | sign-in
/account/export                                 POST  member: ok | sign-in
/account/delete                                 GET   member: ok | sign-in
/account/delete                                 POST  member: again | sign-in
/account/sign-out-everywhere                    GET   gone
/account/sign-out-everywhere                    POST  member: >/ | sign-in
/account/sign-ins/<uuid:sign_in>/end            GET   gone
/account/sign-ins/<uuid:sign_in>/end            POST  wren: >/account?done=ended | stranger: sign-in | gone
/account/blocks/<int:block>/lift                GET   gone
/account/blocks/<int:block>/lift                POST  wren: >/account?done=lifted | stranger: sign-in | gone

# What one tells of oneself
/profile                                        GET   member: ok | sign-in
/profile                                        POST  member: ok | sign-in
/profile/topics/new                             GET   member: ok | sign-in
/profile/topics/new                             POST  member: ok | sign-in
/profile/topics/new/<slug:part>/<int:place>     GET   member: ok | sign-in
/profile/topics/new/<slug:part>/<int:place>     POST  member: again | sign-in
/profile/topics/<int:topic>                     GET   wren: ok | stranger: sign-in | gone
/profile/topics/<int:topic>                     POST  wren: again | stranger: sign-in | gone
/profile/topics/<int:topic>/out                 GET   gone
/profile/topics/<int:topic>/out                 POST  wren: >/profile?done | stranger: sign-in | gone
/profile/talk                                   GET   member: ok | sign-in
/profile/talk                                   POST  member: again | sign-in
/profile/about                                  GET   member: ok | sign-in
/profile/about                                  POST  member: again | sign-in
/profile/wish                                   GET   member: ok | sign-in
/profile/wish                                   POST  member: >/profile?done | sign-in

# Asking for somebody, and waiting
/requests/new                                   GET   stranger: >/requests/begin | wren: >/requests/* | >/requests/about
/requests/new                                   POST  stranger: >/requests/begin | wren: >/requests/* | >/requests/about
/requests/begin                                 GET   stranger: ok | >/requests/new
/requests/begin                                 POST  stranger: again | >/requests/new
/requests/young                                 GET   ok
/requests/young                                 POST  ok
/requests/about                                 GET   member: ok | gone
/requests/about                                 POST  member: again | gone
/requests/at-once                               GET   gone
/requests/at-once                               POST  member: >/requests/* | gone
/requests/<uuid:public_id>                      GET   wren: ok | gone
/requests/<uuid:public_id>                      POST  wren: ok | gone
/requests/<uuid:public_id>/part                 GET   wren: ok | gone
/requests/<uuid:public_id>/part                 POST  wren: ok | gone
/requests/<uuid:public_id>/leave                GET   gone
/requests/<uuid:public_id>/leave                POST  wren: >/requests/* | gone
/offers/<uuid:public_id>/look/<str:answer>      GET   gone
/offers/<uuid:public_id>/look/<str:answer>      POST  wren: >/requests/* | heron: >/desk | gone

# The desk of those who listen
/desk                                           GET   listeners: ok | gone
/desk                                           POST  listeners: ok | gone
/desk/part                                      GET   listeners: ok | gone
/desk/part                                      POST  listeners: ok | gone
/desk/available                                 GET   gone
/desk/available                                 POST  listeners: >/desk | gone
/offers/<uuid:public_id>/answer/<str:says>      GET   gone
/offers/<uuid:public_id>/answer/<str:says>      POST  heron: >/desk | gone

# A talk: for the two who are in it, and nobody else whatever they wear
/conversations                                  GET   member: ok | gone
/conversations                                  POST  member: ok | gone
/conversations/<uuid:public_id>                 GET   pair: ok | gone
/conversations/<uuid:public_id>                 POST  pair: ok | gone
/conversations/<uuid:public_id>/log             GET   pair: ok | gone
/conversations/<uuid:public_id>/log             POST  pair: ok | gone
/conversations/<uuid:public_id>/lines           GET   pair: ok | gone
/conversations/<uuid:public_id>/lines           POST  pair: ok | gone
/conversations/<uuid:public_id>/messages        GET   gone
/conversations/<uuid:public_id>/messages        POST  pair: again | gone
/conversations/<uuid:public_id>/read            GET   gone
/conversations/<uuid:public_id>/read            POST  pair: >/conversations/* | gone
/conversations/<uuid:public_id>/pause           GET   gone
/conversations/<uuid:public_id>/pause           POST  pair: >/conversations/* | gone
/conversations/<uuid:public_id>/resume          GET   gone
/conversations/<uuid:public_id>/resume          POST  pair: >/conversations/* | gone
/conversations/<uuid:public_id>/stop            GET   gone
/conversations/<uuid:public_id>/stop            POST  pair: >/conversations/*/ending | gone
/conversations/<uuid:public_id>/leave           GET   gone
/conversations/<uuid:public_id>/leave           POST  pair: >/conversations | gone
/conversations/<uuid:public_id>/back            GET   gone
/conversations/<uuid:public_id>/back            POST  pair: >/conversations/* | gone
/conversations/<uuid:public_id>/block           GET   pair: ok | gone
/conversations/<uuid:public_id>/block           POST  pair: >/conversations/*/blocked | gone
/conversations/<uuid:public_id>/blocked         GET   pair: ok | gone
/conversations/<uuid:public_id>/blocked         POST  pair: ok | gone
/conversations/<uuid:public_id>/mute            GET   pair: ok | gone
/conversations/<uuid:public_id>/mute            POST  pair: again | gone
/conversations/<uuid:public_id>/not-safe        GET   gone
/conversations/<uuid:public_id>/not-safe        POST  pair: >/help-now | gone
/conversations/<uuid:public_id>/worried         GET   pair: ok | gone
/conversations/<uuid:public_id>/worried         POST  pair: >/conversations/*/worried?told=yes | gone
/conversations/<uuid:public_id>/card            GET   pair: ok | gone
/conversations/<uuid:public_id>/card            POST  pair: ok | gone
/cards/<uuid:public_id>/away                    GET   gone
/cards/<uuid:public_id>/away                    POST  wren: >/conversations/* | gone
/conversations/<uuid:public_id>/someone-else    GET   gone
/conversations/<uuid:public_id>/someone-else    POST  wren: >/requests/* | heron: >/desk | gone
/conversations/<uuid:public_id>/ending          GET   pair: ok | gone
/conversations/<uuid:public_id>/ending          POST  pair: >/conversations/*/ending | gone
/conversations/<uuid:public_id>/pieces          GET   gone
/conversations/<uuid:public_id>/pieces          POST  gone

# Safety: concerns without words; reports only for whoever may read them
/concerns                                       GET   guards: ok | gone
/concerns                                       POST  guards: ok | gone
/concerns/<uuid:public_id>/see                  GET   gone
/concerns/<uuid:public_id>/see                  POST  guards: >/concerns | gone
/looked-at                                      GET   member: ok | gone
/looked-at                                      POST  member: ok | gone
/reports                                        GET   guards: ok | gone
/reports                                        POST  guards: ok | gone
/reports/new                                    GET   pair: ok | gone
/reports/new                                    POST  gone
/reports/sent                                   GET   member: ok | gone
/reports/sent                                   POST  gone
/reports/<uuid:public_id>                       GET   oak: ok | gone
/reports/<uuid:public_id>                       POST  oak: ok | gone
/helplines                                      GET   managers: ok | gone
/helplines                                      POST  gone

# The team and its hours
/invitations/<str:token>                        GET   ok
/invitations/<str:token>                        POST  stranger: again | guest: ok | field: no | >/duty
/team                                           GET   managers: ok | gone
/team                                           POST  managers: ok | gone
/team/invite                                    GET   managers: >/team | gone
/team/invite                                    POST  managers: again | gone
/team/invitations/<uuid:public_id>/withdraw     GET   gone
/team/invitations/<uuid:public_id>/withdraw     POST  managers: >/team | gone
/team/<uuid:public_id>/give                     GET   gone
/team/<uuid:public_id>/give                     POST  managers: again | gone
/team/<uuid:public_id>/take                     GET   gone
/team/<uuid:public_id>/take                     POST  oak: no | gone
/duty                                           GET   team: ok | gone
/duty                                           POST  team: ok | gone
/duty/begin                                     GET   team: >/duty | gone
/duty/begin                                     POST  team: again | gone
/duty/plan                                      GET   team: >/duty | gone
/duty/plan                                      POST  team: again | gone
/duty/<uuid:public_id>/end                      GET   gone
/duty/<uuid:public_id>/end                      POST  heron: >/duty | gone

# Set-up: nothing of it is left once the place is open
/set-up                                         GET   gone
/set-up                                         POST  gone
/set-up/organisation                            GET   gone
/set-up/organisation                            POST  gone
/set-up/account                                 GET   gone
/set-up/account                                 POST  gone
/set-up/second                                  GET   gone
/set-up/second                                  POST  gone
/set-up/promise                                 GET   gone
/set-up/promise                                 POST  gone
/set-up/helplines                               GET   gone
/set-up/helplines                               POST  gone
/set-up/open                                    GET   gone
/set-up/open                                    POST  gone
"""


def rows() -> dict[tuple[str, str], dict[str, str]]:
    """(route, method) -> who -> answer. Raises ValueError for a line that cannot be read."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for line in TABLE.splitlines():
        if not line or line.startswith("#"):
            continue
        route, method, told = line.split(None, 2)
        if (route, method) in found:
            raise ValueError(f"twice: {line}")
        answers: dict[str, str] = {}
        for part in told.split(" | "):
            people, _colon, answer = part.rpartition(": ")
            named = [one for word in people.split() for one in GROUPS.get(word, (word,))]
            for one in named or [one for one in PEOPLE if one not in answers]:
                if one not in PEOPLE or one in answers:
                    raise ValueError(f"{one}? {line}")
                answers[one] = answer
        if len(answers) != len(PEOPLE):
            raise ValueError(f"not everybody: {line}")
        found[route, method] = answers
    return found
