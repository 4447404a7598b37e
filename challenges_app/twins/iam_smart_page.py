"""The one page of the stand-in for iAM Smart, in three languages."""

from collections.abc import Mapping

from challenges_app.kit.words import Language

TEXTS: Mapping[Language, Mapping[str, str]] = {
    "zh-Hant": {
        "title": "「智方便」替身",
        "what": "這一頁代替「智方便」作示範。人和號碼都是虛構的，不會連接政府系統。",
        "who": "以誰的身分繼續？",
        "asks": "e+ Life 想取得姓名和身份證號碼，用作核實身分。",
        "approve": "授權",
        "refuse": "拒絕",
    },
    "zh-Hans": {
        "title": "“智方便”替身",
        "what": "这一页代替“智方便”作演示。人和号码都是虚构的，不会连接政府系统。",
        "who": "以谁的身份继续？",
        "asks": "e+ Life 想取得姓名和身份证号码，用于核实身份。",
        "approve": "授权",
        "refuse": "拒绝",
    },
    "en": {
        "title": "Stand-in for iAM Smart",
        "what": "This page takes iAM Smart's place in a demo. People and numbers are invented; no government system is asked.",  # noqa: E501
        "who": "Go on as whom?",
        "asks": "e+ Life asks for the name and identity card number, to check the identity.",
        "approve": "Approve",
        "refuse": "Refuse",
    },
}

PAGE = """<!doctype html>
<html lang="{{ language }}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ texts.title }}</title>
<style>
  :root { color-scheme: light dark; }
  body { max-width: 30rem; margin: 0 auto; padding: 1.5rem 1rem; font: 1.0625rem/1.6 system-ui, sans-serif; }
  h1 { font-size: 1.5rem; line-height: 1.3; }
  .what { padding: .75rem 1rem; border: 2px dashed; border-radius: .75rem; }
  fieldset { display: grid; gap: .5rem; margin: 1.5rem 0; padding: 0; border: 0; }
  legend { padding: 0 0 .5rem; font-weight: 600; }
  label { display: flex; align-items: center; gap: .75rem; min-height: 3rem; padding: 0 1rem; border: 1px solid;
    border-radius: .75rem; }
  .acts { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
  button { min-height: 3rem; border: 2px solid; border-radius: 2rem; font: inherit; font-weight: 600; cursor: pointer; }
</style>
<h1>{{ texts.title }}</h1>
<p class="what">{{ texts.what }}</p>
<p>{{ texts.asks }}</p>
<form method="post">
  <fieldset>
    <legend>{{ texts.who }}</legend>
    {% for id, person in persons.items() %}
    <label><input type="radio" name="person" value="{{ id }}" {{ "checked" if loop.first }}> {{ person[name] }}</label>
    {% endfor %}
  </fieldset>
  <div class="acts">
    <button name="refuse" value="1">{{ texts.refuse }}</button>
    <button>{{ texts.approve }}</button>
  </div>
</form>
</html>
"""
