"""A secret that lies in the evidence stands in no report, in no evidence file and in no attachment."""

from __future__ import annotations

import base64
import json
import random
import string
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.expectations.stack import Stack
from plumbline.suite.outcome import _reason
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.terraform.plan import read_plan
from plumbline.terraform.state import read_state
from plumbline.values import sensitive
from plumbline.values.redaction import REDACTED, concealed, redacted, tells
from plumbline.values.sensitive import SENSITIVE
from selftest.front_door import REPOSITORY
from selftest.hostile.counted import steps_of
from selftest.hostile.test_run import reported
from selftest.input.tree import Tree

MARKED = "correct horse battery"
TOKEN = "ghp_" + "a1B2c3" * 6
MAIN = "terraform/bbws/dynamodb/main.tf"
VARIABLE = f"""
variable "owner" {{
  type      = string
  default   = "{MARKED}"
  sensitive = true
}}
"""

PARAMETERS = f"""
resource "aws_ssm_parameter" "it" {{
  name  = "/owner"
  type  = "SecureString"
  value = "{MARKED}"
}}
data "aws_ssm_parameter" "it" {{
  name = "/owner"
}}
"""
"""Whose values the provider's schema says to be sensitive."""
DATA = f'--data=data.aws_ssm_parameter={{"value": "{MARKED}"}}'


