from django.urls import path

from samepath.conversations.views import acts, cards, talk

app_name = "conversations"
urlpatterns = [
    path("conversations", talk.conversations, name="conversations"),
    path("conversations/<uuid:public_id>", talk.conversation, name="conversation"),
    path("conversations/<uuid:public_id>/log", talk.log, name="log"),
    path("conversations/<uuid:public_id>/lines", talk.lines, name="lines"),
    path("conversations/<uuid:public_id>/messages", talk.messages, name="messages"),
    path("conversations/<uuid:public_id>/read", talk.read, name="read"),
    path("conversations/<uuid:public_id>/pause", acts.pause, name="pause"),
    path("conversations/<uuid:public_id>/resume", acts.resume, name="resume"),
    path("conversations/<uuid:public_id>/stop", acts.stop, name="stop"),
    path("conversations/<uuid:public_id>/leave", acts.leave, name="leave"),
    path("conversations/<uuid:public_id>/back", acts.back, name="back"),
    path("conversations/<uuid:public_id>/block", acts.block, name="block"),
    path("conversations/<uuid:public_id>/blocked", acts.blocked, name="blocked"),
    path("conversations/<uuid:public_id>/mute", acts.mute, name="mute"),
    path("conversations/<uuid:public_id>/not-safe", acts.not_safe, name="not_safe"),
    path("conversations/<uuid:public_id>/worried", acts.worried, name="worried"),
    path("conversations/<uuid:public_id>/card", cards.card, name="card"),
    path("cards/<uuid:public_id>/away", cards.away, name="away"),
]
