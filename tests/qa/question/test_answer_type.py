"""Types of answers: the wording of questions, and what sentences contain."""

import pytest

from qa.question.answer_type import (
    answers_type,
    contains_answer_type,
    counted_noun,
    counts,
    expected_answer_type,
    lacking_attribute,
    lacks_required_type,
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many ships were protected in 2019?", "number"),
        ("By what percentage did exports fall?", "number"),
        ("What was the unemployment rate when the minister spoke?", "number"),
        ("How did the number of attacks change between 2016 and 2020?", "number"),
        ("Wie viele Mitglieder hatte der Rat?", "number"),
        ("Quel pourcentage des ménages est équipé ?", "number"),
        ("¿Cuántas misiones hubo en 2019?", "number"),
        ("輸出額はいくらか。", "number"),
        ("普及率は何％か。", "number"),
        ("When did the mission begin?", "date"),
        ("Since when has the tax applied?", "date"),
        ("Seit wann gilt das Gesetz?", "date"),
        ("En quelle année le traité fut-il signé ?", "date"),
        ("¿Cuándo empezó la misión?", "date"),
        ("サービスが始まったのはいつか。", "date"),
        ("刊行が始まったのは何年か。", "date"),
        ("Quanti traghetti affondarono?", "number"),
        ("Quantos barcos afundaram?", "number"),
        ("Hoeveel schepen zonken er?", "number"),
        ("Ile statków zatonęło?", "number"),
        ("Hvor mange skibe sank?", "number"),
        ("2019年沉没了多少艘船？", "number"),
        ("Wanneer werd de haven gesloten?", "date"),
        ("In quale anno chiuse il porto?", "date"),
        ("港口是什么时候关闭的？", "date"),
        ("Waarom werd de haven gesloten?", "reason"),
        ("Hvorfor lukkede havnen?", "reason"),
        ("Why did the harbour close?", "reason"),
        ("What caused the fire?", "reason"),
        ("Warum stiegen die Preise?", "reason"),
        ("Pourquoi les prix ont-ils augmenté ?", "reason"),
        ("¿Por qué cerró el puerto?", "reason"),
        ("なぜ港は閉鎖されたのか。", "reason"),
        ("What happened when the treaty expired?", None),
        ("Perché il porto fu chiuso quando gelò?", "reason"),
        ("多大な被害を受けた地域はどこですか。", None),
        ("What is the policy of the Ile-de-France region?", None),
        ("Who moved to Ile de France?", None),
        ("What did the bridge cost?", "number"),
        ("How expensive was the bridge?", "number"),
        ("What will the bridge cost to build?", "number"),
        ("What did the repairs of the ferry to Ness cost in 2018?", "number"),
        ("What has the bridge cost the town?", "number"),
        ("What did the council say the bridge would cost?", "number"),
        ("How much did it cost?", "number"),
        ("What were the costs of the bridge?", "number"),
        ("What did the ministry do to cut costs?", None),
        ("What did the ministry do to meet the cost?", None),
        ("What does the report say about costs?", None),
        ("What did the report say about the cost of the bridge?", None),
        ("What has the council done about the rising costs of housing?", None),
        ("What did rising cost mean for the town?", None),
        ("What has the town paid for to keep the farmers?", None),
        ("Was kostete die Brücke?", "number"),
        ("Which ministry is responsible?", None),
        ("Which day care centres were opened?", None),
        ("What date palms grow there?", None),
        ("Which days was it closed?", "date"),
        ("How fast do the ferries sail?", "number"),
        ("How tall is the lighthouse?", "number"),
        ("所管する省はどこか。", None),
    ],
)
def test_the_wording_of_a_question_tells_the_type_of_its_answer(question: str, expected: str | None) -> None:
    assert expected_answer_type(question) == expected