@pytest.fixture(autouse=True)
def unmarked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known to be sensitive yet, and is not afterwards."""
    monkeypatch.setattr(sensitive, "_MARKED", sensitive.Marks())


@pytest.mark.parametrize(
    "owner",
    [
        "var.owner",
        f'sensitive("{MARKED}")',
        '"team ${var.owner}"',
        "upper(var.owner)",
        "base64encode(var.owner)",
        'jsonencode({ a = "b", it = var.owner })',
        f'"{TOKEN}"',
        f'"https://user:{TOKEN}@host/path"',
        "aws_ssm_parameter.it.value",
        '"team ${aws_ssm_parameter.it.value}"',
        "data.aws_ssm_parameter.it.value",
        "upper(data.aws_ssm_parameter.it.value)",
    ],
)
def test_no_report_of_a_run_holds_it(
    tree: Tree, tmp_path_factory: pytest.TempPathFactory, owner: str
) -> None:
    tree.edit(
        MAIN,
        "    Environment = var.environment\n",
        f"    Environment = var.environment\n    Owner = {owner}\n",
    )
    (tree.path / MAIN).write_text((tree.path / MAIN).read_text() + VARIABLE + PARAMETERS)
    folder = tmp_path_factory.mktemp("reports")
    run, held = reported(tree, folder, *CHOSEN, DATA, stack="bbws", GITHUB_ACTIONS="true")
    assert run.exit_code == 1, run.output
    assert SENSITIVE in run.output or REDACTED in run.output
    secrets = [MARKED, MARKED.upper(), base64.b64encode(MARKED.encode()).decode(), TOKEN]
    for name, text in {"terminal": run.output, **held}.items():
        assert not [it for it in secrets if it in text], name


CHOSEN = ["--env=sit", "--source=hcl", "-k", "tags"]


def evaluated(folder: Path, text: str) -> Any:
    """Return what a root gives to a resource, as it may be shown."""
    (folder / "main.tf").write_text(text)
    [resource] = evaluate(folder).resources
    return redacted(resource.values)["input"]


def resource(value: str) -> str:
    """Return a resource that is given a value."""
    return f'resource "terraform_data" "x" {{\n  input = {value}\n}}\n'


@pytest.mark.parametrize(
    "expression",
    [
        "local.it",
        '"x ${local.it}"',
        "[local.it]",
        "{ a = local.it }",
        "sha256(local.it)",
        "substr(local.it, 0, 9)",
        'join("-", split(" ", local.it))',
        'base64encode("x ${local.it}")',
        'replace(local.it, " ", "_")',
    ],
)
def test_what_is_made_of_it_is_not_shown(tmp_path: Path, expression: str) -> None:
    it = evaluated(tmp_path, f'locals {{\n  it = sensitive("{MARKED}")\n}}\n{resource(expression)}')
    shown = json.dumps(it)
    assert SENSITIVE in shown
    assert not any(word in shown for word in MARKED.split())


PROFILE = f"""
resource "aws_appconfig_configuration_profile" "it" {{
  application_id = "shown"
  location_uri   = "hosted"
  name           = "shown"
  validator {{
    type    = "JSON_SCHEMA"
    content = "{MARKED}"
  }}
}}
"""


def test_what_the_schema_says_is_sensitive_in_a_block_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PROFILE)
    [it] = evaluate(tmp_path).resources
    assert redacted(it.values)["validator"] == [{"type": "JSON_SCHEMA", "content": SENSITIVE}]
    assert redacted(it.values)["name"] == "shown"


def test_what_is_beside_it_is_shown(tmp_path: Path) -> None:
    value = f'merge({{ a = sensitive("{MARKED}") }}, {{ b = "shown beside" }})'
    assert evaluated(tmp_path, resource(value)) == {"a": SENSITIVE, "b": "shown beside"}


def test_a_sensitive_output_of_a_module_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m/main.tf").write_text(f'output "it" {{\n  value     = "{MARKED}"\n  sensitive = true\n}}\n')
    assert evaluated(tmp_path, f'module "m" {{\n  source = "./m"\n}}\n{resource("module.m.it")}') == SENSITIVE


def change(after: Any, marks: Any) -> dict[str, Any]:
    """Return a plan of one resource."""
    planned = {
        "actions": ["create"],
        "before": None,
        "after": after,
        "after_sensitive": marks,
        "after_unknown": {},
    }
    of = {"address": "x.y", "mode": "managed", "type": "x", "name": "y", "change": planned}
    return {"format_version": "1.2", "planned_values": {}, "complete": True, "resource_changes": [of]}


@pytest.mark.parametrize(
    ("after", "marks"),
    [
        ({"it": MARKED}, {"it": True}),
        ({"tags": {"Owner": MARKED}}, {"tags": {"Owner": True}}),
        ({"block": [{"it": "x"}, {"it": MARKED}]}, {"block": [{}, {"it": True}]}),
        ({"it": [MARKED, "x"]}, True),
        ({"it": MARKED}, "true"),
        ({"it": MARKED}, [True]),
        ({"it": [MARKED]}, {"it": {"0": True}}),
    ],
)
def test_what_a_plan_marks_is_not_shown(tmp_path: Path, after: Any, marks: Any) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(change(after, marks)))
    [resource] = read_plan(tmp_path / "plan.json", Settings()).resources
    shown = json.dumps(redacted(resource.values))
    assert SENSITIVE in shown
    assert MARKED not in shown


@pytest.mark.parametrize("sort", ["raw", "shown"])
def test_what_a_state_marks_is_not_shown(tmp_path: Path, sort: str) -> None:
    values = {"it": {"inner": [MARKED]}, "name": "shown beside"}
    path = [
        {"type": "get_attr", "value": "it"},
        {"type": "get_attr", "value": "inner"},
        {"type": "index", "value": {"value": 0, "type": "number"}},
    ]
    of = {"mode": "managed", "type": "x", "name": "y"}
    raw = {
        "version": 4,
        "resources": [{**of, "instances": [{"attributes": values, "sensitive_attributes": [path]}]}],
    }
    marked = {"address": "x.y", **of, "values": values, "sensitive_values": {"it": {"inner": [True]}}}
    printed = {"format_version": "1.0", "values": {"root_module": {"resources": [marked]}}}
    (tmp_path / "state.json").write_text(json.dumps(raw if sort == "raw" else printed))
    [resource] = read_state(tmp_path / "state.json", Settings()).resources
    assert redacted(resource.values) == {"it": {"inner": [SENSITIVE]}, "name": "shown beside"}


SECRETS = [
    "AKIA" + "Q7RZ" * 4,
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCY+example9Z",
    TOKEN,
    "github_pat_" + "a1B2c3" * 6,
    "xoxb-123456789012-abcdefABCDEF",
    "https://hooks.slack.com/services/T000/B000/abcdef",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nabcdef\n-----END OPENSSH PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nnever ends",
    "Authorization: Bearer abc.def-ghi",
    "authorization=Basic dXNlcjpwYXNz",
    "hvs." + "CAESIJ" * 5,
    "dckr_pat_" + "a1B2c3" * 4,
    "dop_v1_" + "0a1b2c3d" * 8,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJl",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nabcdef\n-----END PGP PRIVATE KEY BLOCK-----",
    "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nabcdef\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
    "AGE-SECRET-KEY-1" + "QPZRY9X8GF" * 6,
    "https://events.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue",
    "https://hooks.zapier.com/hooks/catch/123456/abcdef",
    "https://api.telegram.org/bot123456789:AAabcdef/sendMessage",
    "123456789:AA" + "a1B2c3d" * 5,
    "Bearer a1B2c3d4e5f6g7h8",
    "Basic dXNlcjpTZWtyaXQ5OQ==",
    "curl -s -u user:hunter2",
    "sshpass -p hunter2",
    "docker login -u user -p hunter2",
    "mysql -u root -phunter2",
    "Authorization: ApiKey hunter2",
    "Authorization: 12hunter2",
    "Set-Cookie: session=a1B2c3D4e5",
    '"auth": "dXNlcjpTZWtyaXQ5OQ=="',
    "IQoJb3JpZ2lu" + "a1B2/c3+" * 12,
    "FwoGZXIvYXdz" + "a1B2/c3+" * 12,
    "ya29." + "a1B2c3" * 6,
    "GOCSPX-" + "a1B2c3" * 5,
    "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlF",
    "Private-Lines: 1\nAAAAabcdef\nPrivate-MAC: 0a1b",
    "$6$salt$" + "a1B2c3./" * 6,
    "$2b$12$" + "a1B2c3./" * 6,
    "https://events.eu.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue",
    "https://alert.victorops.com/integrations/cloudwatch/20131130/alert/0123-abcd/route",
    "https://outlook.office.com/webhook/abc-def/IncomingWebhook/xyz/123",
    "https://hc-ping.com/0123abcd-0123-4567-89ab-0123456789ab",
    "a1B2c3D4e5F6g7.atlasv1." + "a1B2c3" * 8,
    *(f"{begin}{'a1B2c3d4' * 5}" for begin in ("glrt-", "gldt-", "hf_", "glsa_", "shpat_", "whsec_", "ntn_")),
    *(f"{begin}{'A1B2C3D4' * 3}" for begin in ("NRAK-", "PMAK-", "HRKU-", "ATATT3", "sq0csp-", "xkeysib-")),
    "https://chat.example.com/hooks/a1b2c3d4e5f6g7h8i9j0k1l2m3",
    "https://x.example/api/webhooks/0123/a1b2c3d4e5f6g7h8i9j0",
    "https://hook.eu1.make.com/a1b2c3d4e5f6g7h8i9j0",
    "SK" + "0a1b2c3d" * 4,
    "key-" + "0a1b2c3d" * 4,
    "0a1b2c3d" * 4 + "-us12",
    "$apr1$salt$" + "a1B2c3./" * 3,
    "abc8Q~" + "a1B2c3d4" * 4,
    "eyJhbGciOiJSU0Ei.OKOawDo13gRp.48V1_ALb6US0.5eym8TW_c8SuK.XFBoMYUZodet",
    *(f"{begin}{'a1B2c3d4' * 6}" for begin in ("EAAA", "AKCp", "ATBB", "nfp_", "gsk_", "tskey-auth-")),
    *(f"{begin}{'0a1b2c3d' * 5}" for begin in ("dapi", "pul-", "rubygems_", "lin_api_", "dp.pt.", "SSWS 00")),
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["%s", "see %s, please", '{"a": ["%s"]}', "x=%s;"])
def test_a_token_is_known_by_its_form(secret: str, around: str) -> None:
    shown = concealed(around % secret)
    assert REDACTED in shown
    assert secret not in shown
    assert redacted({"a": [around % secret]}) == {"a": [shown]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://u:hunter2@h/db", f"postgres://{REDACTED}@h/db"),
        ("https://u:p@host", f"https://{REDACTED}@host"),
        ('{"password": "hunter2"}', f'{{"password": "{REDACTED}"}}'),
        ("export DB_PASS=hunter2 A=b", f"export DB_PASS={REDACTED} A=b"),
        ('"Server=db;Password=\\"ab,SEKRIT phrase\\""', f'"Server=db;Password=\\"{REDACTED}\\""'),
        ('Server=db;Password="ab,SEKRIT phrase";x=1', f'Server=db;Password="{REDACTED}";x=1'),
        ("password = 'never ends", f"password = '{REDACTED}"),
        ('password: "correct horse battery staple"', f'password: "{REDACTED}"'),
        ("postgres://admin:p@SEKRIT@host/db", f"postgres://{REDACTED}@host/db"),
        ("AccountKey=c2Vrcml0;EndpointSuffix=x", f"AccountKey={REDACTED};EndpointSuffix=x"),
        ("https://x/y?sv=1&sig=c2Vrcml0&se=2", f"https://x/y?sv=1&sig={REDACTED}&se=2"),
        ("psql --password hunter22 db", f"psql --password {REDACTED} db"),
        ("aws x --secret-string 'a b'", f"aws x --secret-string '{REDACTED}'"),
        ("machine h login u password hunter22", f"machine h login u password {REDACTED}"),
        ("Password:hunter22", f"Password:{REDACTED}"),
        ("DB_PW=hunter22", f"DB_PW={REDACTED}"),
        ("Ocp-Apim-Subscription-Key: 0a1b2c3d", f"Ocp-Apim-Subscription-Key: {REDACTED}"),
        ("SECRET_KEY_BASE=0a1b2c3d", f"SECRET_KEY_BASE={REDACTED}"),
        ('Passcode: "0815"', f'Passcode: "{REDACTED}"'),
        ('{Key: "Password", Value: "x y"}', f'{{Key: "Password", Value: "{REDACTED}"}}'),
        ('{"name": "DB_PASSWORD", "value": "x"}', f'{{"name": "DB_PASSWORD", "value": "{REDACTED}"}}'),
        ("os.environ['SECRET']='hunter22'", f"os.environ['SECRET']='{REDACTED}'"),
        ("<db:password>hunter22</db:password>", f"<db:password>{REDACTED}</db:password>"),
        ("<password>hunter22</password>", f"<password>{REDACTED}</password>"),
        ("psql --password hunter2hunter db", f"psql --password {REDACTED} db"),
        ("https://x/y?code=a1B2c3d4e5F6g7h8i9J0==&z=1", f"https://x/y{REDACTED}&z=1"),
        ("jdbc:oracle:thin:scott/tiger2@//db:1521/x", f"{REDACTED}//db:1521/x"),
        ("https://x/y?X-Amz-Signature=abcdef&z=1", f"https://x/y?X-Amz-Signature={REDACTED}&z=1"),
    ],
)
def test_what_stands_in_a_text_is_left_out_of_it(text: str, shown: str) -> None:
    assert concealed(text) == shown


@pytest.mark.parametrize(
    "key",
    [
        "DB_PASS",
        "pwd",
        "passwd",
        "Token",
        "SlackWebhook",
        "access_key",
        "signature",
        "dbPass",
        "API-KEY",
        "tokenValue",
        "DB_PW",
        "tokens",
        "private_key_pem",
        "db_pass_old",
        "webhook_url",
        "slack_url",
        "jwt",
        "routing_key",
        "IntegrationKey",
        "mfa_seed",
        ".dockerconfigjson",
        "unseal_key",
        "JwtKey",
        "db_creds",
    ],
)
def test_a_key_tells_of_a_secret(key: str) -> None:
    assert tells(key)
    for pair in ("Key", "Value"), ("name", "value"):
        assert redacted([{pair[0]: key, pair[1]: "x"}]) == [{pair[0]: key, pair[1]: REDACTED}]


@pytest.mark.parametrize(
    "harmless",
    [
        "arn:aws:iam::123456789012:role/service-role/Abc123",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
        "https://sqs.eu-west-1.amazonaws.com/123456789012/queue",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "0a1b2c3d-1111-2222-3333-444455556666",
        "terraform/bbws/dynamodb/main.tf:12",
        'token = "${var.it}"',
        "https://host:443/path?mail=a@b.example",
        "PasswordPolicy: {MinimumPasswordLength: 14}",
        '{"name": "TABLE", "value": "bbws-tenants-sit"}',
        'Key = "Environment", Value = "sit"',
        "Basic authentication is off, and bearer authentication is on",
        "the password is required, and the token is missing",
        "the password policy of the account, and its password reuse",
        "auth: NONE, authorization: AWS_IAM",
        "--password-stdin is read, --secret-id tells which --token it is",
        "pw/password:",
        "secret_manager_of_the_account, pull_request_of_the_repository_main",
        "https://api.shop.example/webhooks/orders-of-the-shop",
        "https://x.example/list?key=reports/2026/november.csv&code=404",
        "SK0123, key-value, the password policy2 of the account",
    ],
)
def test_what_is_no_secret_is_shown(harmless: str) -> None:
    assert concealed(harmless) == harmless


@pytest.mark.parametrize(
    "key",
    [
        "NextToken",
        "hash_key",
        "kms_key",
        "KeyId",
        "Key",
        "signature_version",
        "compass",
        "token_url",
        "kms_master_key_id",
        "encryption_key",
        "authorization",
    ],
)
def test_another_key_tells_nothing(key: str) -> None:
    assert redacted({key: "x"}) == {key: "x"}


@pytest.mark.parametrize(
    "key", ["encryption_key", "SshKey", "authorization", "recovery_codes", "dsn", "salt"]
)
def test_what_looks_random_under_a_key_that_may_tell_is_left_out(key: str) -> None:
    for secret in ("0a1b2c3d" * 2 + "e5f60718" * 2, "q7Zr2Lx9Kc4Vb1Nm8Jh5Tg3W=="):
        assert redacted({key: secret}) == {key: REDACTED}
    for name in (
        "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666",
        "0a1b2c3d-1111-2222-3333-444455556666",
        "AWSLogs/123456789012/Config/eu-west-1/2026/11/29",
        "alias/shop-orders-2026",
        "customer_identifier_of_the_order",
    ):
        assert redacted({key: name}) == {key: name}


@pytest.mark.parametrize(
    "pair",
    [
        {"Name": "DB_PASSWORD", "Value": "hunter2", "Type": "String"},
        {"name": "password", "value": "hunter2", "apply_method": "immediate"},
        {"ParameterKey": "DbPassword", "ParameterValue": "hunter2", "UsePreviousValue": False},
        {"OptionName": "DB_PASSWORD", "Value": "x", "OptionValue": "hunter2"},
    ],
)
def test_a_pair_is_one_whatever_stands_beside_it(pair: dict[str, Any]) -> None:
    shown = redacted(pair)
    assert REDACTED in shown.values()
    assert "hunter2" not in shown.values()
    assert len(shown) == len(pair)


def test_it_takes_no_longer_than_reading() -> None:
    for it in (
        "a" * 2_000_000,
        "a:" * 500_000,
        "http://" * 200_000,
        "eyJ" * 500_000,
        "-----BEGIN " * 100_000,
    ):
        assert concealed(it) == it


def test_random_keys_are_left_out() -> None:
    made = random.Random(7)
    for _ in range(200):
        key = "".join(made.choices(string.ascii_letters + string.digits + "/+", k=40))
        assert concealed(f"it is {key}.") == f"it is {REDACTED}."


def test_half_of_a_surrogate_pair_is_no_secret() -> None:
    assert concealed("x\ud800y") == "x\\ud800y"
    assert concealed(f"\udcff {TOKEN}") == f"\\udcff {REDACTED}"


def test_the_reason_of_a_skip_holds_none() -> None:
    sensitive.mark(MARKED)
    told = _reason(("tests/x.py", 1, f'undetermined: "/x/{MARKED}" lies outside of . {TOKEN}'))
    assert told == ("tests/x.py", 1, f'undetermined: "/x/{SENSITIVE}" lies outside of . {REDACTED}')


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ({"password": 123456}, {"password": REDACTED}),
        (
            {"db_password": {"v": "x", "n": [1]}},
            {"db_password": {"v": REDACTED, "n": [REDACTED]}},
        ),
        (
            {"environment": [{"name": "A", "value": "x"}, {"name": "B", "valueFrom": "arn"}]},
            {"environment": [{"name": "A", "value": REDACTED}, {"name": "B", "valueFrom": "arn"}]},
        ),
        (
            {"environment": [{"variables": {"A": "x"}, "name": "f"}]},
            {"environment": [{"variables": {"A": REDACTED}, "name": "f"}]},
        ),
        ({"Secret": True, "Token": None}, {"Secret": True, "Token": None}),
        ({"MinimumPasswordLength": 14}, {"MinimumPasswordLength": 14}),
        ({"variables": ["a", "b"]}, {"variables": ["a", "b"]}),
    ],
)
def test_what_stands_below_a_telling_key_is_left_out(held: Any, shown: Any) -> None:
    assert redacted(held) == shown


WORD = st.sampled_from(["password", "DB_PASSWORD", "secret", "api_key", "accessKey", "Token", "passphrase"])
VALUE = st.text(st.sampled_from("aZ9 ,;&<>{}()@/:=-_'"), max_size=20).map("SEKRIT{}SEKRIT".format)


@given(WORD, VALUE, st.sampled_from(['{"%s": "%s"}', '%s = "%s"', '"%s=\\"%s\\" x"', '%s: "%s", b: 1']))
def test_a_quoted_secret_is_left_out_up_to_its_closing_quote(word: str, value: str, place: str) -> None:
    assert "SEKRIT" not in concealed(place % (word, value))


@pytest.mark.parametrize(
    "expression", ["sensitive(73195)", 'substr(sensitive("SEKRITvalue"), 0, 5)', '[sensitive("SEKR")]']
)
def test_what_is_short_is_known_where_it_stands_alone(tmp_path: Path, expression: str) -> None:
    assert evaluated(tmp_path, resource(expression)) in (SENSITIVE, [SENSITIVE])


@pytest.mark.parametrize(
    "made",
    [
        "local.key",
        '"${local.key}RIT"',
        'join("", [local.key, "RIT"])',
        'join("-", split("", local.long))',
        '[for it in split("", local.long) : "${it}."]',
        "[for it in range(9) : substr(local.long, it, 1)]",
        'local.long == "sesame-open" ? "open" : "shut"',
        '"%{if local.key == "k"}open%{endif}"',
        '"%{for it in split("", local.long)}${it}.%{endfor}"',
        "sensitive(12345) + 1",
        "-sensitive(51234)",
        "tostring(sensitive(77))",
        "keys(sensitive({ open-sesame = 1 }))",
        "[for name, it in sensitive({ ab = 1 }) : name]",
        '{ a = "told" }[sensitive("a")]',
        'lookup({ a = "told" }, sensitive("a"))',
        'element(["told", "untold"], sensitive(1))',
        'title(sensitive("abc"))',
        'format("%s-%d", local.key, 5)',
        'regex("S(.)S", sensitive("SES"))',
        'try(local.key, "x")',
        "reverse([local.key])",
        'zipmap(["k"], [local.key])["k"]',
        'merge({ k = local.key }, { b = "x" }).k',
        'sensitive([{ n = "ab" }])[*].n',
    ],
)
def test_a_mark_goes_along_to_what_is_made(tmp_path: Path, made: str) -> None:
    given = 'locals {\n  key = sensitive("k")\n  long = sensitive("sesame-open")\n}\n'
    it = evaluated(tmp_path, given + resource(made))
    assert {*(it if isinstance(it, list) else [it])} == {SENSITIVE}


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        ('merge({ a = sensitive("k") }, { b = "shown" })', {"a": SENSITIVE, "b": "shown"}),
        ('{ (sensitive("k")) = "shown" }', {SENSITIVE: "shown"}),
        ('concat([sensitive("k")], ["shown"])', [SENSITIVE, "shown"]),
        ('{ a = sensitive("k"), b = "shown" }.b', "shown"),
        ('coalesce("shown", sensitive("k"))', "shown"),
        ('"a" == "a" ? "shown" : sensitive("k")', "shown"),
    ],
)
def test_a_mark_goes_along_to_nothing_else(tmp_path: Path, made: str, shown: Any) -> None:
    assert evaluated(tmp_path, resource(made)) == shown


@settings(deadline=None)
@given(st.from_regex(r"[A-Za-z0-9]{3,20}", fullmatch=True), st.integers(1, 5))
def test_a_value_that_is_taken_apart_and_put_together_is_not_shown(secret: str, length: int) -> None:
    sensitive._MARKED = sensitive.Marks()
    parts = f"[for it in range(0, {len(secret)}, {length}) : substr(local.it, it, {length})]"
    with tempfile.TemporaryDirectory() as folder:
        given = f'locals {{\n  it = sensitive("{secret}")\n}}\n'
        assert evaluated(Path(folder), given + resource(f'join("_", {parts})')) == SENSITIVE


def test_what_is_sensitive_is_looked_for_at_once_however_much_there_is() -> None:
    text = "x secret-4-number y"
    sensitive.mark([f"secret-{it}-number" for it in range(10)])
    assert concealed(text) == f"x {SENSITIVE} y"
    few = steps_of(lambda: concealed(text))
    sensitive.mark([f"secret-{it}-number" for it in range(20_000)])
    assert concealed(text) == f"x {SENSITIVE} y"
    assert steps_of(lambda: concealed(text)) <= few + 100


def test_what_the_stack_itself_names_is_shown_though_a_parameter_holds_it() -> None:
    sensitive.mark(["bbws-tenants-sit", "815856636111", "bbws-tenants-sit-and-more"])
    Stack(REPOSITORY / "fixtures/stacks/bbws.yaml")
    sensitive.mark({"value": "bbws-tenants-sit"})
    told = "arn:aws:dynamodb:af-south-1:815856636111:table/bbws-tenants-sit"
    assert redacted({"name": "bbws-tenants-sit", "arn": told}) == {"name": "bbws-tenants-sit", "arn": told}
    assert concealed("bbws-tenants-sit-and-more") == SENSITIVE


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_short_one_is_known_in_quotes(quote: str) -> None:
    sensitive.mark("k", least=1)
    assert concealed(f"{{a: {quote}k{quote}, {quote}longer{quote}: {quote}k{quote}}} k") == (
        f"{{a: {quote}{SENSITIVE}{quote}, {quote}longer{quote}: {quote}{SENSITIVE}{quote}}} k"
    )
