"""The consent page of the stand-ins for trackers' vendors, in three languages."""

from collections.abc import Mapping

from challenges_app.kit.words import Language

TEXTS: Mapping[Language, Mapping[str, str]] = {
    "zh-Hant": {
        "title": "替身",
        "what": "這一頁代替真正的網站作示範。人和步數都是虛構的，不會連接外面的系統。",
        "who": "以誰的帳戶繼續？",
        "asks": "e+ Life 想讀取每日步數。",
        "approve": "允許",
        "refuse": "拒絕",
    },
    "zh-Hans": {
        "title": "替身",
        "what": "这一页代替真正的网站作演示。人和步数都是虚构的，不会连接外面的系统。",
        "who": "以谁的账户继续？",
        "asks": "e+ Life 想读取每日步数。",
        "approve": "允许",
        "refuse": "拒绝",
    },
    "en": {
        "title": "stand-in",
        "what": "This page stands in for the real site in a demo. People and steps are invented; nobody else is asked.",
        "who": "Go on with whose account?",
        "asks": "e+ Life asks to read the steps of each day.",
        "approve": "Allow",
        "refuse": "Refuse",
    },
}

PAGE = """<!doctype html>
<html lang="{{ language }}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ brand }}: {{ texts.title }}</title>
<style>
  :root { color-scheme: light dark; }
  body { max-width: 30rem; margin: 0 auto; padding: 1.5rem 1rem; font: 1.0625rem/1.6 system-ui, sans-serif; }
  .what { padding: .75rem 1rem; border: 2px dashed; border-radius: .75rem; }
  fieldset { display: grid; gap: .5rem; margin: 1.5rem 0; padding: 0; border: 0; }
  label { display: flex; align-items: center; gap: .75rem; min-height: 3rem; padding: 0 1rem; border: 1px solid;
    border-radius: .75rem; }
  button { min-height: 3rem; padding: 0 1.5rem; border: 2px solid; border-radius: 2rem;
    font: inherit; cursor: pointer; }
</style>
<h1>{{ brand }}: {{ texts.title }}</h1>
<p class="what">{{ texts.what }}</p>
<p>{{ texts.asks }}</p>
<form method="post">
  <fieldset>
    <legend>{{ texts.who }}</legend>
    {% for id, person in people.items() %}
    <label><input type="radio" name="person" value="{{ id }}" {{ "checked" if loop.first }}> {{ person }}</label>
    {% endfor %}
  </fieldset>
  <button name="refuse" value="1">{{ texts.refuse }}</button>
  <button>{{ texts.approve }}</button>
</form>
</html>
"""
