"""A scheme with some of its numbers otherwise: `domains.fund_use.weight=45`. Pure; the text tried is a whole scheme."""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from rules.refusal import Refused
from scoring import catalogue, reading
from scoring.operators import said
from scoring.places import OFF, ON, WEIGHTS, Place, places
from scoring.problems import Problem
from scoring.scheme import Scheme

NAMES = ("key", "name", "column")
SWITCH = {"on": ON, "true": ON, "是": ON, "1": ON, "off": OFF, "false": OFF, "否": OFF, "0": OFF}
Changes = Mapping[str, str]


class ChangeError(Refused):
    """Changes that make no scheme. `faults`: path → what is wrong and how to put it right."""

    def __init__(self, faults: Mapping[str, Problem]) -> None:
        self.faults = dict(faults)
        why = "\n".join(f"{problem.why}。办法：{problem.cure}。" for problem in faults.values())
        super().__init__(why, cure="请改正后重新试算；试算不影响任何已存的结果。")


@dataclass(frozen=True)
class Difference:
    """One number that is not as it was."""

    place: Place
    before: str
    after: str


def assigned(words: Iterable[str]) -> dict[str, str]:
    """`path=value` of the command line. Refused without an equals sign."""
    found = {}
    for word in words:
        path, sign, value = word.partition("=")
        if not sign:
            raise Refused(
                f"“{word}”不是 路径=数值 的样子。", cure="如 domains.fund_use.weight=45。"
            )
        found[path.strip()] = value.strip()
    return found


def real(text: str, changes: Changes) -> dict[str, str]:
    """Without those that change nothing: a form sends every number it shows."""
    known = _known(catalogue.parsed(text))
    return {
        path: value.strip()
        for path, value in changes.items()
        if path not in known or _plain(value) != _plain(known[path].value)
    }


def _plain(value: str) -> str:
    """45, 45.0 and 45.00 are the same number."""
    try:
        return said(float(value))
    except ValueError:
        return SWITCH.get(value.strip().lower(), value.strip())


def scheme(text: str, changes: Changes) -> Scheme:
    """The scheme with the changes; the very same scheme without any. Raises ChangeError."""
    return _changed(text, changes)[1] if changes else catalogue.parsed(text)


def changed(text: str, changes: Changes) -> str:
    """The text of the scheme with the changes; the very same text without any. Raises ChangeError."""
    return written(_changed(text, changes)[0]) if changes else text


def with_vetoes(text: str, base: str) -> tuple[str, dict[str, str]]:
    """The text with the vetoes that only its base has, and the change that switches these off: together the text."""
    data, before = loaded(text), loaded(base) if base else {}
    here = {veto["key"]: veto for veto in data.get("vetoes") or []}
    there = {veto["key"]: veto for veto in before.get("vetoes") or []}
    off = {f"vetoes.{key}": OFF for key in there if key not in here}
    if not off:
        return text, {}
    whole = [here.get(key, veto) for key, veto in there.items()]
    whole += [veto for key, veto in here.items() if key not in there]
    return written({**data, "vetoes": whole}), off


def written(data: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False, width=10**6))


@lru_cache(maxsize=8)
def loaded(text: str) -> Any:
    """The data of a text, read once; whoever changes it takes a copy."""
    return yaml.safe_load(text)


def _changed(text: str, changes: Changes) -> tuple[dict[str, Any], Scheme]:
    data, known = copy.deepcopy(loaded(text)), _known(catalogue.parsed(text))
    found = {path: _one(data, path, value, known) for path, value in changes.items()}
    faults = {path: problem for path, problem in found.items() if problem}
    if faults:
        raise ChangeError(faults)
    data = _with_switches(data)
    after, problems = reading.examined(data)
    if after is None or problems:
        raise ChangeError(_said(data, problems, changes, known))
    return data, after


def _known(scheme: Scheme) -> dict[str, Place]:
    return {place.path: place for place in places(scheme)}


def _said(
    data: Any, problems: Sequence[Problem], changes: Changes, known: Mapping[str, Place]
) -> dict[str, Problem]:
    """Faults by the path of the change that made them; a field is called by what it is called on the page."""
    found = {}
    for problem in problems:
        path = _path(data, problem.where, changes)
        label = known[path].label if path in known else ""
        why = re.sub("“[a-z_]+”", f"“{label}”", problem.why, count=1) if label else problem.why
        found[path] = problem._replace(why=why)
    return found