@pytest.mark.parametrize(
    ("sentence", "is_number", "is_date"),
    [
        ("Exports rose to 12 million tons.", True, False),
        ("Exports rose in 2019.", False, True),
        ("The talks resumed in March.", False, True),
        ("Ships may sail.", False, False),
        ("The rover landed on Mars.", False, False),
        ("The Mayo Clinic opened a ward.", False, False),
        ("It fell in May and rose in early March.", False, True),
        ("Das Gesetz gilt seit 3. mai.", True, True),
        ("3月に始まった。", True, True),
        ("Since May the harbour has been closed.", False, True),
        ("It was signed before May.", False, True),
        ("It sailed during May.", False, True),
        ("It was closed between March and May.", False, True),
        ("It opens this August.", False, True),
        ("It was open for March.", False, True),
        ("It was lost after March.", False, True),
        ("Der Juni war nass.", False, True),
        ("June was wet.", False, True),
        ("Seit Mai ist der Hafen geschlossen.", False, True),
        ("Depuis mai, le port est fermé.", False, True),
        ("Sinds Mei is de haven gesloten.", False, True),
        ("It was written for May Clay.", False, False),
        ("It was built for Mars.", False, False),
        ("Twelve states signed.", True, False),
        ("Note 31: Pirates seize ships (see Table 3-1).", False, False),
        ("- 4) Talks go on under Article 9.", False, False),
        ("図表3-1に示すとおりである。", False, False),
        ("Table 3 lists 14 states.", True, False),
    ],
)
def test_sentences_contain_numbers_and_dates(sentence: str, is_number: bool, is_date: bool) -> None:
    assert contains_answer_type(sentence, "number") is is_number
    assert contains_answer_type(sentence, "date") is is_date
    assert contains_answer_type(sentence, None) is False


@pytest.mark.parametrize(
    ("question", "sentence", "answers"),
    [
        ("What percentage of the fleet sank?", "Some 54 boats sank.", False),
        ("What share of the fleet sank?", "A third of the 60 boats sank.", True),
        ("Welcher Anteil der Flotte sank?", "12,5 Prozent sanken.", True),
        ("What share of the fleet sank?", "Fleet | 12.5", True),  # the head of the column may say "%"
        ("In what year did the ferry sink?", "It sank in June.", False),
        ("In what year did the ferry sink?", "It sank in 1911.", True),
        ("When did the ferry sink?", "It sank in June.", True),
    ],
)
def test_a_share_and_a_year_are_narrower_than_a_number_and_a_date(
    question: str, sentence: str, *, answers: bool
) -> None:
    assert answers_type(sentence, expected_answer_type(question), question) == answers


