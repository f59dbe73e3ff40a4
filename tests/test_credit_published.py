"""Ratings others have published, reproduced from their published inputs by schemes that are data alone."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest
import yaml
from click.testing import CliRunner

from commands.credit import score
from scoring import catalogue, credit, fact_files
from tests.shared_data import shared

pytestmark = pytest.mark.pure

FOLDER = catalogue.FOLDER / "published"
HVBP = credit.load(FOLDER / "hvbp_fy2024.yaml")
STARS = credit.load(FOLDER / "five_star_2021_08.yaml")
HAC = credit.load(FOLDER / "hac_fy2024.yaml")
HVBP_FILES = [f"cms-scoring/hvbp_fy2024/hvbp_{name}.csv" for name in (
    "clinical_outcomes", "efficiency_and_cost_reduction", "person_and_community_engagement", "safety", "tps")]  # fmt: skip
HOMES = "nursing-home-points/NH_ProviderInfo_Aug2021_cp1252.csv"


def published(paths, key):
    """{subject: {column: number or None}} read by the standard library, apart from the engine."""
    found = {}
    for path in paths:
        encoding = "cp1252" if "cp1252" in path.name else "utf-8-sig"
        with path.open(encoding=encoding, newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault(row[key], {}).update({name: numeral(v) for name, v in row.items()})
    return found


def numeral(cell):
    hit = re.match(r"-?\d+(\.\d+)?", cell or "")
    return float(hit.group()) if hit else None


def rated(scheme, paths):
    given = fact_files.read(paths, scheme)
    return credit.rate(given.facts, scheme, given.events)


def misses(result, expected, column, tolerance=1e-9):
    """Subjects whose number differs from the published one, or stands where none is published."""
    key = result.columns[0]
    pairs = [
        (row[key], row[column], expected[row[key]][column]) for row in result.iter_rows(named=True)
    ]
    return [
        (key, own, theirs)
        for key, own, theirs in pairs
        if (own is None) != (theirs is None) or (own is not None and abs(own - theirs) > tolerance)
    ]


# --- the real files ---------------------------------------------------------------------------------


def commanded(folder, scheme, paths):
    """What `flask score` writes: results and lines, read back from its files."""
    out, lines = folder / "out.csv", folder / "lines.csv"
    words = [FOLDER / scheme, *paths, "--out", out, "--lines", lines]
    answer = CliRunner().invoke(score, [str(word) for word in words])
    assert answer.exit_code == 0, answer.output
    keys = dict.fromkeys(("Facility ID", "Federal Provider Number"), pl.String)
    return [
        pl.read_csv(path, infer_schema_length=None, schema_overrides=keys) for path in (out, lines)
    ]


@pytest.fixture(scope="module")
def hospitals(tmp_path_factory):
    paths = [shared(name) for name in HVBP_FILES]
    found = commanded(tmp_path_factory.mktemp("hvbp"), "hvbp_fy2024.yaml", paths)
    return *found, published(paths, "Facility ID")


COMBINED = "Combined SSI Measure Score"
ABOVE = ("Unweighted Normalized Safety Domain Score", "Weighted Safety Domain Score", "Total Performance Score")  # fmt: skip
TAKEN = "取公布值，未经复算"


def taken_in(lines, indicator):
    """Subjects whose line says that its number was taken from a published input."""
    marked = lines.filter((pl.col("indicator") == indicator) & pl.col("remark").str.contains(TAKEN))
    return set(marked[lines.columns[0]])


def test_every_worked_out_measure_domain_and_total_of_1184_hospitals_equals_the_published_column(
    hospitals,
):
    """The combined infection score is taken for 215, so that column proves the other 969 only."""
    result, lines, expected = hospitals
    taken = taken_in(lines, "Combined SSI")
    own = result.filter(~pl.col("Facility ID").is_in(list(taken)))
    assert (len(taken), own.height) == (215, 969)
    columns = set(next(iter(expected.values()))) & set(result.columns) - {"Facility ID"}
    assert result.height == len(expected) == 1184
    # 21 measures with two kinds of points and a score, combined SSI, base and consistency, 4 × 2 domains, the total
    assert len(columns) == 21 * 3 + 1 + 2 + 8 + 1
    wrong = {
        name: misses(own if name in (COMBINED, *ABOVE) else result, expected, name)
        for name in columns
    }
    assert {name: found for name, found in wrong.items() if found} == {}


def test_with_the_published_combined_score_safety_and_total_of_the_215_follow(hospitals):
    result, lines, expected = hospitals
    rest = result.filter(pl.col("Facility ID").is_in(list(taken_in(lines, "Combined SSI"))))
    assert [misses(rest, expected, name) for name in ABOVE] == [[], [], []]


def test_without_the_published_combined_score_safety_and_total_are_empty_and_no_number_is_wrong(
    hospitals,
):
    _, lines, expected = hospitals
    taken = taken_in(lines, "Combined SSI")
    given = fact_files.read([shared(name) for name in HVBP_FILES], HVBP)
    rated = credit.rate(given.facts.drop(COMBINED), HVBP, given.events)
    result = rated.results
    names = set(next(iter(expected.values()))) & set(result.columns) - {"Facility ID"}
    found = {name: misses(result, expected, name) for name in names}
    assert [one for column in found.values() for one in column if one[1] is not None] == []
    assert {name for name, column in found.items() if column} == {COMBINED, *ABOVE}
    assert {key for key, *_ in found[COMBINED]} == taken
    empty = result.filter(pl.col("Facility ID").is_in(list(taken)))
    for name in ("safety", *ABOVE, "score", "rank"):
        assert empty[name].null_count() == 215
    said = rated.lines.filter(pl.col("remark").str.contains("安全维度和总分空缺"))
    assert set(said["Facility ID"]) == taken
    assert said["weight"].null_count() == said["gain"].null_count() == 215
    assert taken_in(rated.lines, "Combined SSI") == set()


def test_the_total_is_also_the_score_and_the_lines_add_up_to_it(hospitals):
    result, lines, _ = hospitals
    apart = result["score"] - result["Total Performance Score"]
    assert apart.abs().max() <= 0.5e-6
    sums = lines.group_by("Facility ID", maintain_order=True).agg(pl.col("gain").sum())
    assert (sums["gain"] - result["score"]).abs().max() < 1e-5


def test_the_only_column_taken_as_published_is_the_combined_infection_score_of_215(hospitals):
    """Two unequal scores are weighted by predicted infections, which are not published; the others are worked out."""
    _, _, expected = hospitals
    scores = [
        [row[f"{name} Measure Score"] for name in ("HAI-3", "HAI-4", "Combined SSI")]
        for row in expected.values()
    ]
    both = [row for row in scores if None not in row[:2]]
    apart = [row for row in both if row[0] != row[1]]
    assert (len(both), len(apart)) == (286, 215)
    assert all(min(row[:2]) <= row[2] <= max(row[:2]) for row in apart)
    given = [fact.heading for fact in HVBP.facts if fact.optional]
    assert given == ["Combined SSI Measure Score"]


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    path = shared(HOMES)
    found = commanded(tmp_path_factory.mktemp("stars"), "five_star_2021_08.yaml", [path])
    return *found, published([path], "Federal Provider Number")


@pytest.mark.parametrize(
    "column", [*(f"Rating Cycle {n} {what} Score" for n in (1, 2, 3) for what in ("Health Revisit", "Total Health")),
               "Overall Rating"])  # fmt: skip
def test_cycle_totals_and_overall_stars_of_7157_homes_equal_the_published_ones(homes, column):
    result, _, expected = homes
    assert result.height == len(expected) == 7157
    assert misses(result, expected, column) == []


def test_overall_stars_start_from_a_published_star_and_the_lines_say_of_whom(homes):
    _, lines, expected = homes
    assert taken_in(lines, "star") == {
        key for key, row in expected.items() if row["Health Inspection Rating"] is not None
    }


def test_the_weighted_score_is_the_published_one_within_its_rounding(homes):
    result, _, expected = homes
    column = "Total Weighted Health Survey Score"
    apart = misses(result, expected, column, tolerance=0.0006)
    # from a thousand on, two decimals are published instead of three
    assert all(theirs > 1000 and abs(own - theirs) < 0.006 for _, own, theirs in apart)


def test_rank_stars_agree_for_94_percent_and_are_never_more_than_one_apart(homes):
    result, _, expected = homes
    column = "Health Inspection Rating"
    assert misses(result, expected, column, tolerance=1) == []
    assert len(misses(result, expected, column)) / result.height <= 0.06


def test_from_the_recomputed_star_alone_96_percent_of_overall_stars_agree():
    """Without the published inspection star: the cut points of earlier months are not in the file.

    Two apart are those whose inspection star crosses between one and two, where the method caps the overall star.
    """
    path = shared(HOMES)
    given = fact_files.read([path], STARS)
    facts = given.facts.drop("Health Inspection Rating")
    result = credit.rate(facts, STARS, given.events).results
    expected = published([path], "Federal Provider Number")
    assert misses(result, expected, "Overall Rating", tolerance=2) == []
    assert len(misses(result, expected, "Overall Rating", tolerance=1)) <= 12
    assert len(misses(result, expected, "Overall Rating")) / result.height <= 0.04


def test_no_scheme_names_a_single_facility():
    known = set()
    for name in (HVBP_FILES[0], HOMES):
        with shared(name).open(encoding="cp1252", newline="") as file:
            known |= {row.get("Facility ID") or row["Federal Provider Number"] for row in csv.DictReader(file)}  # fmt: skip
    for path in FOLDER.glob("*.yaml"):
        words = set(re.findall(r"[0-9A-Z]{6}", path.read_text("utf-8")))
        assert words & known == set()


# --- the same schemes on made-up subjects, worked out by hand ------------------------------------------------


def sheet(tmp_path: Path, name, rows):
    path = tmp_path / name
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="Not Available")
        writer.writeheader()
        writer.writerows(rows)
    return path


def measure(name, *, threshold, benchmark, baseline, rate):
    given = {"Achievement Threshold": threshold, "Benchmark": benchmark,
             "Baseline Rate": baseline, "Performance Rate": rate}  # fmt: skip
    return {f"{name} {part}": value for part, value in given.items()}


def unmeasured(scheme):
    return {fact.heading: "Not Available" for fact in scheme.facts}


DIMENSIONS = [fact.column.removesuffix(" Floor") for fact in HVBP.facts if fact.column.endswith(" Floor")]  # fmt: skip
UP = {"threshold": "0.80", "benchmark": "0.90"}
DOWN = {"threshold": "0.800", "benchmark": "0.000"}


def patients(rate, *, floor="40.00%", **more):
    """The same rate in all eight dimensions; threshold 60 %, benchmark 80 %, no baseline."""
    row = {}
    for name in DIMENSIONS:
        row |= measure(
            name, threshold="60.00%", benchmark="80.00%", baseline="Not Available", rate=rate
        )
        row[f"{name} Floor"] = floor
    return row | more


def scored(tmp_path, *rows):
    rows = [unmeasured(HVBP) | row | {"Facility ID": f"{n:06}"} for n, row in enumerate(rows, 1)]
    return rated(HVBP, [sheet(tmp_path, "one.csv", rows)]).results.to_dicts()


CLINICAL = (
    # 9 × 0.05/0.10 + 0.5 = 5; 10 × 0.15/0.20 − 0.5 = 7
    measure("MORT-30-AMI", **UP, baseline="0.70", rate="0.85")
    # on the threshold: 1; not better than the baseline: 0
    | measure("MORT-30-HF", **UP, baseline="0.80", rate="0.80")
    # on the benchmark: 10
    | measure("MORT-30-PN", **UP, baseline="Not Available", rate="0.90")
)
SAFETY = (
    # fewer is better: 9 × 0.4/0.8 + 0.5 = 5; 10 × 0.6/1.0 − 0.5 = 5.5, half up 6
    measure("HAI-1", **DOWN, baseline="1.000", rate="0.400")
    # beyond the threshold 0; worse than the baseline 0
    | measure("HAI-2", **DOWN, baseline="0.800", rate="0.900")
    # none at all: 10
    | measure("HAI-3", **DOWN, baseline="0.100", rate="0.000")
)
EFFICIENT = measure("MSPB-1", threshold="1.000", benchmark="0.800", baseline="1.100", rate="0.900")


def test_a_hospital_with_four_domains_is_worked_out_by_hand(tmp_path):
    (one,) = scored(tmp_path, CLINICAL | SAFETY | EFFICIENT | patients("70.0000%"))
    assert (one["MORT-30-AMI Achievement Points"], one["MORT-30-AMI Improvement Points"]) == (5, 7)
    assert (one["MORT-30-HF Measure Score"], one["MORT-30-PN Measure Score"]) == (1, 10)
    assert one["MORT-30-PN Improvement Points"] is None
    assert one["Unweighted Normalized Clinical Outcomes Domain Score"] == 60  # (7 + 1 + 10)/30
    assert (one["HAI-1 Measure Score"], one["HAI-2 Measure Score"]) == (6, 0)
    assert one["Combined SSI Measure Score"] == 10  # only the colon measure has a score
    assert one["Unweighted Normalized Safety Domain Score"] == pytest.approx(16 / 30 * 100)
    # 9 × 0.1/0.2 + 0.5 = 5; 10 × 0.2/0.3 − 0.5 = 6.17 → 6
    assert one["Unweighted Normalized Efficiency And Cost Reduction Domain Score"] == 60
    # 9 × 10/20 + 0.5 = 5 in eight dimensions; 30/20 of the way from floor to threshold: all 20
    assert (one["Hcahps Base Score"], one["Hcahps Consistency Score"]) == (40, 20)
    expected = (60 + 60 + 160 / 3 + 60) / 4
    assert one["Total Performance Score"] == pytest.approx(expected, abs=1e-11)
    assert one["score"] == pytest.approx(expected, abs=1e-6)


def test_domains_below_their_minimum_step_out_and_two_make_no_total(tmp_path):
    alone = measure("HAI-1", **DOWN, baseline="1.000", rate="0.400")
    three, two = scored(tmp_path, CLINICAL | alone | EFFICIENT | patients("70%"), CLINICAL | EFFICIENT)  # fmt: skip
    assert three["Unweighted Normalized Safety Domain Score"] is None
    assert three["Weighted Safety Domain Score"] is None
    assert three["Weighted Efficiency And Cost Reduction Domain Score"] == 20  # 60 with a third
    assert three["Total Performance Score"] == three["score"] == 60
    assert (two["Total Performance Score"], two["score"], two["rank"]) == (None, None, None)


@pytest.mark.parametrize(
    ("worst", "points"),
    [
        ("40.00%", 0),  # 20 × 0 − 0.5
        ("40.99%", 0),  # 20 × 0.99/20 − 0.5 = 0.49
        ("41.00%", 1),  # 20 × 1/20 − 0.5 = 0.5, half up
        ("59.99%", 19),  # 19.49
        ("60.00%", 20),
        ("30.00%", 0),
    ],
)
def test_consistency_follows_the_worst_dimension(tmp_path, worst, points):
    low = {f"{DIMENSIONS[3]} Performance Rate": worst}
    (one,) = scored(tmp_path, patients("75%") | low)
    assert one["Hcahps Consistency Score"] == points


TWO_OPERATIONS = measure(
    "HAI-4", **DOWN, baseline="0.800", rate="0.400"
)  # 5, beside the colon's 10


@pytest.mark.parametrize(
    ("more", "combined", "safety", "total"),
    [
        ({}, None, None, None),
        ({COMBINED: "8 out of 10"}, 8, (6 + 0 + 8) / 30 * 100, (60 + 60 + 140 / 3 + 60) / 4),
        (measure("HAI-4", **DOWN, baseline="0.800", rate="0.000"), 10, 160 / 3, 175 / 3),
    ],
)
def test_two_unequal_scores_need_the_published_one(tmp_path, more, combined, safety, total):
    everything = CLINICAL | SAFETY | EFFICIENT | patients("70.0000%")
    (one,) = scored(tmp_path, everything | TWO_OPERATIONS | more)
    assert one[COMBINED] == combined
    assert one[ABOVE[0]] == (safety and pytest.approx(safety))
    assert one[ABOVE[2]] == (total and pytest.approx(total))
    assert one["score"] == (total and pytest.approx(total, abs=1e-6))
    # three other domains of four, whether the fourth has a number or not
    assert one["Weighted Efficiency And Cost Reduction Domain Score"] == 15


def test_an_unknown_score_alone_in_its_domain_hides_no_total(tmp_path):
    """One safety measure is below the minimum of two, whatever its number."""
    colon = measure("HAI-3", **DOWN, baseline="0.100", rate="0.000")
    (one,) = scored(tmp_path, CLINICAL | colon | TWO_OPERATIONS | EFFICIENT | patients("70%"))
    assert (one[COMBINED], one[ABOVE[0]]) == (None, None)
    assert one["Total Performance Score"] == one["score"] == 60


def test_one_dimension_without_a_rate_leaves_the_whole_survey_out(tmp_path):
    gap = {f"{DIMENSIONS[0]} Performance Rate": "Not Available"}
    (one,) = scored(tmp_path, patients("75%") | gap)
    assert one["Hcahps Base Score"] is one["Hcahps Consistency Score"] is None


HOME = {
    "Provider State": "ZZ", "Abuse Icon": "N", "Special Focus Status": "", "Staffing Rating": "3", "QM Rating": "3",
    **{f"Rating Cycle {n} Number of Health Revisits": "1" for n in (1, 2, 3)},
    **{f"Rating Cycle {n} Health Deficiency Score": "0" for n in (1, 2, 3)},
}  # fmt: skip


def starred(tmp_path, *rows):
    """Homes rated among nine others with 10, 20 … 90 points in every cycle."""
    others = [
        HOME | {f"Rating Cycle {n} Health Deficiency Score": str(10 * k) for n in (1, 2, 3)}
        for k in range(1, 10)
    ]
    both = [HOME | row for row in rows] + others
    numbered = [row | {"Federal Provider Number": f"{n:06}"} for n, row in enumerate(both, 1)]
    found = rated(STARS, [sheet(tmp_path, "homes.csv", numbered)]).results.to_dicts()
    return found[: len(rows)]


@pytest.mark.parametrize(
    ("revisits", "score"),
    [("0", 0), ("1", 0), ("2", 5), ("3", 6), ("4", 8), ("6", 8), (".", None)],
)  # 9 points: 4.5 → 5; 6.3 → 6; 7.65 → 8
def test_revisits_add_their_share_rounded_half_up(tmp_path, revisits, score):
    row = {"Rating Cycle 1 Number of Health Revisits": revisits, "Rating Cycle 1 Health Deficiency Score": "9"}  # fmt: skip
    (one,) = starred(tmp_path, row)
    assert one["Rating Cycle 1 Health Revisit Score"] == score
    assert one["Rating Cycle 1 Total Health Score"] == (None if score is None else 9 + score)


def test_cycles_weigh_a_half_a_third_a_sixth_or_sixty_forty(tmp_path):
    scores = {f"Rating Cycle {n} Health Deficiency Score": v for n, v in ((1, "7"), (2, "5"), (3, "4"))}  # fmt: skip
    none = {"Rating Cycle 3 Health Deficiency Score": ".", "Rating Cycle 3 Number of Health Revisits": "."}  # fmt: skip
    three, two = starred(tmp_path, scores, scores | none)
    assert three["Total Weighted Health Survey Score"] == 5.833  # (21 + 10 + 4)/6
    assert two["Total Weighted Health Survey Score"] == 6.2  # 4.2 + 2


@pytest.mark.parametrize(
    ("points", "star"),
    [  # the k-th of ten stands at (k − ½)·10 %: 5 | 15 25 | 35 45 55 | 65 75 | 85 95
        ("0", 5), ("15", 4), ("25", 4), ("35", 3), ("55", 3), ("65", 2), ("75", 2), ("85", 1), ("95", 1),
    ],
)  # fmt: skip
def test_the_star_follows_the_place_in_the_state(tmp_path, points, star):
    (one,) = starred(tmp_path, {f"Rating Cycle {n} Health Deficiency Score": points for n in (1, 2, 3)})  # fmt: skip
    assert one["Health Inspection Rating"] == star


@pytest.mark.parametrize(
    ("row", "inspection", "overall"),
    [
        ({}, 5, 5),
        ({"Abuse Icon": "Y"}, 2, 2),
        ({"Abuse Icon": "Y", "Staffing Rating": "5", "QM Rating": "5"}, 2, 4),
        ({"Special Focus Status": "SFF"}, None, None),
        ({"Special Focus Status": "SFF Candidate"}, 5, 5),
        ({"Staffing Rating": "1"}, 5, 4),
        ({"Staffing Rating": "1", "QM Rating": "1"}, 5, 3),
        ({"Staffing Rating": "4"}, 5, 5),  # not above the inspection's five
        ({"Staffing Rating": "", "QM Rating": ""}, 5, 5),
    ],
)
def test_stars_are_adjusted_step_by_step(tmp_path, row, inspection, overall):
    (one,) = starred(tmp_path, row)
    assert (one["Health Inspection Rating"], one["Overall Rating"]) == (inspection, overall)


@pytest.mark.parametrize(
    ("staffing", "quality", "overall"),
    [("5", "5", 2), ("4", "3", 2), ("3", "3", 1), ("1", "1", 1), ("3", "5", 2)],
)
def test_one_star_at_the_inspection_never_leads_beyond_two(tmp_path, staffing, quality, overall):
    worst = {f"Rating Cycle {n} Health Deficiency Score": "500" for n in (1, 2, 3)}
    (one,) = starred(tmp_path, worst | {"Staffing Rating": staffing, "QM Rating": quality})
    assert (one["Health Inspection Rating"], one["Overall Rating"]) == (1, overall)


def test_a_home_too_new_has_no_star_even_with_the_mark_of_abuse(tmp_path):
    unknown = {name: "." for name in HOME if name.startswith("Rating Cycle")}
    (one,) = starred(tmp_path, unknown | {"Abuse Icon": "Y"})
    assert (one["Health Inspection Rating"], one["Overall Rating"]) == (None, None)


def test_the_overall_star_starts_from_the_published_one_where_the_file_has_it(tmp_path):
    (one,) = starred(tmp_path, {"Health Inspection Rating": "4", "QM Rating": "5"})
    assert (one["Health Inspection Rating"], one["Overall Rating"]) == (5, 5)
    (two,) = starred(tmp_path, {"Health Inspection Rating": "3", "QM Rating": "5"})
    assert two["Overall Rating"] == 4


def test_a_home_without_a_published_star_starts_from_the_recomputed_one_beside_others_that_have_one(
    tmp_path,
):
    one, two, special = starred(
        tmp_path,
        {"Health Inspection Rating": "2"},
        {"Health Inspection Rating": "."},
        {"Health Inspection Rating": "4", "Special Focus Status": "SFF"},
    )
    # three of twelve at nought share the first place: (1 − ½)/12 = 4.2 %, five stars
    assert (one["Starting Star"], two["Starting Star"], special["Starting Star"]) == (2, 5, None)
    assert (one["Overall Rating"], two["Overall Rating"], special["Overall Rating"]) == (2, 5, None)


def penalised(tmp_path, *rows):
    rows = [row | {"Facility ID": f"{n:06}"} for n, row in enumerate(rows, 1)]
    return rated(HAC, [sheet(tmp_path, "hac.csv", rows)]).results.to_dicts()


def test_the_total_is_the_mean_of_the_published_z_scores_and_the_cut_decides(tmp_path):
    good, bad, line, none = penalised(
        tmp_path,
        {"PSI 90 W Z Score": "-0.5000", "CLABSI W Z Score": "0.2500"},
        {"PSI 90 W Z Score": "1.0000", "CDI W Z Score": "N/A"},
        {"PSI 90 W Z Score": "0.3751"},
        {},
    )
    assert (good["Total HAC Score"], good["Payment Reduction"]) == (-0.125, "No")
    assert (bad["Total HAC Score"], bad["Payment Reduction"]) == (1, "Yes")
    assert (bad["grade"], good["grade"], line["grade"]) == ("reduced_payment", "full_payment", "full_payment")  # fmt: skip
    assert (none["Total HAC Score"], none["Payment Reduction"], none["grade"]) == (None, None, None)
    assert (good["rank"], line["rank"], bad["rank"], none["rank"]) == (1, 2, 3, None)


@pytest.mark.parametrize(
    ("total", "reduced"), [("0.3752", "No"), ("0.3753", "No"), ("0.3754", "Yes")]
)
def test_the_cut_of_the_nation_is_a_parameter_with_its_source(tmp_path, total, reduced):
    (one,) = penalised(tmp_path, {"PSI 90 W Z Score": total})
    assert (one["Payment Reduction"], one["Own 75th Percentile"]) == (reduced, float(total))
    (cut,) = HAC.parameters
    assert (cut.value, cut.basis, cut.confidence) == (0.3753, "42 CFR §412.172(f)", "secondary")


def test_lines_say_which_z_scores_were_taken(tmp_path):
    rows = [{"Facility ID": "000001", "PSI 90 W Z Score": "0.5", "CLABSI SIR": "1"},
            {"Facility ID": "000002", "CLABSI SIR": "2"}]  # fmt: skip
    lines = rated(HAC, [sheet(tmp_path, "hac.csv", rows)]).lines
    assert taken_in(lines, "PSI 90") == {"000001"}
    assert taken_in(lines, "CLABSI") == set()


def test_z_scores_are_worked_out_where_none_are_published(tmp_path):
    rows = penalised(tmp_path, *({"CLABSI SIR": value} for value in ("0", "1", "2", "3", "100")))
    # fifth and ninety-fifth percentile of five: 0.2 and 80.6; mean 17.36, sample deviation √1252.438
    drawn = [0.2, 1, 2, 3, 80.6]
    mean = sum(drawn) / 5
    spread = (sum((x - mean) ** 2 for x in drawn) / 4) ** 0.5
    expected = [pytest.approx((x - mean) / spread, abs=5e-5) for x in drawn]
    assert [row["CLABSI W Z Score"] for row in rows] == expected


def test_published_schemes_are_documents_of_their_own(subtests):
    for path in FOLDER.glob("*.yaml"):
        with subtests.test(path.stem):
            scheme = credit.load(path)
            assert (scheme.key, scheme.status) == (path.stem, "published")
            assert scheme.key not in [one.key for one in catalogue.schemes()]
            assert credit.load(scheme.model_dump_json(indent=1)) == scheme
            assert yaml.safe_load(path.read_text("utf-8"))["source"]