def _one(data: Any, path: str, value: str, known: Mapping[str, Place]) -> Problem | None:
    """Carry out one change on the data; what is wrong with it, if anything."""
    if path not in known:
        close = difflib.get_close_matches(path, list(known), n=1)
        cure = (
            f"是否应为 {close[0]}"
            if close
            else "可以改的是权重、分数线、计分办法、否决事项、末位比例、信用信息计多久和等级的用途"
        )
        return Problem((path,), f"方案里没有可以试算的“{path}”", cure)
    place = known[path]
    if place.options:
        return _chosen(data, place, value)
    return _numbered(data, place, value)


def _chosen(data: Any, place: Place, value: str) -> Problem | None:
    word = value if value in dict(place.options) else SWITCH.get(value.lower(), value)
    if word not in dict(place.options):
        words = "、".join(key for key, _ in place.options)
        return Problem((place.path,), f"“{place.label}”不能是“{value}”", f"可选：{words}")
    _put(data, place.path.split("."), word)
    return None


def _numbered(data: Any, place: Place, value: str) -> Problem | None:
    if not value and not place.value:
        return None
    try:
        given = float(value)
    except ValueError:
        return Problem((place.path,), f"“{place.label}”应为数字，现为“{value}”", "填写普通数字")
    if not abs(given) < 10**9:
        return Problem((place.path,), f"“{place.label}”的数太大", "填写普通数字")
    _put(data, place.path.split("."), int(given) if given == int(given) else given)
    return None


def _put(data: Any, steps: Sequence[str], value: Any) -> None:
    """Down the path, members of a list by their key or their number; what is not written yet is put there."""
    *way, last = steps
    for step in way:
        data = (
            _member(data, step)
            if isinstance(data, list)
            else data.setdefault(_named(data, step), {})
        )
    if isinstance(data, list) and not last.isdigit():
        _member(data, last)["switch·"] = value
    elif isinstance(data, list):
        data[int(last)] = value
    else:
        data[_named(data, last)] = value


def _named(data: Mapping[Any, Any], step: str) -> Any:
    """A field by its name; a day is no text in YAML."""
    return next((key for key in data if str(key) == step), step)


def _member(data: list[Any], step: str) -> Any:
    for one in data:
        if isinstance(one, dict) and step in [one.get(name) for name in NAMES]:
            return one
    return data[int(step)]


def _with_switches(data: dict[str, Any]) -> dict[str, Any]:
    """A veto that is switched off is not in the scheme any more."""
    kept = [dict(veto) for veto in data.get("vetoes") or [] if veto.get("switch·") != OFF]
    for veto in kept:
        veto.pop("switch·", None)
    return {**data, "vetoes": kept} if "vetoes" in data else data


def _path(data: Any, where: Iterable[Any], changes: Changes) -> str:
    """A place of the data by its path, or the change that stands nearest to it."""
    found: list[str] = []
    for step in where:
        if isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
            named = [data[n] for n in NAMES if isinstance(data, dict) and n in data]
            found.append(str(named[0] if named else step))
        elif isinstance(data, dict) and _named(data, str(step)) in data:
            data = data[_named(data, str(step))]
            found.append(str(step))
    path = ".".join(found)
    return difflib.get_close_matches(path, list(changes), n=1, cutoff=0)[0]


def differences(before: Scheme, after: Scheme) -> list[Difference]:
    """Every number of the two that is not the same, in the order of the first."""
    old, new = _known(before), _known(after)
    found = []
    for place in old.values():
        other = new.get(place.path)
        if other is None or other.value != place.value:
            found.append(Difference(place, place.shown, other.shown if other else _gone(place)))
    found += [Difference(p, _gone(p), p.shown) for path, p in new.items() if path not in old]
    return found


def _gone(place: Place) -> str:
    return dict(place.options).get(OFF, "不写")


def weights(scheme: Scheme) -> float:
    """The sum of the weights of the domains; nought where the scheme has none."""
    return sum(float(place.value) for place in places(scheme) if place.group == WEIGHTS)
