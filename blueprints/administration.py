"""系统管理: the table of its doors. What stands behind them is in the file of each noun."""

from __future__ import annotations

from flask import Blueprint

from blueprints import calendar_days, events, jobs, parameters, passwords, seals, tokens, users

administration = Blueprint("administration", __name__)

for path, view, method in (
    ("/events", events.event_list, "GET"),
    ("/events/check", events.check, "POST"),
    ("/users", users.user_list, "GET"),
    ("/users", users.create_user, "POST"),
    ("/users/new", users.new_user, "GET"),
    ("/users/<int:key>", users.user, "GET"),
    ("/users/<int:key>/disable", users.disable_user, "POST"),
    ("/users/<int:key>/enable", users.enable_user, "POST"),
    ("/users/<int:key>/unlock", users.unlock_user, "POST"),
    ("/users/<int:key>/role", users.change_role, "POST"),
    ("/users/<int:key>/password", users.reissue_password, "POST"),
    ("/password", passwords.password, "GET"),
    ("/password", passwords.change_password, "POST"),
    ("/parameters", parameters.parameter_list, "GET"),
    ("/calendar", calendar_days.calendar, "GET"),
    ("/calendar", calendar_days.load_year, "POST"),
    ("/calendar/preview", calendar_days.preview_year, "POST"),
    ("/tokens", tokens.token_list, "GET"),
    ("/tokens", tokens.issue_token, "POST"),
    ("/tokens/new", tokens.new_token, "GET"),
    ("/tokens/<int:key>/approve", tokens.approve_token, "POST"),
    ("/tokens/<int:key>/revoke", tokens.revoke_token, "POST"),
    ("/seals", seals.seal_list, "GET"),
    ("/seals", seals.register_seal, "POST"),
    ("/seals/new", seals.new_seal, "GET"),
    ("/seals/<int:key>/drawing", seals.seal_drawing, "GET"),
    ("/seals/<int:key>/approve", seals.approve_seal, "POST"),
    ("/seals/<int:key>/retire", seals.retire_seal, "POST"),
    ("/institution-keys", seals.key_list, "GET"),
    ("/institution-keys/<int:key>/approve", seals.approve_key, "POST"),
    ("/institution-keys/<int:key>/retire", seals.retire_key, "POST"),
    ("/jobs", jobs.job_list, "GET"),
    ("/jobs/<name>/run", jobs.run_job, "POST"),
):
    administration.add_url_rule(path, view_func=view, methods=[method])
