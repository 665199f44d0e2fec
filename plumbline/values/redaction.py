"""Keeps secrets out of what is written: by the key that they stand under, and by what they look like."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Any

from plumbline.values.sensitive import SENSITIVE, is_sensitive, unmarked
from plumbline.values.shown import whole

REDACTED = "(redacted)"

_SECRET = re.compile(
    r"password|secret(?!sarn)|sessiontoken|authtoken|privatekey|credential|plaintext|apikey|externalid",
    re.IGNORECASE,
)
_IS_SECRET = re.compile(r"(password|passwd|passcode|passphrase|pwd|secret|token)$", re.IGNORECASE)
"""Keys under which whatever stands is a secret, and no setting of one: `MinimumPasswordLength` is one."""
_HOLDS_SECRETS = re.compile(r"^(environment|variables|userdata)$", re.IGNORECASE)
"""Keys under which users keep what they like, secrets among it."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_TELLING = frozenset(
    {"pass", "passwd", "passcode", "passphrase", "pwd", "pw", "token", "tokens", "signature", "webhook"}
    | {"bearer", "jwt", "otp", "psk", "seed", "cookie", "creds", "dockerconfigjson", "passwords", "secrets"}
)
"""What the last word of a key is under which secrets stand: `DB_PASS`, `SlackWebhook`."""
_KEYS = frozenset(
    {"access", "api", "auth", "private", "secret", "signing", "license", "shared", "hmac"}
    | {"routing", "integration", "subscription", "jwt", "unseal", "activation", "storage", "session"}
)
"""What stands before `key` in the name of one that is a secret, and not of one that names something."""
_MAY_TELL = frozenset(
    {"key", "auth", "authorization", "code", "codes", "dsn", "hmac", "nonce", "pepper", "salt"}
)
"""The last words of keys under which a name or a setting may stand, and a secret."""
_NO_SECRET = frozenset({"next", "continuation", "client", "request", "pagination", "starting"})
"""What stands before `token` where it only says where an answer goes on, or which request it was."""
_BESIDE = frozenset({"value", "string", "hash", "text", "pem", "old", "new"})
_PAIRS = tuple(
    (f"{of}{name}", f"{of}{value}")
    for of in ("", "Parameter", "Option", "parameter_")
    for name, value in (("Key", "Value"), ("Name", "Value"), ("key", "value"), ("name", "value"))
)
"""What holds a name, and what holds what is called so: a tag, a variable, a parameter of a stack."""

