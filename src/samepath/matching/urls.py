from django.urls import path

from samepath.matching.views import desk, endings, requests

app_name = "matching"
urlpatterns = [
    path("requests/new", requests.new, name="new"),
    path("requests/begin", requests.begin, name="begin"),
    path("requests/young", requests.young, name="young"),
    path("requests/about", requests.about, name="about"),
    path("requests/at-once", requests.at_once, name="at_once"),
    path("requests/<uuid:public_id>", requests.waiting, name="waiting"),
    path("requests/<uuid:public_id>/part", requests.part, name="part"),
    path("requests/<uuid:public_id>/leave", requests.leave, name="leave"),
    path("offers/<uuid:public_id>/look/<str:answer>", requests.offer, name="look"),
    path("offers/<uuid:public_id>/answer/<str:says>", desk.answer, name="answer"),
    path("conversations/<uuid:public_id>/someone-else", requests.someone_else, name="someone_else"),
    path("conversations/<uuid:public_id>/ending", endings.ending, name="ending"),
    path("conversations/<uuid:public_id>/pieces", endings.piece, name="piece"),
    path("desk", desk.desk, name="desk"),
    path("desk/part", desk.part, name="desk_part"),
    path("desk/available", desk.availability, name="available"),
]
