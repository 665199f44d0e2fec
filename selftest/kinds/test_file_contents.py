"""What files hold is judged by what it does: pages, documents, policies, uploads, keys in code."""

import json
from typing import Any

import pytest

from plumbline.github.uploads import leads_to
from plumbline.kinds.documents import documents, shows_something
from plumbline.kinds.policy_template import refused, too_wide
from plumbline.kinds.template_keys import is_code_that_runs, template_keys
from plumbline.kinds.upload_script import destinations
from plumbline.values.unknown import ReadError, Undetermined

TABLE = "arn:aws:dynamodb:af-south-1:123456789012:table/orders-sit"
UNDECIDED = ["undecided"]
OWN = "arn:aws:dynamodb:${region}:${account}:table/orders-${environment}"


@pytest.mark.parametrize(
    ("page", "shows"),
    [
        ("<html>", False),
        ("<!doctype html><html><head><title>Invoice</title></head><body></body></html>", False),
        ("<html><body><!-- later --><style>p {}</style><script>go()</script></body></html>", False),
        ("<!doctype html><title>Invoice</title><p>Dear {{ name }}", True),
        ("<html><head><title>Invoice</title><body>Dear {{ name }}", True),
        ("<html><body><img src='https://example.com/a.png'></body></html>", True),
        ("<html><body><img src='https://example.com/a.png' width=1 height=1></body></html>", False),
        ("<html><body hidden>Dear</body></html>", False),
        ("<html><body><div style='color: red; display:none'><p>Dear<p>Sir</div></body></html>", False),
        ("<html><body><div style='display: none'><div></div>Dear</div></body></html>", False),
        ("<html><body><div style='display: none'>Soon: <br></div>Dear</body></html>", True),
        ("<html><body><p hidden>Soon<p>Dear</body></html>", True),
        ("<html><body><img hidden src='https://example.com/a.png'></body></html>", False),
        ("<html><body>&nbsp;&#8203;&zwnj;&#847;</body></html>", False),
        ("<html><body>{# later #}{% block a %}{% endblock %}{{! later }}</body></html>", False),
        ("<html><body>{% if a %}Dear{% endif %}</body></html>", True),
        ("<html><body><p>TODO: write it</p></body></html>", False),
        ("<html><body><p>Your TODO list</p></body></html>", True),
    ],
)
def test_a_page_shows_something_or_is_none(page: str, shows: bool) -> None:
    assert shows_something(page) is shows


NAMES = ["orders", "items"]


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("# Dependencies\n\n| orders | the shop |\n| items | orders |\n", True),
        ("Dependencies\n------------\n\norders: the shop\n\nitems: orders\n", True),
        ("# Tables\n\nThe shop depends on orders, and orders on items.\n", True),
        ("# Tables\n\norders and items are independent.\n", False),
        ("# Independent tables\n\norders, items\n", False),
        ("# Tables\n\norders does not depend on items.\n", False),
        ("# Tables\n\norders and items can't depend on each other.\n", False),
        ("# Tables\n\norders and items don\N{RIGHT SINGLE QUOTATION MARK}t depend on each other.\n", False),
        ("# No dependencies\n\norders, items\n", False),
        ("# Dependencies\n\nThere are none: orders and items stand alone.\n", False),
        ("# Dependencies\n\nNo dependencies of orders and items are known.\n", False),
        ("# Dependencies\n\nNo other table: orders is the shop's, items that of orders.\n", True),
        ("# Dependencies\n\npip install boto3\n\n# Tables\n\norders, items\n", False),
        ("# Dependencies\n\n```\norders items\n```\n", False),
        ("# Dependencies\n\n## orders\n\nthe shop\n\n## items\n\norders\n", True),
        ("orders items depend", True),
        ("orders and items depend on nothing.", False),
        ("Nothing depends on orders or items.", False),
        ("<!-- depends: orders items -->", False),
        ("# Dependabot\n\norders, items\n", False),
        ("# Depending on tables\n\n| orders | the shop |\n| items | orders |\n", True),
        ("# Who uses the tables\n\n- orders: the shop\n- items: orders\n", True),
        ("# Using tables\n\n- orders: the shop\n- items: orders\n", True),
        ("# User guide\n\nTalk of orders and items.\n", False),
        ("# Tables\n\nThe todo list depends on orders, and orders on items.\n", True),
        ("# Reused\n\norders, items\n", False),
        ("# Dependencies\n\nTODO: orders, items\n", False),
        ("# Dependencies\n\nTo be written for\norders and items.\n", False),
        ("# Dependencies\n\n| orders | the shop |\n| items | TBD |\n", False),
        ("# Dependencies\n\norders: the shop\nitems: orders\n\nTODO: draw it.\n", True),
        ("# TODO: Dependencies\n\norders items", False),
        ("# Dependencies\n\n```mermaid\ngraph LR\n  items --> orders\n```\n", True),
    ],
)
def test_a_text_documents_a_matter_of_all_names(text: str, does: bool) -> None:
    assert documents(text, ["depend", "use", "using"], NAMES) is does


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


