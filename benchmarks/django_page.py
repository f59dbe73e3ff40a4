"""The same work list in Django 5: ORM, Paginator, Django templates. Runs in var/bench-venv, is only ever measured."""

from __future__ import annotations

import hashlib
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

ROOT = Path(__file__).resolve().parent


def _database() -> dict[str, Any]:
    url = urlsplit(os.environ["DATABASE_URL"])
    if url.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.path[1:]}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path[1:],
        "USER": url.username,
        "PASSWORD": url.password,
        "HOST": url.hostname,
        "PORT": url.port,
        "CONN_MAX_AGE": None,
    }


settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="benchmarks.django_page",
    DATABASES={"default": _database()},
    USE_TZ=True,
    TIME_ZONE="Asia/Shanghai",
    USE_I18N=False,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [ROOT / "templates"],
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
)

import django  # noqa: E402 — models need the settings first

django.setup()

from django.core.paginator import Paginator  # noqa: E402 — after the settings
from django.core.wsgi import get_wsgi_application  # noqa: E402 — after the settings
from django.db import models  # noqa: E402 — after the settings
from django.db.models import F, Q, QuerySet  # noqa: E402 — after the settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden  # noqa: E402 — after the settings
from django.shortcuts import render  # noqa: E402 — after the settings
from django.urls import path  # noqa: E402 — after the settings

import clock  # noqa: E402 — after the settings
from rules import clocks  # noqa: E402 — after the settings
from rules.kinds import InstitutionKind  # noqa: E402 — after the settings
from rules.workdays import Workdays, from_rows  # noqa: E402 — after the settings


class Account(models.Model):
    name = models.CharField(max_length=64)
    role = models.CharField(max_length=32)
    pooling_region = models.CharField(max_length=12)

    class Meta:
        app_label, db_table, managed = "bench", "account", False


class WebSession(models.Model):
    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(Account, models.DO_NOTHING)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label, db_table, managed = "bench", "web_session", False


class CalendarYear(models.Model):
    year = models.IntegerField(primary_key=True)
    source = models.CharField(max_length=300)

    class Meta:
        app_label, db_table, managed = "bench", "calendar_year", False


class CalendarDay(models.Model):
    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=32)

    class Meta:
        app_label, db_table, managed = "bench", "calendar_day", False


class WorkItem(models.Model):
    subject = models.CharField(max_length=64)
    subject_id = models.IntegerField()
    number = models.CharField(max_length=64)
    matter = models.CharField(max_length=64)
    step = models.CharField(max_length=64)
    desk = models.CharField(max_length=32)
    institution_name = models.CharField(max_length=200)
    institution_kind = models.CharField(max_length=32)
    pinyin = models.CharField(max_length=200)
    pooling_region = models.CharField(max_length=12)
    opened_on = models.DateField()
    due_on = models.DateField(null=True)
    paused = models.BooleanField()
    started_by = models.IntegerField(null=True)
    done = models.BooleanField()
    done_by = models.IntegerField(null=True)
    done_by_name = models.CharField(max_length=64)
    done_on = models.DateField(null=True)

    class Meta:
        app_label, db_table, managed = "bench", "work_item", False


TABS = {
    "mine": "待我办理",
    "over": "超期",
    "due": "今明到期",
    "done": "我已办理",
    "started": "我发起的",
}
LIGHTS = {
    "over": "超期",
    "due": "今明到期",
    "soon": "3 日内",
    "ok": "正常",
    "paused": "停钟",
    "na": "无期限",
}
SORTS = {"due": "due_on", "received_on": "opened_on", "number": "number"}


def worklist(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    if user is None:
        return HttpResponseForbidden()
    on, args, days = clock.today(), request.GET, _workdays()
    waiting = _of_tab(user, "mine", on)
    found = _filtered(_of_tab(user, args.get("tab", "mine"), on), args, on, days)
    page = Paginator(_ordered(found, args.get("sort", "due")), 50).get_page(args.get("page"))
    context = {
        "me": user,
        "args": args,
        "page": page,
        "elided": page.paginator.get_elided_page_range(page.number),
        "tabs": [(word, label, _of_tab(user, word, on).count()) for word, label in TABS.items()],
        "matters": waiting.values_list("matter", flat=True).distinct().order_by("matter"),
        "steps": waiting.values_list("step", flat=True).distinct().order_by("step"),
        "lights": LIGHTS,
        "rows": [_dressed(item, on, days) for item in page],
        "waiting": waiting.count(),
    }
    return render(request, "django.html", context)


def _user(request: HttpRequest) -> Account | None:
    digest = hashlib.sha256(request.COOKIES.get("dingdian", "").encode()).hexdigest()
    found = WebSession.objects.select_related("user").filter(digest=digest, ended_at=None).first()
    return found.user if found else None


def _workdays() -> Workdays:
    years = {year.year: year.source for year in CalendarYear.objects.all()}
    return from_rows([(day.day, day.working, day.name) for day in CalendarDay.objects.all()], years)


def _of_tab(user: Account, tab: str, on: date) -> QuerySet[WorkItem]:
    if tab == "done":
        return WorkItem.objects.filter(done_by=user.id)
    if tab == "started":
        return WorkItem.objects.filter(started_by=user.id, done=False)
    desks = [user.role, f"user:{user.id}"]
    found = WorkItem.objects.filter(done=False, pooling_region=user.pooling_region, desk__in=desks)
    if tab == "over":
        return found.filter(due_on__lt=on, paused=False)
    if tab == "due":
        return found.filter(due_on__range=(on, on + timedelta(days=1)), paused=False)
    return found


def _filtered(found: QuerySet[WorkItem], args: Any, on: date, days: Workdays) -> QuerySet[WorkItem]:
    if q := args.get("q"):
        found = found.filter(
            Q(institution_name__contains=q) | Q(number__contains=q) | Q(pinyin__contains=q)
        )
    for name, column in (
        ("matter", "matter"),
        ("step", "step"),
        ("from", "opened_on__gte"),
        ("to", "opened_on__lte"),
    ):
        if args.get(name):
            found = found.filter(**{column: args[name]})
    light = args.get("light")
    if light == "paused":
        return found.filter(paused=True)
    if not light:
        return found
    tomorrow, soon = on + timedelta(days=1), days.add(on, 3)
    bounds = {
        "over": Q(due_on__lt=on),
        "due": Q(due_on__range=(on, tomorrow)),
        "soon": Q(due_on__gt=tomorrow, due_on__lte=soon),
        "ok": Q(due_on__gt=soon),
        "na": Q(due_on=None),
    }
    return found.filter(bounds[light], paused=False)


def _ordered(found: QuerySet[WorkItem], sort: str) -> QuerySet[WorkItem]:
    column = F(SORTS[sort.removeprefix("-")])
    order = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return found.order_by(order, "id")


def _dressed(item: WorkItem, on: date, days: Workdays) -> WorkItem:
    finished = item.done_on if item.done else None
    item.light = clocks.light(item.due_on, on, days, paused=item.paused, finished_on=finished)
    item.kind_label = InstitutionKind(item.institution_kind).label
    item.used_percent = None
    if item.due_on:
        total = max(1, (item.due_on - item.opened_on).days)
        item.used_percent = max(
            0, min(100, ((finished or on) - item.opened_on).days * 100 // total)
        )
    return item


urlpatterns = [path("worklist", worklist)]
application = get_wsgi_application()