_FORMS = (
    r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
    r"\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{20,}",
    r"\bgithub_pat_\w{20,}",
    r"\bgl(?:pat|rt|dt|ptt|cbt|ft|soat|imt|agent|ffct)-[\w-]{16,}",
    r"\bxox[a-z]-[\w-]{8,}",
    r"\bxapp-[\w-]{8,}",
    r"https://hooks\.slack\.com/[\w/+-]+",
    r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/[\w/-]+",
    r"(?s)-----? ?BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)? ?-----?"
    r".*?(?:-----? ?END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)? ?-----?|\z)",
    r"\bAGE-SECRET-KEY-1[A-Z0-9]{50,}",
    r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*",
    r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}",
    r"\bsk-[\w-]{20,}",
    r"\bAIza[\w-]{35}",
    r"\bnpm_[A-Za-z0-9]{36}",
    r"\bpypi-[\w-]{40,}",
    r"\bSG\.[\w-]{16,}\.[\w-]{16,}",
    r"\bhv[sbr]\.[\w-]{20,}",
    r"\bdckr_[a-z]+_[\w-]{20,}",
    r"\bdo[opr]_v1_[a-f0-9]{32,}",
    r"\b(?:hf|glsa|glc|whsec|ntn|secret|figd|pscale_[a-z]+|sntr[a-z]+|rubygems|lin_api|shp(?:at|ca|pa|ss)|pul|fm2)"
    r"[_-][A-Za-z0-9]{32,}(?:_[0-9a-f]+)?",
    r"\bdapi[0-9a-f]{32}",
    r"\bSSWS\s+[\w-]{30,}",
    r"\b(?:NRAK|PMAK|HRKU|ATATT3|ATCTT3|xkeysib|sq0[a-z]{3})-?[\w-]{20,}=*[0-9A-F]*",
    r"\bdp\.(?:pt|st|ct|sa)\.[\w.-]{30,}",
    r"\bdt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{40,}",
    r"\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}",
    r"\b[0-9]{8,10}:AA[\w-]{30,}",
    r"https://events\.(?:eu\.)?pagerduty\.com/(?:integration|x-ere)/[\w/-]+",
    r"https://alert\.victorops\.com/integrations/[\w/.-]+",
    r"https://(?:outlook|[\w-]+\.webhook)\.office\.com/[\w/@-]+",
    r"https://maker\.ifttt\.com/[\w/-]+",
    r"https://hc-ping\.com/[\w/-]+",
    r"https://uptime\.betterstack\.com/api/v1/incoming-webhook/[\w/-]+",
    r"https://hooks\.zapier\.com/[\w/-]+",
    r"https://api\.telegram\.org/[\w:/-]+",
    r"https://[\w.-]+/(?:[\w-]+/)*(?:in(?:coming)?-?)?(?:web)?hooks?/(?:[\w-]+/)*[A-Za-z0-9]{16,}[\w/-]*",
    r"https://hook\.[\w.]+/[A-Za-z0-9]{16,}",
    r"[?&](?:key|code|auth)=[A-Za-z0-9_]{20,}[A-Za-z0-9_=%-]*",
    r"\bjdbc:oracle:\w+:[^/\s\"'@]+/[^\s\"'@]+@",
    r"\b(?:SK|key-|sbp_)[0-9a-f]{32,40}\b",
    r"\b[0-9a-f]{32}-us[0-9]{1,2}\b",
    r"\b(?:EAAA|EAAC|AKCp|ATBB|nfp_|gsk_|r8_|tskey-[a-z]+-|ops_eyJ)[\w-]{24,}",
    r"\b\w{3}[0-9]Q~[\w~.-]{31,34}",
    r"\beyJ[\w-]{8,}(?:\.[\w-]{8,}){4}",
    r"\b[Bb]earer\s+[A-Za-z0-9+/=._~-]{4,}[0-9][A-Za-z0-9+/=._~-]*",
    r"\b[Bb]asic\s+[A-Za-z0-9+/]{6,}[0-9][A-Za-z0-9+/]*=*",
    r"\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz|AQoDYXdz|AQoEXAMPLE)[\w/+=-]{20,}",
    r"\bya29\.[\w-]{20,}",
    r"\b1//0[\w-]{20,}",
    r"\bGOCSPX-[\w-]{20,}",
    r"\bLS0tLS1CRUdJTi[\w/+=]+",
    r"(?s)\bPrivate-Lines: [0-9]+\r?\n.*?(?:\r?\nPrivate-MAC: \w+|\z)",
    r"\$(?:1|apr1|2[abxy]|5|6|y|7|argon2[id]+)\$[^\s\"']{20,}",
    r"\b(?:sshpass|docker\s+login|mysql(?:dump)?)\b[^\n|;&]*\s-p[ =]?[^\s\"'-][^\s\"']*",
    r"(?i:\b(?:set-)?cookie:\s*)[^\s=;]+=[^\s;\"']{8,}",
    r"\\?[\"']?\b_?auth\b\\?[\"']?\s*[:=]\s*\\?[\"']?[A-Za-z0-9+/]{6,}[0-9=][A-Za-z0-9+/=]*",
    r"\bcurl\b[^\n|;&]*\s(?:-u|--user)[ =]?\s*[^\s\"':]+:[^\s\"']+",
    r"(?i:\bauthorization\b\\?[\"']?\s*[:=]\s*\\?[\"']?(?:bearer|basic|token|digest|api-?key|key)\s+[^\s\"'\\]+)",
    r"(?i:\bauthorization\b\\?[\"']?\s*:\s*)[^\s\"'\\:]*[0-9][^\s\"'\\]{5,}",
)
"""What tokens look like, as those who give them out say."""
_OF_URL = r"(\b[A-Za-z][A-Za-z0-9+.-]*://)([^/\s\"'@:]*:[^/\s\"']*|[^/\s\"'@:]{20,})@"
"""Up to the last `@`: a password may hold one."""
_WORDS = (
    r"(?:passw(?:or)?d|passphrase|passcode|_pass|_pw|\bpw|pwd|secret(?:[_-]?key)?(?:[_-]base)?|token|signature|"
    r"credential|(?:api|access|account|private|subscription|routing|integration|signing|sentry)[_-]?key)"
)
_QUOTED = r"\\\"(?:[^\"\\]|\\[^\"])+(?:\\\"|\z)|\"(?:[^\"\\]|\\.)+(?:\"|\z)|'[^']+(?:'|\z)"
_ASSIGNED = (
    rf"(?i)(<[\w:.-]*{_WORDS}>\s*|(?:{_WORDS}|[?&]sig)(?:\\?[\"']?\]?\s*=\s*|\\?[\"']\s*:\s*|:\s+)|(?:passw(?:or)?d|\bpwd?):)"
    rf"({_QUOTED}|\\?[\"']?[^\s\"'\\&,;<>{{}}()]{{4,}})"
)
"""A quoted value up to its closing quote, also where the quotes are escaped; another one up to a blank."""
_PAIRED = (
    rf"(?i)(\b(?:key|name)\\?[\"']?\s*[:=]\s*\\?[\"']?[\w.-]*{_WORDS}\\?[\"']?\s*,\s*\\?[\"']?value\\?[\"']?"
    rf"\s*[:=]\s*)({_QUOTED}|[^\s\"'\\,}}]+)"
)
"""A pair as tags and variables of containers are written: the name, then what it is."""
_OPTION = (
    rf"(?i)(--[\w-]*{_WORDS}(?:-(?:string|value|text))?\s+)"
    rf"({_QUOTED}|[A-Za-z][^\s\"'\\,;]{{4,}}[0-9][^\s\"'\\,;]*)"
)
_SAID = rf"(?i)(\bpassw(?:or)?d\s+(?:is\s+)?)({_QUOTED}|[A-Za-z][^\s\"'\\,;]{{6,}}[0-9][^\s\"'\\,;]*)"
"""What follows an option of a command, or the word itself, and holds a digit: few words do."""
_KEY_LIKE = r"[A-Za-z0-9/+]{40,}"
_AWS_SECRET_LENGTH = 40
_RANDOM = re.compile(r"(?=(?:\D*\d){3})(?=.*[A-Za-z])[A-Za-z0-9+_]{24,}={0,2}")
_LEAST_DIFFERENT_RANDOM = 10
"""What looks drawn at random: long, letters and digits, few of them the same."""
_KINDS_OF_CHARACTERS = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"))
_LEAST_DIFFERENT = 18
"""How many different characters the 40 of a secret access key have at least; words repeat theirs."""