@pytest.mark.parametrize(
    ("question", "answer", "lacking"),
    [
        ("How many of the 12 buoys were lit?", "All 12 buoys were lit.", None),
        ("How many buoys were lit?", "The buoys were lit by the pilots.", "number"),
        ("How many buoys were lit?", "The buoys were lit on 30 September.", "number"),
        ("How many buoys were lit?", "The buoys were lit on September 30th.", "number"),
        ("How many buoys were lit?", "The buoys were lit by 30 seamen.", None),
        ("How many buoys were lit?", "The buoys are described in Annex 3 and paragraph 12.", "number"),
        ("How many buoys were lit?", "The buoys were lit on the 3d of May.", "number"),
        ("In what year was the 1951 convention signed?", "It was signed in 1951.", None),
        ("In what year was the convention signed?", "The convention was signed.", "date"),
        ("When does the museum close?", "It closes at dusk.", None),
        ("How often does the board meet?", "It meets every week.", None),
        ("How much was the dividend per share?", "The dividend was 2.40 kroner.", None),
        ("What share of the members voted?", "Two in five members voted: 14 of the 35.", None),
        ("What share of the members voted?", "The members voted for 54 boats.", "number"),
        ("What did the drill cost?", "Drills were held in April and October.", "number"),
        ("What did the drill cost?", "The drill cost £4,100.", None),
        ("How much was spent on the 88 lamps?", "The 88 lamps were replaced.", "number"),
        ("How much was spent on the lamps?", "| Lamps | 4,100 |", None),
        ("Combien a coûté la tournée ?", "La tournée a duré trois semaines.", "number"),
        ("What does entry cost?", "Entry is free.", None),
        ("What salary does the pilot receive?", "The pilot has served since 31 May 2017.", "number"),
        ("What did the trust pay for the mill?", "The mill was bought with two houses in 2019.", "number"),
        ("What did the trust pay for the mill?", "Mill, freehold | 40", None),
        ("Was kostete die Mühle?", "Mill, freehold | 40", None),
        ("How many readers did the paper have?", "Income from readers rose by 3.4% in Q4 2019.", "number"),
        ("How many readers did the paper have?", "It closed for 35 days and lost $3.2 million.", "number"),
        ("How many readers did the paper have?", "Sales rose by 3.4% to 812 readers.", None),
        ("How many dollars were lost?", "It lost $3.2 million.", None),
        ("How many days was the library closed?", "In the closure 1,370 readers rang.", "number"),
        ("How many days was the library closed?", "It reopened after three weeks.", None),
        ("Quantos mortos houve?", "A erupção durou 62 dias.", "number"),
        ("图书馆闭馆多少天?", "闭馆期间朗读1,370人次。", "number"),
        ("图书馆闭馆多少天?", "闭馆45天。", None),
        ("When did the cutter enter service?", "The cutter was ordered from a yard in Ness.", "date"),
        ("When did the cutter enter service?", "She entered service in the spring.", None),
        ("Wann wurde der Turm gestrichen?", "Der Turm wurde gestrichen.", "date"),
        ("¿Cuánto gana el farero?", "El farero atendió 120 barcos.", "number"),
        ("¿Cuánto gana el farero?", "El farero recibe 900 euros.", None),
        ("Wie viel verdient der Wärter?", "Der Wärter half 120 Schiffen.", "number"),
        ("Combien gagne le gardien ?", "Le gardien a aidé 120 navires.", "number"),
        ("Was wird der neue Turm kosten?", "Der neue Turm wird 40 Meter hoch.", "number"),
        ("Was wird der neue Turm kosten?", "Der neue Turm wird 4 Millionen Euro kosten.", None),
    ],
)
def test_numbers_shares_amounts_and_times_are_required(question: str, answer: str, lacking: str | None) -> None:
    assert lacks_required_type(question, [answer]) == lacking


@pytest.mark.parametrize(
    ("sentence", "is_year"),
    [
        ("The bridge was begun in 1176.", True),
        ("The old bridge dates from 1176.", True),
        ("The bridge was begun in the spring of 1176.", True),
        ("The bridge was begun on 3 May 1176.", True),
        ("Stone bridge (1176)", True),
        ("1176: first stone of the bridge", True),
        ("The bridge was built 1176–1209.", True),
        ("The bridge was begun in AD 79.", True),
        ("The bridge was begun in 44 BC.", True),
        ("In 910, the bridge was begun.", True),
        ("Die Brücke wurde im Jahr 912 begonnen.", True),
        ("Die Brücke wurde 79 n. Chr. begonnen.", True),
        ("Le pont fut commencé en 1176.", True),
        ("El puente se empezó en el año 912.", True),
        ("Bron byggdes år 1345.", True),
        ("1176年に起工した。", True),
        ("紀元前44年に起工した。", True),
        ("始建于公元605年。", True),
        ("The bridge is 1176 feet long.", False),
        ("The bridge needed 1345 oaks.", False),
        ("The sum of 1200 was paid.", False),
        ("It rose by 1200 to 1400.", False),
        ("The bridge cost 1,345 marks.", False),
        ("It took 120 days, with 79 masons.", False),
        ("In 300 cases nothing was found.", False),
        ("橋に130年かかった。", False),
        ("100年間続いた。", False),
        ("1200隻の船が着いた。", False),
    ],
)
def test_a_year_before_1500_is_read_by_the_words_and_signs_beside_it(sentence: str, *, is_year: bool) -> None:
    assert lacks_required_type("In what year was the bridge begun?", [sentence]) == (None if is_year else "date")
    assert answers_type(sentence, "date", "In what year was the bridge begun?") == is_year