@pytest.mark.parametrize(
    ("statement", "is_wide"),
    [
        (allow("*", "*"), True),
        (allow("*:*", OWN), True),
        (allow("s3:*", "*"), True),
        (allow("s3:*", "arn:aws:s3:::*"), True),
        (allow("s3:*", "arn:aws:s3:::*/*"), True),
        (allow("dynamodb:*", OWN), True),
        (allow("dynamodb:GetItem", "*"), True),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, True),
        ({"Effect": "Allow", "Action": "dynamodb:Get*", "NotResource": OWN}, True),
        (allow("dynamodb:GetItem", OWN), False),
        (allow("dynamodb:ListTables", "*"), False),
        (allow("s3:*", "arn:aws:s3:::orders-${environment}/*"), False),
        (allow("s3:GetObject", "{{ bucket_arn }}"), False),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, False),
    ],
)
def test_what_no_role_needs_is_told(statement: dict[str, Any], is_wide: bool) -> None:
    assert bool(too_wide(policy(statement), "a.json")) is is_wide


@pytest.mark.parametrize(
    ("statements", "missing"),
    [
        ([allow("dynamodb:GetItem", OWN)], []),
        ([allow("dynamodb:Get*", "arn:aws:dynamodb:<region>:<account>:table/orders-<env>")], []),
        ([allow("dynamodb:GetItem", "{{ table_arn }}")], []),
        ([allow("dynamodb:GetItem", "arn:aws:dynamodb:$REGION:$ACCOUNT_ID:table/orders-$ENV")], []),
        ([allow("dynamodb:GetItem", "arn:aws:dynamodb:%REGION%:@ACCOUNT@:table/orders-#{env}#")], []),
        ([allow("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/items-$ENV")], ["dynamodb:GetItem"]),
        ([allow("$ACTION", "*")], UNDECIDED),
        ([allow("dynamodb:Query", OWN)], ["dynamodb:GetItem"]),
        ([allow("dynamodb:GetItem", OWN.replace("orders", "items"))], ["dynamodb:GetItem"]),
        (
            [allow("dynamodb:GetItem", OWN), {"Effect": "Deny", "Action": "*", "Resource": "*"}],
            ["dynamodb:GetItem"],
        ),
    ],
)
def test_what_a_role_needs_is_asked_of_the_filled_in_template(
    statements: list[dict[str, Any]], missing: list[str]
) -> None:
    if missing == UNDECIDED:
        with pytest.raises(Undetermined):
            refused(policy(*statements), ["dynamodb:GetItem"], TABLE, "a.json")
    else:
        assert refused(policy(*statements), ["dynamodb:GetItem"], TABLE, "a.json") == missing


def test_actions_that_are_filled_in_later_decide_nothing() -> None:
    with pytest.raises(Undetermined, match="filled in later"):
        refused(policy(allow("${actions}", OWN)), ["dynamodb:GetItem"], TABLE, "a.json")
    with pytest.raises(ReadError, match="no IAM policy document"):
        too_wide("[]", "a.json")


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            [allow("s3:GetObject", "*") | {"Principal": "*"}],
            "which a policy of a role, user or group must not",
        ),
        ([allow("s3:GetObject", "*") | {"Sid": "a"}] * 2, "two statements have the Sid 'a'"),
        ([allow("s3:GetObject", "*") | {"Sid": "not allowed!"}], "letters and digits"),
    ],
)
def test_a_template_that_iam_would_refuse_is_no_policy(statements: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ReadError, match=said):
        too_wide(policy(*statements), "a.json")


