import io
import re
import secrets

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from models import Blob, Event, Institution
from rules.permissions import Role
from tests import factories, web
from tests.test_imports import DIRTY, csv


@pytest.fixture
def client(app, staff):
    return web.client_for(app, staff[Role.CLERK])


def upload(client, content, name="清单.csv"):
    data = {"operation_id": secrets.token_hex(8), "file": (io.BytesIO(content), name)}
    return client.post("/imports", data=data, content_type="multipart/form-data")


def test_upload_preview_import_result_and_the_rows_sent_back(db, client):
    page = client.get("/imports")
    assert page.status_code == 200
    answer = upload(client, csv(*DIRTY))
    assert answer.status_code == 303
    path = answer.headers["Location"]
    preview = client.get(path)
    assert preview.status_code == 200
    assert "机构名称为空" in preview.text
    assert "省份“火星省”不存在" in preview.text
    assert db.scalar(select(func.count(Institution.id))) == 0, "a preview writes nothing"
    done = web.post(client, f"{path}/run")
    assert done.status_code == 303
    result = client.get(done.headers["Location"])
    assert "新增 3 家" in result.text
    assert db.scalar(select(func.count(Institution.id))) == 3
    assert set(db.scalars(select(Institution.pooling_region))) == {factories.REGION}
    sheet = client.get(f"{path}/errors")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.data)).get_sheet_by_index(0).to_python()
    assert [int(row[0]) for row in rows[1:]] == [4, 5, 6, 11]
    assert sheet.headers["Content-Disposition"].startswith("attachment")
    again = web.post(client, f"{path}/run")
    assert again.status_code == 303
    assert db.scalar(select(func.count(Institution.id))) == 3
    assert "清单.csv" in client.get("/imports").text


def test_the_same_button_pressed_twice_imports_once(db, client):
    path = upload(client, csv(["机构名称"], ["示例诊所"])).headers["Location"]
    for _ in range(2):
        assert web.post(client, f"{path}/run", operation_id="b" * 32).status_code == 303
    assert (
        db.scalar(
            select(func.count()).select_from(Event).where(Event.verb == "import_institutions")
        )
        == 1
    )


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [(b"", "a.csv", 409), (csv(["甲"], ["乙"]), "a.csv", 409), (b"MZ\x00\x00", "a.xlsx", 409)],
)
def test_a_file_that_is_no_list_is_refused_before_it_is_kept(db, client, content, name, status):
    assert upload(client, content, name).status_code == status
    assert db.scalar(select(func.count()).select_from(Blob)) == 0


def test_no_file_is_an_error_on_the_page(client):
    answer = web.post(client, "/imports")
    assert answer.status_code == 422
    assert "请选择文件" in answer.text


def test_an_upload_of_another_region_is_not_there(app, db, client):
    path = upload(client, csv(["机构名称"], ["示例诊所"])).headers["Location"]
    web.post(client, f"{path}/run")
    other = web.client_for(app, factories.actor(Role.CLERK, region="990456"))
    assert [other.get(path + end).status_code for end in ("", "/result", "/errors")] == [
        404,
        404,
        404,
    ]
    assert web.post(other, f"{path}/run").status_code == 404
    assert "清单.csv" not in other.get("/imports").text
    assert re.search(r"/imports/[0-9a-f]{64}$", path)


def test_a_name_with_a_path_keeps_only_the_name(db, client):
    path = upload(client, csv(["机构名称"], ["示例诊所"]), "..\\..\\示例/清单.csv").headers[
        "Location"
    ]
    assert "导入预览：清单.csv" in client.get(path).text