def test_an_amount_in_a_sentence_about_something_else_is_none_asked_for() -> None:
    question, keeper, budget = (
        "How much does the keeper earn?",
        "The keeper helped 120 ships.",
        "It was 4 million euros.",
    )
    assert lacks_required_type(question, [keeper, budget]) == "number"
    assert lacks_required_type(question, [budget, keeper]) is None
    assert lacks_required_type(question, [keeper, "For that the keeper was paid 900 euros."]) is None
    assert lacks_required_type(question, ["Ein Wärter half 120 Schiffen.", "Er bekam 900 Euro."]) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The cause was a worn bolt.",
        "Ursache war ein alter Bolzen.",
        "La cause était un vieux boulon.",
        "El retraso se debe a la niebla.",
        "De oorzaak was mist.",
        "Przyczyną była mgła.",
        "Årsagen var tåge.",
        "Orsaken var dimma.",
        "원인은 안개였다.",
    ],
)
def test_words_of_cause_are_reasons(sentence: str) -> None:
    assert contains_answer_type(sentence, "reason")


def test_a_number_of_the_question_is_no_answer() -> None:
    assert not answers_type("All 14 members agreed.", "number", "How many of the 14 members agreed?")
    assert answers_type("Of the 14 members 9 agreed.", "number", "How many of the 14 members agreed?")


@pytest.mark.parametrize(
    ("sentence", "is_reason"),
    [
        ("The harbour closed because of ice.", True),
        ("Prices rose, owing to the drought.", True),
        ("Die Preise stiegen wegen der Dürre.", True),
        ("La hausse tient à la sécheresse.", True),
        ("氷のため港は閉鎖された。", True),
        ("The harbour has closed since 2012.", False),
        ("The harbour closed in January.", False),
    ],
)
def test_sentences_contain_words_of_reason(sentence: str, is_reason: bool) -> None:
    assert contains_answer_type(sentence, "reason") is is_reason


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("How many silver spoons were found?", "spoons"),
        ("How many tonnes of smoked herring were sold in 2019?", "herring"),
        ("How many people work at the mill?", None),
        ("How many of the members voted?", "members"),
        ("Wie viele neue Brücken wurden 2019 gebaut?", "Brücken"),
        ("Combien d'écoles ont fermé ?", "écoles"),
        ("Combien de tonnes de blé ont été récoltées ?", "blé"),
        ("¿Cuántas toneladas de salmón se desembarcaron?", "salmón"),
        ("Quante tonnellate di grano furono raccolte?", "grano"),
        ("Hoeveel hectare maïs werd er geteeld?", "maïs"),
        ("Hoeveel ton werd er geoogst?", "ton"),
        ("Wie viele Tonnen Weizen wurden geerntet?", "Weizen"),
        ("Wie viele Tonnen wurden geerntet?", "Tonnen"),
        # what follows the unit is no thing
        ("Wie viele Tonnen transportierte die Bahn?", "Tonnen"),
        ("Wie viele Tonnen transportierte Norland?", "Tonnen"),
        ("Wie viele Tonnen wurden unter Tage gefördert?", "Tonnen"),
        ("Wie viele Tonnen weniger waren es?", "Tonnen"),
        ("Wie viele Hektar im Norden wurden verkauft?", "Hektar"),
        ("Wie viele Meter hoch ist der Turm?", "Meter"),
        ("Hoeveel ton verwerkte de haven?", "ton"),
        ("Hoeveel ton nam de haven op?", "ton"),
        ("Hoeveel meter hoog is de toren?", "meter"),
        ("Hur många ton hanterade hamnen?", "ton"),
        ("Hur många ton såldes?", "ton"),
        ("Hvor mange tons landede flåden?", "tons"),
        # what follows it is one
        ("Hoeveel ton ijzererts verwerkte de haven?", "ijzererts"),
        ("Hoeveel ton aarde werd verplaatst?", "aarde"),
        ("Hoeveel ton vis?", "vis"),
        ("Hur många ton fisk landades?", "fisk"),
        ("Hvor mange tonn fisk ble landet?", "fisk"),
        ("Wie viele Tonnen frischer Fisch wurden verkauft?", "Fisch"),
        ("Wie viele Tonnen der Ernte wurden verkauft?", "Ernte"),
        # articles and scales
        ("¿Cuántas toneladas de la pesca se vendieron?", "pesca"),
        ("Combien de tonnes de la pêche furent vendues ?", "pêche"),
        ("Combien de tonnes de l'usine furent vendues ?", "usine"),
        ("Quante tonnellate del grano furono vendute?", "grano"),
        ("Wie viele Millionen Menschen leben dort?", None),
        ("Hoeveel miljoen mensen wonen er?", None),
        ("Wie viele Millionen Fahrgäste hatte die Bahn?", "Fahrgäste"),
        ("Hoeveel miljoen passagiers kwamen er?", "passagiers"),
        ("Wie viele Millionen Tonnen Kohle wurden gefördert?", "Kohle"),
        ("Hoeveel miljoen ton vis werd gevangen?", "vis"),
        ("¿Cuántos millones de toneladas de trigo se vendieron?", "trigo"),
        ("¿Cuántos barcos se construyeron?", "barcos"),
        ("Hoeveel bruggen werden er gebouwd?", "bruggen"),
        ("Quante navi affondarono?", "navi"),
        ("Quanto costa il ponte?", None),
        ("Hoeveel bedroeg de winst?", None),
        ("How much did the port spend on average?", None),
        ("How much did the port spend on dredging in 2019?", "dredging"),
        ("How much money was paid for the lighthouse?", "lighthouse"),
        ("How much did the bridge cost?", None),
        ("Which bridge was closed?", None),
    ],
)
def test_what_a_question_counts_is_found(question: str, noun: str | None) -> None:
    assert counted_noun(question) == noun


