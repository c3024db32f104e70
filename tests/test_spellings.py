"""Spellings of one name meet across six scripts, and names of others do not: counted, with bounds.

Every name is invented or so common that it names nobody. Each line of PEOPLE is one person, as an
officer may find the name written here and there.
"""

from itertools import combinations, permutations

import pytest

from cases.spellings import kept, wanted

PEOPLE = [
    ["Mohammed Salih", "Muhammad Saleh", "Mohamed Salih", "Мухаммед Салих", "محمد صالح",
     "محمّد صالح", "穆罕默德·萨利赫"],
    ["Yusuf Karimov", "Youssef Karimov", "Юсуф Каримов", "يوسف كريموف"],
    ["Abdul Rahman Haddad", "Abdurrahman Haddad", "Abdel-Rahman Haddad", "عبد الرحمن حداد",
     "عبدالرحمن حداد", "Абдул Рахман Хаддад"],
    ["Khaled al-Masri", "Khalid Elmasri", "Халед аль-Масри", "خالد المصري"],
    ["Hussein Walid", "Husayn Oualid", "Хусейн Валид", "حسين وليد"],
    ["Rachid Belkacem", "Rashid Belkassem", "رشيد بلقاسم"],
    ["Fatima Zahra", "Fatema Zahra", "فاطمة زهرة", "Фатима Захра"],
    ["Aisha Ibrahim", "Aicha Ibrahim", "عائشة إبراهيم", "Аиша Ибрагим"],
    ["Ghassan Tabet", "Гассан Табет", "غسان ثابت"],
    ["Elena Shcherbakova", "Yelena Shcherbakova", "Елена Щербакова"],
    ["Dmitry Chernov", "Dmitri Tchernov", "Дмитрий Чернов"],
    ["Fyodor Zhukov", "Fedor Joukov", "Фёдор Жуков", "Федор Жуков"],
    ["Wang Xiaoming", "WANG Xiaoming", "王小明", "Xiaoming Wang"],
    ["Li Na", "李娜"],
    ["Ouyang Zhenhua", "欧阳震华"],
    ["Karim Halidi", "كريم خالدي", "Карим Халиди", "卡里姆·哈利迪"],
    ["José Ángel Muñoz", "Jose Angel Munoz", "JOSÉ ÁNGEL MUÑOZ"],
    ["Zoë Lefèvre", "Zoe Lefevre"],
    ["Omar Nasser", "Omar Nassir", "عمر ناصر", "Омар Насер"],
    ["Amina Diallo", "Aminah Diallo", "أمينة ديالو"],
    ["Vladimir Petrov", "Wladimir Petrov", "Владимир Петров", "فلاديمير بيتروف"],
    ["Leyla Hassan", "Layla Hasan", "Лейла Хасан", "ليلى حسن"],
    ["Nikolai Tsvetkov", "Nikolay Tsvetkov", "Николай Цветков"],
    ["Jamal Qassim", "Djamal Kassem", "Джамал Касим", "جمال قاسم"],
]  # fmt: skip


# What the rules are known to be poor at: sounds that a script writes as another.
HARD = [
    ["Gabriel García", "Габриэль Гарсия", "加布里埃尔·加西亚"],
    ["José Hernández", "Хосе Эрнандес"],
    ["Gamal Kandil", "Jamal Qandil", "جمال قنديل"],
    ["Zhang Wei", "张伟", "Чжан Вэй"],
    ["Mehmet Yilmaz", "Mohammed Yilmaz"],
    ["Nguyễn Văn An", "Nguyen Van An"],
]


HARD_MISSED = 0.7


def meets(sought, name, other=""):
    parts, forms = wanted(sought), kept([name], [other])
    return bool(parts) and all(part & forms for part in parts)


def test_spellings_of_one_person_meet():
    pairs = [pair for person in PEOPLE for pair in permutations(person, 2)]
    missed = [(sought, name) for sought, name in pairs if not meets(sought, name)]

    assert len(pairs) > 200
    assert len(missed) / len(pairs) < 0.02, missed


def test_hard_ones_are_missed_as_often_as_the_decision_says():
    """ADR 0011 says so; who betters the rules says so there."""
    pairs = [pair for person in HARD for pair in permutations(person, 2)]
    missed = [pair for pair in pairs if not meets(*pair)]

    assert 0 < len(missed) / len(pairs) <= HARD_MISSED, missed


def test_spellings_of_different_people_do_not():
    """Of the pairs of people whose whole names meet; one given name alone meets more often."""
    pairs = [
        (sought, name) for one, other in combinations(PEOPLE, 2) for sought in one for name in other
    ]
    mistaken = [pair for pair in pairs if meets(*pair)]

    assert len(pairs) > 2000
    assert mistaken == []


def test_a_given_name_alone_finds_few_others():
    servants = {"Abdul", "Абдул", "عبد"}  # the first half of a part
    given = {name.split()[0] for person in PEOPLE for name in person if " " in name} - servants
    found = {
        name: [person[0] for person in PEOPLE if any(meets(name, other) for other in person)]
        for name in given
    }

    assert all(found.values())
    assert sum(map(len, found.values())) / len(found) < 1.5


@pytest.mark.parametrize(
    ("sought", "held"),
    [
        ("+41 79 123 45 67", "0791234567"),
        ("079 123 45 67", "call +41791234567 after six"),
        ("٠٧٩١٢٣٤٥٦٧", "079/123-45-67"),
        ("AB123456", "passport ab 123456"),
        ("XK7-20913", "XK7-20913"),
        ("Wren@Example.org", "write to wren@example.org."),
    ],
)
def test_numbers_and_addresses_meet_however_they_are_written(sought, held):
    assert meets(sought, "", held)


@pytest.mark.parametrize(
    ("sought", "held"),
    [
        ("+41 79 123 45 68", "0791234567"),
        ("1234", "0791234567"),
        ("wren@example.com", "wren@example.org"),
        ("wren", "wren@example.org"),
    ],
)
def test_others_do_not(sought, held):
    assert not meets(sought, "", held)


def test_words_of_what_is_no_name_are_not_kept():
    assert kept([], ["call Marrowby after six"]) == set()


@pytest.mark.parametrize("text", ["", " ", "-", "a", "al", "'", "…", "ب"])
def test_too_little_is_not_sought(text):
    assert wanted(text) == []


def test_every_part_counts():
    assert meets("Salih Mohammed", "Mohammed Salih")
    assert not meets("Mohammed Salih Karim", "Mohammed Salih")
    assert not meets("Mohammed 0791234567", "Mohammed Salih")
