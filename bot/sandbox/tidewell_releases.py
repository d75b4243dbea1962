"""What is new in the versions of Tidewell Notes, an invented app, in the locales that say so."""

from __future__ import annotations

from collections.abc import Mapping

RELEASE_NOTES: Mapping[str, Mapping[str, str]] = {
    "2.3.0": {
        "en-US": ("Faster search, calmer colors and a fix for scans that came out sideways."),
        "de-DE": "Schnellere Suche, ruhigere Farben und keine quer liegenden Scans mehr.",
        "fr-FR": (
            "Recherche plus rapide, couleurs plus douces et numérisations remises à l’endroit."
        ),
        "es-ES": ("Búsqueda más rápida, colores más suaves y escaneos que ya no salen girados."),
        "it": ("Ricerca più veloce, colori più riposanti e scansioni finalmente dritte."),
        "ja": ("検索が速くなり、配色が落ち着き、横向きになるスキャンの不具合を直しました。"),
        "ko": "검색이 빨라지고 색이 차분해졌으며 옆으로 눕던 스캔을 고쳤습니다.",
        "th": "ค้นหาเร็วขึ้น สีสบายตาขึ้น และแก้ไขการสแกนที่กลับด้าน",
        "ar-SA": "بحث أسرع وألوان أهدأ وإصلاح المسح الذي كان يظهر بالعرض.",
        "he": "חיפוש מהיר יותר, צבעים רגועים ותיקון לסריקות שיצאו על הצד.",
        "pt-BR": (
            "Busca mais rápida, cores mais calmas e digitalizações que não saem mais de lado."
        ),
        "zh-Hans": "搜索更快，配色更柔和，并修复扫描件方向错误的问题。",
    },
    "2.4.0": {
        "en-US": (
            "Meet the Tide: once a week, Tidewell brings back the notes you left unfinished."
        ),
        "de-DE": ("Neu: Gezeiten. Einmal in der Woche bringt Tidewell zurück, was unfertig blieb."),
        "fr-FR": ("Voici la Marée : chaque semaine, vos notes inachevées reviennent à vous."),
        "es-ES": ("Llega la Marea: cada semana, Tidewell te devuelve las notas sin terminar."),
        "ja": "新機能「潮」：書きかけのメモを週に一度お届けします。",
        "ko": "새로운 ‘물때’: 끝내지 못한 메모를 일주일에 한 번 다시 보여 줍니다.",
        "pt-BR": "Conheça a Maré: uma vez por semana, suas notas inacabadas voltam.",
        "zh-Hans": "认识“潮汐”：每周一次，带回你未写完的笔记。",
    },
}
