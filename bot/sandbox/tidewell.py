"""The texts of Tidewell Notes, an invented app: twelve locales, one long description.

It knows sentences and nothing else. German is kept near Apple's limit of 4,000
characters; some locales lack a subtitle or promotional text, as in real life.
"""

from __future__ import annotations

from collections.abc import Mapping

_GERMAN = (
    "Tidewell ist der ruhige Ort für alles, was dir durch den Kopf geht. "
    "Schreib einen Gedanken auf, bevor er wieder verschwindet, und finde "
    "ihn Jahre später in einer Sekunde wieder. Keine Werbung, kein Konto, "
    "kein Durcheinander: nur deine Notizen, schnell und auf jedem deiner "
    "Geräte.\n"
    "\n"
    "SCHNELLER ALS DER GEDANKE\n"
    "Tidewell öffnet sich mit einer leeren Seite und blinkendem Cursor. "
    "Tippe, diktiere oder fotografiere ein Blatt Papier; alles wird sofort "
    "gesichert, auch im Flugzeug und im Funkloch. Vom Sperrbildschirm bis "
    "zur ersten Zeile vergeht weniger als eine Sekunde. Wer lieber spricht,"
    " hält die Seitentaste gedrückt und redet einfach los: Tidewell setzt "
    "Punkt und Komma, erkennt Listen und merkt sich, wo du warst.\n"
    "\n"
    "• Neue Notiz vom Sperrbildschirm, aus dem Kontrollzentrum oder mit "
    "Siri\n"
    "• Diktat mit Satzzeichen in vierzehn Sprachen, ganz ohne Internet\n"
    "• Papier einscannen und den Text darin später durchsuchen\n"
    "• Schnipsel aus jeder anderen App mit zwei Fingertipps sammeln\n"
    "\n"
    "ORDNUNG, DIE VON SELBST ENTSTEHT\n"
    "Ordner sind erlaubt, aber nicht nötig. Tidewell liest mit, was "
    "zusammengehört, und legt verwandte Notizen nebeneinander wie Muscheln "
    "nach der Flut. Schlagwörter schlägt die App vor, du nickst nur. "
    "Aufgaben, die irgendwo im Text stehen, erscheinen gesammelt in einer "
    "einzigen Liste, mit Datum und Erinnerung. Und was du lange nicht "
    "angesehen hast, sinkt leise auf den Grund, bis du es wieder brauchst.\n"
    "\n"
    "• Schlagwörter, Ordner und Verweise zwischen Notizen\n"
    "• Alle offenen Aufgaben auf einer Seite, sortiert nach Tag\n"
    "• Gezeiten: ein wöchentlicher Rückblick auf das, was liegen blieb\n"
    "• Vorlagen für Tagebuch, Sitzung, Rezept, Reise und Lesenotiz\n"
    "\n"
    "FINDEN STATT SUCHEN\n"
    "Gib zwei Buchstaben ein und die Suche zeigt Treffer in Texten, Fotos, "
    "Handschrift und angehängten PDF. Sie versteht auch ungenaue Fragen "
    "wie „die Notiz vom Zug im März“ und verzeiht Tippfehler. Gespeicherte "
    "Suchen halten sich selbst auf dem neuesten Stand. In langen Texten "
    "springst du mit einer Wischgeste von Fundstelle zu Fundstelle, und "
    "ein Fingertipp bringt dich dorthin zurück, wo du gerade geschrieben "
    "hast.\n"
    "\n"
    "SCHREIBEN, DAS SPASS MACHT\n"
    "Überschriften, Listen, Tabellen, Code und Formeln entstehen beim "
    "Tippen, mit Markdown oder ganz ohne. Der Fokusmodus blendet alles aus "
    "bis auf den Absatz, an dem du arbeitest. Sechs Schriften, drei davon "
    "eigens für lange Texte gestaltet, und ein Papierton, der sich dem "
    "Licht im Zimmer anpasst.\n"
    "\n"
    "• Zeichnen mit dem Apple Pencil mitten im Text\n"
    "• Tabellen, die rechnen können\n"
    "• Ausgabe als PDF, Markdown, HTML oder schöner Brief\n"
    "• Vorlesen lassen, ausdrucken oder als Buch binden\n"
    "• Versionen: jede Fassung der letzten zwölf Monate\n"
    "\n"
    "DEINE NOTIZEN GEHÖREN DIR\n"
    "Alles wird auf deinem Gerät verschlüsselt, bevor es in deine iCloud "
    "wandert. Wir sehen nichts, wir sammeln nichts und wir verkaufen "
    "nichts. Einzelne Notizen schützt du mit Face ID. Mit einem Fingertipp "
    "nimmst du alles mit, in offenen Formaten, die auch in zwanzig Jahren "
    "noch jemand lesen kann.\n"
    "\n"
    "GEMEINSAM AM SELBEN BLATT\n"
    "Teile eine Notiz mit der Familie oder dem Team und schreibt "
    "gleichzeitig. Farben zeigen, wer gerade wo ist, Kommentare bleiben am "
    "Rand, und jede Änderung lässt sich zurücknehmen.\n"
    "\n"
    "AUF ALLEN GERÄTEN ZU HAUSE\n"
    "Angefangen auf dem iPhone, weitergeschrieben auf dem iPad, fertig "
    "gemacht am Mac: Tidewell merkt sich die Stelle und sogar den Cursor. "
    "Auf der Apple Watch diktierst du beim Spaziergang, auf dem "
    "Sperrbildschirm steht die Notiz, die du heute brauchst, und "
    "Kurzbefehle verbinden alles mit dem Rest deines Tages.\n"
    "\n"
    "• Widgets in jeder Größe, auch für die Einkaufsliste\n"
    "• Bedienungshilfen: VoiceOver, große Schrift, volle Tastatursteuerung\n"
    "\n"
    "TIDEWELL PLUS\n"
    "Die App ist kostenlos und bleibt es. Tidewell Plus bringt unbegrenzte "
    "Scans, längere Versionen und gemeinsame Ordner für 2,99 € im Monat "
    "oder 24,99 € im Jahr. Das Abo verlängert sich, wenn du es nicht "
    "mindestens 24 Stunden vor Ablauf in den Einstellungen kündigst.\n"
    "\n"
    "Fragen, Wünsche, Kritik? Ein Mensch antwortet dir: "
    "hallo@tidewell.example.com"
)

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en-US": {
        "name": "Tidewell Notes",
        "subtitle": "Calm notes that find you",
        "keywords": (
            "notebook,journal,memo,checklist,writing,diary,todo,scan,markdown,sync,private,pencil"
        ),
        "promotionalText": (
            "New: the weekly Tide brings back what you meant to finish. Free for everyone."
        ),
        "description": (
            "Tidewell is the quiet place for everything on your mind. Write a "
            "thought down before it drifts off, and find it again years later in a "
            "second. No ads, no account, no clutter. 🌊\n"
            "\n"
            "CATCH IT QUICKLY\n"
            "• A new note from the lock screen in under a second\n"
            "• Dictation with punctuation, even offline\n"
            "• Scan paper and search the words on it\n"
            "\n"
            "LET ORDER HAPPEN\n"
            "• Related notes drift together by themselves\n"
            "• Every open task on one page\n"
            "• The Tide: a weekly look at what was left behind\n"
            "\n"
            "YOURS ALONE\n"
            "Notes are encrypted on your device before they reach your iCloud. "
            "Take everything with you in open formats whenever you like. 🐚\n"
            "\n"
            "Questions? A person answers: hello@tidewell.example.com"
        ),
    },
    "de-DE": {
        "name": "Tidewell Notizen",
        "subtitle": "Notizen, die dich finden",
        "keywords": (
            "notizbuch,tagebuch,merkzettel,aufgaben,schreiben,liste,scannen,diktat,markdown,privat"
        ),
        "promotionalText": "Neu: Gezeiten, der wöchentliche Rückblick auf das, was liegen blieb.",
        "description": _GERMAN,
    },
    "fr-FR": {
        "name": "Tidewell Notes",
        "subtitle": "Vos idées, au calme",
        "keywords": (
            "carnet,journal,mémo,liste,écriture,tâches,scanner,dictée,markdown,privé,idées"
        ),
        "promotionalText": (
            "Nouveau : la Marée vous rapporte chaque semaine ce que vous aviez laissé de côté."
        ),
        "description": (
            "Tidewell est l’endroit tranquille où déposer tout ce qui vous passe "
            "par la tête. Notez une idée avant qu’elle ne s’échappe et "
            "retrouvez-la des années plus tard en une seconde.\n"
            "\n"
            "• Une nouvelle note depuis l’écran verrouillé\n"
            "• Dictée avec ponctuation, même hors ligne\n"
            "• Toutes vos tâches sur une seule page\n"
            "• Chiffré sur l’appareil avant d’atteindre votre iCloud\n"
            "\n"
            "Une question ? Quelqu’un vous répond : bonjour@tidewell.example.com"
        ),
    },
    "es-ES": {
        "name": "Tidewell Notas",
        "subtitle": "Notas en calma",
        "keywords": (
            "cuaderno,diario,apuntes,lista,tareas,escribir,escanear,dictado,markdown,privado"
        ),
        "description": (
            "Tidewell es el lugar tranquilo para todo lo que tienes en la cabeza. "
            "Anota una idea antes de que se la lleve la corriente y encuéntrala "
            "años después en un segundo.\n"
            "\n"
            "• Una nota nueva desde la pantalla bloqueada\n"
            "• Dictado con puntuación, incluso sin conexión\n"
            "• Todas tus tareas pendientes en una página\n"
            "• Cifrado en tu dispositivo antes de llegar a tu iCloud\n"
            "\n"
            "¿Preguntas? Te responde una persona: hola@tidewell.example.com"
        ),
    },
    "it": {
        "name": "Tidewell Note",
        "keywords": (
            "taccuino,diario,appunti,lista,attività,scrivere,scanner,dettatura,markdown,privato"
        ),
        "promotionalText": (
            "Novità: la Marea riporta ogni settimana ciò che avevi lasciato in sospeso."
        ),
        "description": (
            "Tidewell è il posto tranquillo per tutto ciò che hai in mente. Scrivi "
            "un pensiero prima che se lo porti via la corrente e ritrovalo anni "
            "dopo in un secondo.\n"
            "\n"
            "• Una nuova nota dalla schermata di blocco\n"
            "• Dettatura con punteggiatura, anche offline\n"
            "• Tutte le attività aperte in una sola pagina\n"
            "• Cifrato sul dispositivo prima di raggiungere il tuo iCloud"
        ),
    },
    "ja": {
        "name": "Tidewell ノート",
        "subtitle": "静かに書けるメモ帳",
        "keywords": (
            "メモ,日記,ノート,手帳,リスト,やること,書く,スキャン,音声入力,マークダウン,付箋,備忘録"
        ),
        "promotionalText": "新登場「潮」。書きかけのまま残ったメモを、毎週そっと届けます。",
        "description": (
            "Tidewell は、頭に浮かんだことを静かに書き留める場所です。"
            "思いついた瞬間に書き、何年たっても一秒で見つかります。"
            "広告もアカウント登録もありません。\n"
            "\n"
            "【すぐに書ける】\n"
            "・ロック画面から一秒で新しいメモ\n"
            "・句読点まで入る音声入力（オフライン対応）\n"
            "・紙をスキャンして文字を検索\n"
            "\n"
            "【自然に片づく】\n"
            "・関連するメモが自動で隣り合います\n"
            "・やりかけの項目を一ページに表示\n"
            "\n"
            "【あなただけのもの】\n"
            "メモは端末の中で暗号化されてから iCloud に保存されます。\n"
            "\n"
            "お問い合わせ：konnichiwa@tidewell.example.com"
        ),
    },
    "ko": {
        "name": "Tidewell 노트",
        "subtitle": "조용히 쓰는 메모",
        "keywords": "메모,일기,노트,수첩,목록,할일,글쓰기,스캔,받아쓰기,마크다운,개인정보",
        "promotionalText": "새로운 기능: 매주 ‘물때’가 미처 끝내지 못한 메모를 다시 가져다줍니다.",
        "description": (
            "Tidewell은 머릿속에 떠오르는 모든 것을 조용히 적어 두는 곳입니다. "
            "생각이 흘러가기 전에 적고, 몇 년 뒤에도 1초 만에 찾으세요.\n"
            "\n"
            "• 잠금 화면에서 바로 새 메모\n"
            "• 오프라인에서도 되는 받아쓰기\n"
            "• 남은 할 일을 한 페이지에서\n"
            "• 기기에서 암호화된 뒤 iCloud에 저장"
        ),
    },
    "th": {
        "name": "Tidewell โน้ต",
        "subtitle": "จดอย่างสงบ",
        "keywords": "บันทึก,ไดอารี่,สมุดจด,รายการ,งาน,เขียน,สแกน,พิมพ์ด้วยเสียง,ส่วนตัว",
        "promotionalText": "ใหม่: น้ำขึ้นน้ำลง พาโน้ตที่ค้างไว้กลับมาหาคุณทุกสัปดาห์",
        "description": (
            "Tidewell คือที่เงียบสงบสำหรับทุกเรื่องในใจคุณ "
            "จดความคิดไว้ก่อนที่มันจะลอยหายไป แล้วค้นเจอได้ในหนึ่งวินาทีแม้ผ่านไปหลายปี\n"
            "\n"
            "• เปิดโน้ตใหม่จากหน้าจอล็อก\n"
            "• พิมพ์ด้วยเสียงแม้ไม่มีอินเทอร์เน็ต\n"
            "• งานที่ค้างทั้งหมดอยู่ในหน้าเดียว\n"
            "• เข้ารหัสบนเครื่องก่อนส่งไปยัง iCloud ของคุณ"
        ),
    },
    "ar-SA": {
        "name": "ملاحظات Tidewell",
        "subtitle": "ملاحظات هادئة تجدك",
        "keywords": "مفكرة,يوميات,مذكرات,قائمة,مهام,كتابة,مسح,إملاء,خصوصية",
        "promotionalText": "جديد: المدّ الأسبوعي يعيد إليك ما تركته دون إكمال.",
        "description": (
            "Tidewell هو المكان الهادئ لكل ما يدور في ذهنك. اكتب الفكرة قبل أن "
            "تنجرف بعيدًا، واعثر عليها بعد سنوات في ثانية واحدة.\n"
            "\n"
            "• ملاحظة جديدة من شاشة القفل\n"
            "• إملاء مع علامات الترقيم دون اتصال\n"
            "• كل المهام المفتوحة في صفحة واحدة\n"
            "• تُشفَّر على جهازك قبل أن تصل إلى iCloud الخاص بك"
        ),
    },
    "he": {
        "name": "פתקים Tidewell",
        "keywords": "פנקס,יומן,תזכורת,רשימה,משימות,כתיבה,סריקה,הכתבה,פרטיות",
        "description": (
            "Tidewell הוא המקום השקט לכל מה שעובר לכם בראש. כתבו מחשבה לפני שהיא "
            "נסחפת, ומצאו אותה שנים אחר כך בשנייה.\n"
            "\n"
            "• פתק חדש ממסך הנעילה\n"
            "• הכתבה עם סימני פיסוק, גם בלי אינטרנט\n"
            "• כל המשימות הפתוחות בעמוד אחד\n"
            "• מוצפן במכשיר לפני שהוא מגיע ל-iCloud שלכם"
        ),
    },
    "pt-BR": {
        "name": "Tidewell Notas",
        "subtitle": "Anotações com calma",
        "keywords": (
            "caderno,diário,lembrete,lista,tarefas,escrever,escanear,ditado,markdown,privado"
        ),
        "promotionalText": (
            "Novidade: a Maré traz de volta, toda semana, o que você deixou pela metade."
        ),
        "description": (
            "Tidewell é o lugar tranquilo para tudo o que passa pela sua cabeça. "
            "Anote uma ideia antes que a corrente a leve e encontre-a anos depois "
            "em um segundo.\n"
            "\n"
            "• Uma nova nota direto da tela bloqueada\n"
            "• Ditado com pontuação, mesmo sem internet\n"
            "• Todas as tarefas em uma única página\n"
            "• Criptografado no aparelho antes de chegar ao seu iCloud"
        ),
    },
    "zh-Hans": {
        "name": "Tidewell 笔记",
        "subtitle": "安静书写，随时找到",
        "keywords": "记事本,日记,备忘录,清单,待办,写作,扫描,听写,便签,手账,灵感,隐私",
        "promotionalText": "全新“潮汐”：每周为你带回那些写到一半的笔记。",
        "description": (
            "Tidewell 是安放所有念头的安静角落。趁想法还没溜走就写下来，"
            "多年以后一秒钟找到它。没有广告，无需注册。\n"
            "\n"
            "• 锁定屏幕上一秒新建笔记\n"
            "• 离线也能用的听写，自动加标点\n"
            "• 所有待办集中在一页\n"
            "• 先在设备上加密，再存入你的 iCloud"
        ),
    },
}