@pytest.mark.parametrize(
    ("sentence", "noun", "language", "counted"),
    [
        ("It was used by 44 seagoing vessels.", "vessels", "en", True),
        ("Three vessels were lost.", "vessels", "en", True),
        ("The vessels carried 44 people.", "vessels", "en", False),
        ("A lava destruiu 287 edifícios.", "edifícios", "pt", True),
        ("Es kamen 1.204 Kinder zur Welt.", "Kinder", "de", True),
        ("2.3 million passengers were carried.", "passengers", "en", True),
    ],
)
def test_a_number_counts_the_words_after_it(sentence: str, noun: str, language: str, *, counted: bool) -> None:
    assert counts(sentence, noun, language) == counted


@pytest.mark.parametrize(
    ("question", "row", "head", "lacking"),
    [
        ("What did the ferry ticket cost?", "Ferry ticket | 41 | 38", "Use of tickets\nTicket | 2020 | 2019", "number"),
        ("What did the ferry ticket cost?", "Ferry ticket | 41 | 38", "Ticket prices\nTicket | 2020 | 2019", None),
        ("What did the ferry ticket cost?", "Ferry ticket | 41 | 38", "Tickets, € each\nTicket | 2020 | 2019", None),
        ("Was hat die Karte gekostet?", "Karte | 41 | 38", "Anteile der Karten\nKarte | 2020 | 2019", "number"),
        ("Was hat die Karte gekostet?", "Karte | 41 | 38", "Preise\nKarte | 2020 | 2019", None),
        ("How many girls swim?", "Girls | 84.9 | 81.4", "Table 2. Swimming, per cent\nGroup | 2020 | 2019", "number"),
        ("How many girls swim?", "Girls | 849 | 814", "Table 2. Swimming, by group\nGroup | 2020 | 2019", None),
        ("Combien de filles nagent ?", "Filles | 84 | 81", "Natation, en pourcentage\nGroupe | 2020 | 2019", "number"),
        ("What percentage of girls swim?", "Girls | 84.9 | 81.4", "Swimming (%)\nGroup | 2020 | 2019", None),
    ],
)
def test_the_head_of_a_table_tells_what_its_figures_are(
    question: str, row: str, head: str, lacking: str | None
) -> None:
    assert lacks_required_type(question, [row], {row: head}) == lacking


