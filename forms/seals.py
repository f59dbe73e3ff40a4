from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from forms.base import Form

LARGEST = 256 * 1024  # bytes; a key with its certificates is a few thousand


class SealForm(Form):
    name = StringField(
        "印章上的单位名称",
        [InputRequired("请填写印章上的单位名称。"), Length(max=100)],
        description="与单位法定名称一致，排在印章的弧线上。",
    )
    file = FileField(
        "证书文件",
        [Optional()],
        description="电子认证服务机构签发的 PKCS#12 文件（.p12 或者 .pfx），含私钥。文件加密保存，任何页面都不能取回。",
    )
    passphrase = PasswordField("证书口令", [Optional(), Length(max=200)])
    token = StringField(
        "密码设备标签",
        [Optional(), Length(max=100)],
        description="密钥保存在密码设备（PKCS#11）里的，不上传文件，填写设备的标签；证书与设备同名。",
    )

    def validate_file(self, field: FileField) -> None:
        if field.data:
            _not_too_large(field)


def _not_too_large(field: FileField) -> None:
    content = field.data.read(LARGEST + 1)
    field.data.seek(0)
    if len(content) > LARGEST:
        raise ValidationError("证书文件超过 256 KB，请确认选择的是证书文件。")


class KeyForm(Form):
    """Whose key it is, the page says; nothing of it is kept."""

    file = FileField(
        "证书文件",
        [FileRequired("请选择证书文件。")],
        description="签发给本单位的 PKCS#12 文件（.p12 或者 .pfx，RSA 或者 ECDSA 算法）。系统不保存私钥和口令。",
    )
    passphrase = PasswordField("证书口令", [InputRequired("请填写证书口令。"), Length(max=200)])

    def validate_file(self, field: FileField) -> None:
        _not_too_large(field)


class SignedForm(Form):
    """A file of ours, signed outside."""

    signed = FileField(
        "已签名的文件",
        [FileRequired("请选择已经签名的文件。")],
        description="用密码设备附带的签名程序签好的 PDF 文件，增量保存。",
    )


class RetireForm(Form):
    reason = TextAreaField(
        "停用理由",
        [InputRequired("请填写停用理由。"), Length(max=300)],
        description="如证书到期换发、机构更名、密钥泄露。",
    )