def redacted(value: Any) -> Any:
    """Return `value` with every secret in it replaced."""
    if isinstance(value, dict):
        named = {held: str(value[name]) for name, held in _PAIRS if name in value and held in value}
        return {_key(key): _under(named.get(key, str(key)), item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    if isinstance(value, int | Decimal) and is_sensitive(value):
        return SENSITIVE
    return concealed(value) if isinstance(value, str) else value


def concealed(text: str) -> str:
    """Return a text without what is sensitive in it, and what looks like a secret. It takes linear time."""
    forms, url, option, said, assigned, paired, key_like = _compiled()
    text = whole(unmarked(text))
    text = forms.sub(REDACTED, text)
    if "://" in text:
        text = url.sub(rf"\1{REDACTED}@", text)
    text = said.sub(_without_assigned, option.sub(_without_assigned, text))
    if any(it in text for it in ":=>"):
        text = paired.sub(_without_assigned, assigned.sub(_without_assigned, text))
    return key_like.sub(_without_key, text) if len(text) >= _AWS_SECRET_LENGTH else text


def tells(key: str) -> bool:
    """Whether a secret stands under a key by what it is called."""
    if _SECRET.search(key):
        return True
    words = _words(key)
    while words and words[-1] in _BESIDE:
        words.pop()
    before, last = ["", "", *words][-2:]
    if last == "key":
        return before in _KEYS
    if last == "url":
        return before in ("webhook", "hook", "slack")
    return last in _TELLING and before not in _NO_SECRET


def _may_tell(key: str) -> bool:
    return not _MAY_TELL.isdisjoint(_words(key)[-1:])


def _is_random(value: str) -> bool:
    return _RANDOM.fullmatch(value) is not None and len({*value}) >= _LEAST_DIFFERENT_RANDOM


def _words(key: str) -> list[str]:
    """Return the words of a key: `db` and `pass` of `DB_PASS` and of `dbPass`."""
    return [it.lower() for it in _WORD.findall(key)]


def is_left_out(value: Any) -> bool:
    """Whether a value stands for one that was left out of a file."""
    return isinstance(value, str) and value in (REDACTED, SENSITIVE)


def leaves_out(told: str) -> bool:
    """Whether something was left out of a text that is shown."""
    return REDACTED in told or SENSITIVE in told


def _key(key: Any) -> Any:
    return unmarked(key) if isinstance(key, str) else key


def _under(key: str, value: Any) -> Any:
    if tells(key) and isinstance(value, str | bytes) and value:
        return REDACTED
    if isinstance(value, str) and _may_tell(key) and _is_random(value):
        return REDACTED
    if tells(key) and isinstance(value, list):
        return [_under(key, item) for item in value]
    if _IS_SECRET.search(key) and not isinstance(value, str | bytes):
        return _without_any(value)
    if _HOLDS_SECRETS.match(key) and isinstance(value, dict):
        return dict.fromkeys(value, REDACTED)
    if _HOLDS_SECRETS.match(key) and isinstance(value, list):
        return [_named_alone(item) if isinstance(item, dict) else redacted(item) for item in value]
    return redacted(value)


def _without_any(value: Any) -> Any:
    """Return what stands under a key that is a secret: its structure, and what says yes or no, are none."""
    if isinstance(value, dict):
        return {key: _without_any(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_any(item) for item in value]
    return value if isinstance(value, bool) or value in (None, "", b"") else REDACTED


def _named_alone(variable: dict[str, Any]) -> dict[str, Any]:
    """Return a variable of a container with its name, and without its value; or a block of variables."""
    return {key: REDACTED if key.lower() == "value" else _under(key, it) for key, it in variable.items()}


@cache
def _compiled() -> tuple[Any, ...]:
    """The forms for RE2, which never goes back in what it reads."""
    import re2  # type: ignore[import-untyped]

    return tuple(
        re2.compile(it) for it in ("|".join(_FORMS), _OF_URL, _OPTION, _SAID, _ASSIGNED, _PAIRED, _KEY_LIKE)
    )


def _without_assigned(found: Any) -> str:
    name, value = found.group(1), found.group(2)
    named = value.strip("\\\"'").startswith(("arn:", "$", "http:", "https:", "true", "false", "null"))
    quote = next((it for it in ('\\"', '"', "'") if value.startswith(it)), "")
    return found.group(0) if named else f"{name}{quote}{REDACTED}{quote if value.endswith(quote) else ''}"


def _without_key(found: Any) -> str:
    """Leave out what is as long and as mixed as a secret access key. Source: IAM API, "AccessKey"."""
    text: str = found.group(0)
    mixed = all(kind.search(text) for kind in _KINDS_OF_CHARACTERS)
    is_key = len(text) == _AWS_SECRET_LENGTH and mixed and len({*text}) >= _LEAST_DIFFERENT
    return REDACTED if is_key else text
