from django.urls import path

from samepath.demo import views

app_name = "demo"
urlpatterns = [path("demo", views.cast, name="cast")]
