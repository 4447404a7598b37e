"""House rules on what people read, on the server and in the page; each says the rule and the harm that made it."""

import json
import re
import string
from collections.abc import Iterator, Mapping

import pytest

from challenges_app.kit.words import LANGUAGES, catalogue
from tests.house.conftest import ROOT

WEB_WORDS = ROOT / "webapp" / "src" / "words"

# Two older standards tell the scripts apart: GB 2312 holds the simplified characters, Big5 the traditional ones.
# Hong Kong writes 着, which Big5 has not; the others are in both sets, but in these words one script's only.
HONG_KONG_TOO = set("着")
OF_THE_OTHER = {
    "zh-Hant": r"[之以最然前背]后|后[來面台備]|[這那哪家園書心班校]里|里面|联|干[淨杯]|准備|台灣|(?<!茶)几個|于是|关于",
    "zh-Hans": r"裏|裡|後|於|麼|甚么|係|祇",
}
# What is said otherwise here: machine-made, of another place, rude, or another word for what already has one.
NOT_HERE = {
    "zh-Hant": {
        "手機": "流動電話", "智能電話": "流動電話", "信息": "資料", "網路": "網絡", "程序": "程式",
        "軟體": "軟件", "登錄": "登入", "默認": "預設", "激活": "啟用", "視頻": "影片", "QR 碼": "二維碼",
        "條碼": "二維碼", "用戶": "你、帳戶", "裡": "裏", "帳號": "帳戶", "賬": "帳", "身分證": "身份證",
        "身份核實": "身分核實", "照片": "相片", "金幣": "健康積分", "管理人": "管理員",
        "第二重認證": "第二重驗證", "鐘數": "時段", "多過": "超過", "用不到": "不能使用", "做代碼": "製作代碼",
        "邀請碼": "邀請代碼", "e+ Life": "e+ 生活", "您": "你", "！": "。",
    },
    "zh-Hans": {
        "流动电话": "手机", "登入": "登录", "登出": "退出登录", "应用程式": "应用", "帐": "账", "透过": "通过",
        "链结": "链接", "档案": "文件", "资讯": "信息", "列印": "打印", "萤幕": "屏幕", "软体": "软件",
        "设定": "设置", "载入": "加载", "电邮": "邮箱", "网路": "网络", "QR 码": "二维码", "部设备": "台设备",
        "金币": "健康积分", "照顾者": "照护者", "支援": "支持", "储存": "保存", "钟点": "时段",
        "用不到": "无法使用", "e+ Life": "e+ 生活", "您": "你", "！": "。",
    },
    "en": {
        "!": ".", "login": "sign in", "log in": "sign in", " email": "e-mail", "click": "press",
        "mobile phone": "phone", "sealed": "encrypted", "gold coin": "health coin", "administrator": "admin",
        "second factor": "second step",
    },
}  # fmt: skip


def books() -> Iterator[tuple[str, dict[str, Mapping[str, str]]]]:
    """The server's texts and every book of the page's words, each in three languages."""
    yield "server", {language: catalogue(language) for language in LANGUAGES}
    for folder in sorted({path.parent for path in WEB_WORDS.rglob("*.json")}):
        yield folder.name, {each: json.loads((folder / f"{each}.json").read_text("utf-8")) for each in LANGUAGES}


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str, str]]:
    """Everything that is said: its language, its book and key, and the text."""
    return [
        (language, f"{book}: {key}", text)
        for book, said in books()
        for language, words in said.items()
        for key, text in words.items()
    ]


def test_word_lists_have_the_same_keys_and_places_in_three_languages() -> None:
    """A missing key shows its name to a child; a missing place shows braces."""
    for book, said in books():
        hant, hans, en = (said[each] for each in ("zh-Hant", "zh-Hans", "en"))
        assert hant.keys() == hans.keys() == en.keys(), book
        for key in hant:
            assert _places(hant[key]) == _places(hans[key]) == _places(en[key]), key


def test_scripts_are_never_mixed(texts: list[tuple[str, str, str]]) -> None:
    """One simplified character in a traditional text tells every reader that a machine wrote it."""
    strange = {"zh-Hant": _only_simplified, "zh-Hans": _not_simplified}
    wrong = {
        f"{where} {sorted(found)}"
        for language, where, text in texts
        if language in strange and (found := {each for each in text if strange[language](each)})
    }
    assert wrong == set()


def test_words_of_one_script_do_not_stand_in_the_other(texts: list[tuple[str, str, str]]) -> None:
    """後 and 后 are characters of both; 以后 in a traditional text is as wrong as a simplified character."""
    wrong = {
        f"{where}: {found[0]}"
        for language, where, text in texts
        if language in OF_THE_OTHER and (found := re.search(OF_THE_OTHER[language], text))
    }
    assert wrong == set()


def test_one_thing_has_one_name(texts: list[tuple[str, str, str]]) -> None:
    """A reader who meets 手機 on one screen and 流動電話 on the next looks for a difference that is not there."""
    wrong = {
        f"{where}: {term}, here {instead}"
        for language, where, text in texts
        for term, instead in NOT_HERE[language].items()
        if term in _without_names(text)
    }
    assert wrong == set()


def test_chinese_has_its_own_punctuation(texts: list[tuple[str, str, str]]) -> None:
    """Half-width commas between Han characters look like a slip of the keyboard; so do another script's quotes."""
    half = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?!\w)|\.\.\.")
    quotes = {"zh-Hant": re.compile("[“”\"']"), "zh-Hans": re.compile("[「」『』\"']")}
    wrong = {
        where
        for language, where, text in texts
        if language in quotes and (half.search(text) or quotes[language].search(text))
    }
    assert wrong == set()


def _has(character: str, standard: str) -> bool:
    try:
        character.encode(standard)
    except UnicodeEncodeError:
        return False
    return True


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _only_simplified(character: str) -> bool:
    """Whether only simplified texts have it: 这, but not 人."""
    own = _has(character, "gb2312") and not _has(character, "big5")
    return _is_han(character) and own and character not in HONG_KONG_TOO


def _not_simplified(character: str) -> bool:
    """Whether no simplified text has it: 這, but not 人."""
    return _is_han(character) and not _has(character, "gb2312")


def _without_names(text: str) -> str:
    """The text without names of keys in braces, which are nobody's to read."""
    return re.sub(r"\{\w+\}", "", text)


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