def test_an_id_of_a_template_may_be_filled_in() -> None:
    twice = [allow("s3:GetObject", OWN) | {"Sid": sid} for sid in ("${sid}", "of-${sid}")]
    assert not too_wide(policy(*twice), "a.json")


@pytest.mark.parametrize(
    ("script", "uploads"),
    [
        ("aws s3 sync templates s3://mail-$1 --delete\n", True),
        ("aws s3 sync --delete --region af-south-1 templates/ s3://mail-sit/\n", True),
        ('bucket=mail-$1\nfor k in *; do\n  aws s3 cp "$k" "s3://$bucket/$k"\ndone\n', True),
        (
            'BUCKET="mail-${1}"\nTARGET=s3://$BUCKET\nif ! aws s3 cp --recursive . $TARGET; then exit; fi\n',
            True,
        ),
        ("AWS='aws --profile x'\n$AWS s3 cp a.html s3://mail-$1/a.html\n", True),
        ("aws s3 cp \\\n  a.html \\\n  s3://mail-sit/a.html\n", True),
        ("aws s3api put-object --bucket mail-sit --key a.html --body a.html\n", True),
        (
            'cd templates || exit 1\n[ -n "$1" ] || { echo usage; exit 2; }\naws s3 sync . s3://mail-$1\n',
            True,
        ),
        ("exit 0\n", False),
        ("", False),
        ("exit 0\naws s3 sync . s3://mail-sit\n", False),
        ("# aws s3 sync . s3://mail-sit\n", False),
        ("echo aws s3 sync . s3://mail-sit\n", False),
        ("echo 'aws s3 sync . s3://mail-sit'\n", False),
        ("cat <<EOF\naws s3 sync . s3://mail-sit\nEOF\n", False),
        ("aws s3 sync s3://mail-sit templates\n", False),
        ("aws s3 sync s3://mail-sit s3://backup\n", False),
        ("aws s3 cp a.html s3://other-sit/\n", False),
        ("aws s3 cp --dryrun a.html s3://mail-sit/\n", False),
        ("aws s3 ls s3://mail-sit\n", False),
        ("upload() { aws s3 sync . s3://mail-sit; }\necho uploaded\n", False),
        ("upload() { aws s3 sync . s3://mail-$1; }\nupload sit\n", True),
        ("false && aws s3 sync . s3://mail-sit\n", False),
        ("if false; then aws s3 sync . s3://mail-sit; fi\n", False),
        ('args=(s3 sync . "s3://mail-$1/")\naws "${args[@]}"\n', True),
    ],
)
def test_an_upload_is_seen_in_what_a_script_runs(script: str, uploads: bool) -> None:
    found = destinations("#!/bin/bash\nset -eu\n" + script)
    assert any(leads_to(it, "mail-sit") for it in found) is uploads


@pytest.mark.parametrize("script", ["python upload.py\n", "./others.sh $1\n", "aws s3 cp . s3://$BUCKET/\n"])
def test_what_is_decided_elsewhere_is_undetermined(script: str) -> None:
    with pytest.raises(Undetermined):
        any(leads_to(it, "mail-sit") for it in destinations(script))


