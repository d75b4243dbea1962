"""The texts of Orrery Sky, an invented app that waits for its release: twelve locales.

It knows sentences and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en-US": {
        "name": "Orrery Sky",
        "subtitle": "Planets in your pocket",
        "keywords": (
            "astronomy,stars,planets,moon,telescope,constellation,night,eclipse,meteor,space"
        ),
        "promotionalText": "Jupiter is at its brightest this month. Step outside and look east. 🪐",
        "description": (
            "Hold your phone up to the night and Orrery Sky tells you what you are "
            "looking at. 120,000 stars, every planet and all the moons you can see "
            "from your garden, drawn where they really are. ✨\n"
            "\n"
            "• Works without a signal, in the middle of nowhere\n"
            "• A brass orrery you can turn by hand, 4,000 years in both directions\n"
            "• Red light mode keeps your eyes in the dark\n"
            "• Tonight at a glance: rise, set and the best hour to look"
        ),
    },
    "de-DE": {
        "name": "Orrery Sky",
        "subtitle": "Planeten für die Tasche",
        "keywords": ("astronomie,sterne,planeten,mond,teleskop,sternbild,nacht,finsternis,weltall"),
        "promotionalText": (
            "Jupiter leuchtet in diesem Monat am hellsten. Geh hinaus und schau nach Osten."
        ),
        "description": (
            "Halte dein Telefon in die Nacht und Orrery Sky sagt dir, was du "
            "siehst: 120.000 Sterne, alle Planeten und ihre Monde, genau dort, wo "
            "sie stehen.\n"
            "\n"
            "• Funktioniert ohne Empfang\n"
            "• Ein Planetarium aus Messing zum Drehen\n"
            "• Rotlicht für Augen, die im Dunkeln bleiben"
        ),
    },
    "fr-FR": {
        "name": "Orrery Sky",
        "subtitle": "Les planètes en poche",
        "keywords": (
            "astronomie,étoiles,planètes,lune,télescope,constellation,nuit,éclipse,espace"
        ),
        "promotionalText": "Jupiter brille ce mois-ci comme jamais. Sortez et regardez vers l’est.",
        "description": (
            "Levez votre téléphone vers la nuit et Orrery Sky vous dit ce que vous "
            "voyez : 120 000 étoiles, toutes les planètes et leurs lunes, "
            "exactement là où elles se trouvent."
        ),
    },
    "es-ES": {
        "name": "Orrery Sky",
        "subtitle": "Planetas en tu bolsillo",
        "keywords": ("astronomía,estrellas,planetas,luna,telescopio,constelación,noche,eclipse"),
        "description": (
            "Apunta con el móvil a la noche y Orrery Sky te dice qué estás "
            "mirando: 120.000 estrellas, todos los planetas y sus lunas, justo "
            "donde están."
        ),
    },
    "it": {
        "name": "Orrery Sky",
        "subtitle": "Pianeti in tasca",
        "keywords": "astronomia,stelle,pianeti,luna,telescopio,costellazione,notte,eclissi",
        "promotionalText": "Giove è al massimo della luminosità. Esci e guarda verso est.",
        "description": (
            "Alza il telefono verso la notte e Orrery Sky ti dice che cosa stai "
            "guardando: 120.000 stelle, tutti i pianeti e le loro lune, proprio "
            "dove si trovano."
        ),
    },
    "ja": {
        "name": "Orrery Sky",
        "subtitle": "手のひらの天体儀",
        "keywords": "天文,星,惑星,月,望遠鏡,星座,夜空,月食,流星群,宇宙,天体観測",
        "promotionalText": "今月は木星がいちばん明るく見えます。東の空を見上げてみましょう。",
        "description": (
            "夜空に向けるだけで、見えている星の名前がわかります。十二万の星、"
            "すべての惑星とその月を、実際の位置に描きます。\n"
            "\n"
            "・電波の届かない場所でも使えます\n"
            "・手で回せる真鍮の天体儀\n"
            "・暗さに慣れた目を守る赤色モード"
        ),
    },
    "ko": {
        "name": "Orrery Sky",
        "subtitle": "주머니 속 행성",
        "keywords": "천문,별,행성,달,망원경,별자리,밤하늘,월식,유성우,우주",
        "description": (
            "휴대폰을 밤하늘로 들어 올리면 지금 보고 있는 별을 알려 줍니다. 별 "
            "12만 개와 모든 행성을 제자리에 그립니다."
        ),
    },
    "th": {
        "name": "Orrery Sky",
        "subtitle": "ดาวเคราะห์ในกระเป๋า",
        "keywords": "ดาราศาสตร์,ดาว,ดาวเคราะห์,ดวงจันทร์,กล้องดูดาว,กลุ่มดาว,กลางคืน",
        "promotionalText": "เดือนนี้ดาวพฤหัสบดีสว่างที่สุด ลองออกไปมองทางทิศตะวันออก",
        "description": (
            "ยกโทรศัพท์ขึ้นสู่ท้องฟ้ายามค่ำคืน แล้ว Orrery Sky จะบอกว่าคุณกำลังมองอะไร ดาว "
            "120,000 ดวงและดาวเคราะห์ทุกดวงในตำแหน่งจริง"
        ),
    },
    "ar-SA": {
        "name": "Orrery Sky",
        "subtitle": "الكواكب في جيبك",
        "keywords": "فلك,نجوم,كواكب,قمر,تلسكوب,كوكبة,ليل,كسوف,فضاء",
        "promotionalText": "المشتري في أوج سطوعه هذا الشهر. اخرج وانظر نحو الشرق.",
        "description": (
            "ارفع هاتفك نحو الليل وسيخبرك Orrery Sky بما تراه: ١٢٠ ألف نجم وكل "
            "الكواكب وأقمارها في مواضعها الحقيقية."
        ),
    },
    "he": {
        "name": "Orrery Sky",
        "subtitle": "כוכבי לכת בכיס",
        "keywords": "אסטרונומיה,כוכבים,ירח,טלסקופ,קבוצת כוכבים,לילה,ליקוי,חלל",
        "description": (
            "הרימו את הטלפון אל הלילה ו-Orrery Sky יספר לכם על מה אתם מסתכלים: 120,"
            "000 כוכבים במקומם האמיתי."
        ),
    },
    "pt-BR": {
        "name": "Orrery Sky",
        "subtitle": "Planetas no seu bolso",
        "keywords": "astronomia,estrelas,planetas,lua,telescópio,constelação,noite,eclipse",
        "promotionalText": "Júpiter está no auge do brilho este mês. Saia e olhe para o leste.",
        "description": (
            "Aponte o celular para a noite e o Orrery Sky diz o que você está "
            "vendo: 120 mil estrelas, todos os planetas e suas luas, exatamente "
            "onde estão."
        ),
    },
    "zh-Hans": {
        "name": "Orrery Sky 星空",
        "subtitle": "口袋里的行星仪",
        "keywords": "天文,星星,行星,月亮,望远镜,星座,夜空,日食,流星雨,宇宙,观星",
        "promotionalText": "本月木星最亮，出门朝东看看吧。",
        "description": (
            "举起手机对准夜空，Orrery Sky 就会告诉你看到的是什么。十二万颗恒星、"
            "所有行星及其卫星，都画在真实的位置。"
        ),
    },
}

RELEASE_NOTES: Mapping[str, Mapping[str, str]] = {
    "1.8": {
        "en-US": "Meteor showers, with the hour when they are at their best.",
        "de-DE": "Sternschnuppen, mit der besten Stunde zum Hinsehen.",
        "fr-FR": "Les pluies d’étoiles filantes, avec la meilleure heure pour les voir.",
        "es-ES": "Lluvias de estrellas, con la mejor hora para verlas.",
        "it": "Piogge di meteore, con l’ora migliore per guardarle.",
        "ja": "流星群と、見頃の時間がわかるようになりました。",
        "ko": "유성우와 가장 보기 좋은 시각을 알려 드립니다.",
        "th": "ฝนดาวตก พร้อมเวลาที่เหมาะที่สุดในการชม",
        "ar-SA": "زخات الشهب مع أفضل ساعة لمشاهدتها.",
        "he": "מטרי מטאורים, עם השעה הטובה ביותר לצפייה.",
        "pt-BR": "Chuvas de meteoros, com a melhor hora para vê-las.",
        "zh-Hans": "新增流星雨预报与最佳观赏时间。",
    },
    "1.9": {
        "en-US": ("The brass orrery now chimes on the hour, and eclipses have their own page."),
        "de-DE": (
            "Das Planetarium schlägt zur vollen Stunde, Finsternisse haben ihre eigene Seite."
        ),
        "fr-FR": "L’orrery sonne à chaque heure et les éclipses ont leur page.",
        "es-ES": "El planetario da las horas y los eclipses tienen su propia página.",
        "it": "Il planetario batte le ore e le eclissi hanno la loro pagina.",
        "ja": "天体儀が毎正時に鳴るようになり、日食・月食のページができました。",
        "ko": "정각마다 천체의가 울리고 일식·월식 페이지가 생겼습니다.",
        "th": "เครื่องจำลองระบบสุริยะตีบอกเวลา และมีหน้าสำหรับอุปราคา",
        "ar-SA": "أصبح المجسّم يدقّ كل ساعة، وللكسوف صفحة خاصة.",
        "he": "הדגם מצלצל בכל שעה עגולה, ולליקויים יש עמוד משלהם.",
        "pt-BR": ("O planetário agora toca a cada hora e os eclipses ganharam página própria."),
        "zh-Hans": "行星仪整点鸣响，日食与月食有了专属页面。",
    },
}
