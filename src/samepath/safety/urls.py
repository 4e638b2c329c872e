from django.urls import path

from samepath.safety.views import concerns, helplines, reports

app_name = "safety"
urlpatterns = [
    path("concerns", concerns.concerns, name="concerns"),
    path("concerns/<uuid:public_id>/see", concerns.see, name="see"),
    path("looked-at", concerns.looked_at, name="looked_at"),
    path("reports", reports.reports, name="reports"),
    path("reports/new", reports.new, name="report_new"),
    path("reports/sent", reports.sent, name="report_sent"),
    path("reports/<uuid:public_id>", reports.report, name="report"),
    path("helplines", helplines.helplines, name="helplines"),
    path("set-up/promise", helplines.set_up_promise, name="set_up_promise"),
    path("set-up/helplines", helplines.set_up_helplines, name="set_up_helplines"),
]