@pytest.mark.parametrize(
    ("code", "keys"),
    [
        ('get("receipts/paid.html")', {"receipts/paid.html": True}),
        ('get("receipts/" + "paid.html")', {"receipts/paid.html": True}),
        ('FOLDER = "receipts"\nget(FOLDER + "/" + "paid.html")', {"receipts/paid.html": True}),
        ("const folder = 'receipts/';\nget(folder + 'paid.html');", {"receipts/paid.html": True}),
        ('get(os.path.join("receipts", "paid.html"))', {"receipts/paid.html": True}),
        ('get("receipts/"\n  + "paid"\n  + ".html")', {"receipts/paid.html": True}),
        ('get("receipts/" + name + ".html")', {".html": False}),
        ('get(folder + "paid.html")', {"paid.html": False}),
        ('get(os.path.join(folder, "paid.html"))', {"paid.html": False}),
        ('get(f"receipts/{name}.html")', {"receipts/{name}.html": False}),
        ("get(`receipts/${name}.html`)", {"receipts/${name}.html": False}),
        ('get("receipts/%s.html" % name)', {"receipts/%s.html": False}),
        ('get("receipts/{}.html".format(name))', {"receipts/{}.html": False}),
        ('get("receipts/NAME.html".replace("NAME", name))', {"receipts/NAME.html": False}),
        ('get("receipts/" + "paid" ".html")', {"receipts/paid.html": True}),
        ('get("receipts/paid.txt")', {}),
        ('KEY = ("receipts/"\n       "paid.html")', {"receipts/paid.html": True}),
        ('KEY = "receipts/" "paid.html"', {"paid.html": False}),
        ('get("receipts/%s" % "paid.html")', {"paid.html": False}),
        ('get(Path("receipts") / "paid.html")', {"paid.html": False}),
    ],
)
def test_a_key_is_put_together_or_known_not_to_be_whole(code: str, keys: dict[str, bool]) -> None:
    assert {key: is_whole for key, _, is_whole in template_keys(code)} == keys


OF_NO_KEY = {
    ".py": """\
'''Sends receipts/paid.html.'''
# was "receipts/old.html"
def send():
    \"\"\"'receipts/other.html' is next.\"\"\"
    body = \"\"\"<a href="terms.html">terms</a>
    \"\"\"
    see("https://example.com/docs/index.html", '# "old.html"')
    return get("KEY") # get("receipts/late.html")
""",
    ".js": """\
// "receipts/old.html"
/* get("receipts/other.html")
   "receipts/more.html" */
const body = `
  <a href="terms.html">terms</a>
`;
get("KEY"); // get('receipts/late.html')
see("https://example.com/docs/index.html");
""",
}
CALLS = {
    'get("receipts/paid.html")': {"receipts/paid.html": True},
    'get("receipts/PAID.HTML")': {"receipts/PAID.HTML": True},
    'get("receipts\\/paid.html")': {"receipts\\/paid.html": False},
    'get("receipts/paid." + format)': {"receipts/paid.": False},
    'say("a/b." + more)': {"a/b.": False},
    'say("it is a/b. " + more)': {},
    r"""say("it\x27s \"here\""); get("a.html")""": {"a.html": True},
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("language", OF_NO_KEY)
def test_what_is_told_to_readers_names_no_key(language: str, call: str) -> None:
    found = [*template_keys(f"{OF_NO_KEY[language]}\n{call}", language)]
    assert {key: is_whole for key, _, is_whole in found} == CALLS[call]
    assert {line for _, line, _ in found} <= {OF_NO_KEY[language].count("\n") + 2}


@pytest.mark.parametrize(
    ("code", "language", "keys"),
    [
        ('get(f"receipts/paid.{format}")', ".py", {"receipts/paid.{format}": False}),
        ("get(`receipts/paid.${format}`)", ".ts", {"receipts/paid.${format}": False}),
        ('get("""receipts/paid.html""")', ".py", {"receipts/paid.html": True}),
        ('String KEY = "receipts/paid.html"; // "no.html"', ".java", {"receipts/paid.html": True}),
        ("key := `receipts/paid.html`", ".go", {"receipts/paid.html": True}),
        ("half = total // 2; get('a.html')", ".py", {"a.html": True}),
    ],
)
def test_keys_are_read_in_each_language(code: str, language: str, keys: dict[str, bool]) -> None:
    assert {key: is_whole for key, _, is_whole in template_keys(code, language)} == keys


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        ("lambda/send/main.py", True),
        ("lambda/send/Handler.java", True),
        ("lambda/contest/latest.js", True),
        ("lambda/send/tests/test_main.py", False),
        ("lambda/send/test_main.py", False),
        ("lambda/send/main_test.go", False),
        ("lambda/send/main.spec.ts", False),
        ("lambda/send/node_modules/x/index.js", False),
        ("lambda/send/README.md", False),
    ],
)
def test_tests_and_the_code_of_others_are_no_code_of_a_function(path: str, runs: bool) -> None:
    assert is_code_that_runs(path) is runs