def test_a_number_of_something_else_does_not_replace_a_percentage() -> None:
    row, head = "Girls | 84.9 | 81.4", "Swimming, per cent\nGroup | 2020 | 2019"
    question = "How many girls swim?"
    assert lacks_required_type(question, [row, "The girls had 340 lessons."], {row: head}) == "number"
    assert lacks_required_type(question, [row, "In all 340 girls had lessons."], {row: head}) is None


@pytest.mark.parametrize(
    ("sentence", "lacking"),
    [
        ("A million passengers of the ferry were carried.", None),
        ("The ferry carried a million of passengers.", "number"),
        ("The ferry carried 2 million tonnes.", "number"),
        ("The ferry was built for 2 million.", None),
        ("The ferry was had for 2 million in 1999.", None),
    ],
)
def test_a_million_of_something_is_no_money(sentence: str, lacking: str | None) -> None:
    assert lacks_required_type("How much did the ferry cost?", [sentence]) == lacking


@pytest.mark.parametrize(
    ("question", "answer", "lacks"),
    [
        ("What is the salary of the keeper?", "Ada Holm, keeper", True),
        ("What is the salary of the keeper?", "The keeper earned 900 crowns.", False),
        ("Was verdient der Leuchtturmwärter?", "Der Leuchtturmwärter half 12 Schiffen.", True),
        ("Was verdient der Leuchtturmwärter?", "Sein Gehalt betrug 900 Kronen.", False),
        ("¿Cuánto gana la directora?", "La directora visitó 12 puertos.", True),
        ("Combien gagne le gardien ?", "Son salaire est de 900 euros.", False),
        ("Who designed the new mill?", "The mill in Old Market drew 300 people.", True),
        ("Who designed the new mill?", "Its architect was Ada Holm.", False),
        ("Wer hat das Rathaus entworfen?", "Im Rathaus am Alten Markt tagte der Rat.", True),
        ("Wer hat das Rathaus entworfen?", "Die Pläne des Architekten Ben Young wurden gekauft.", False),
        ("Who runs the new mill?", "The mill in Old Market drew 300 people.", False),
    ],
)
def test_an_answer_tells_of_the_attribute_asked_for(question: str, answer: str, lacks: bool) -> None:
    assert (lacking_attribute(question, [answer]) is not None) == lacks


def test_a_share_in_one_column_does_not_make_the_other_figures_percentages() -> None:
    question, row = "How many teeth were returned?", "Teeth | 26 | 11 | 42"
    header = "Kind | Handed in | Returned | Share returned (%)"
    wording = "Teeth, Handed in: 26; Returned: 11; Share returned (%): 42"
    assert lacks_required_type(question, [row], {row: f"Objects, 2021\n{header}\n{wording}"}) is None
    shares = "Teeth, 2020 (%): 26; 2021 (%): 11; 2022 (%): 42"
    assert lacks_required_type(question, [row], {row: f"Objects\nKind | 2020 (%)\n{shares}"}) == "number"


def test_the_head_of_a_column_gives_the_year_asked_for() -> None:
    question, row = "In which year were fares highest?", "Fares | 40 | 31"
    assert lacks_required_type(question, [row], {row: "Item | 2021 | 2020\nFares, 2021: 40; 2020: 31"}) is None
    assert lacks_required_type(question, [row], {row: "Item | Bus | Tram\nFares, Bus: 40; Tram: 31"}) == "date"


def test_what_a_question_for_wages_lacks_is_a_number() -> None:
    assert lacking_attribute("How did wages change?", ["The hall has a new roof."]) == "number"
    assert lacking_attribute("Who designed the hall?", ["The hall has a new roof."]) == "person"
