"""The words of the rumors, and what the bureau asks for them.

Every wording of a category says the same, so that the words themselves tell nothing of the truth;
the blanks of a category all stand in each. No article stands before a role, which may begin with
any letter.
"""

from typing import Final

from mafia_district.catalogue.records import Rumor, Trade

TRADES: Final = (
    Trade("appearance", 30, 1_000),
    Trade("whereabouts", 50, 900),
    Trade("task", 60, 800),
    Trade("role", 90, 700),
)

RUMORS: Final = (
    Rumor("look_1", "appearance", "Nobody could miss the {asset} at the {place} yesterday."),
    Rumor("look_2", "appearance", "The cat at the {place} remembers yesterday by the {asset}."),
    Rumor("look_3", "appearance", "A sketch of yesterday, made at the {place}, shows the {asset}."),
    Rumor("look_4", "appearance", "The doorman of the {place} let the {asset} pass yesterday."),
    Rumor("look_5", "appearance", "All I saw at the {place} yesterday was the {asset}."),
    Rumor("look_6", "appearance", "Yesterday at the {place} the draught nearly took the {asset}."),
    Rumor("look_7", "appearance", "Yesterday, at the {place}, somebody praised the {asset}."),
    Rumor("look_8", "appearance", "In a window of the {place} I saw, yesterday, the {asset}."),
    Rumor("look_9", "appearance", "Two children at the {place} giggled at the {asset} yesterday."),
    Rumor("look_10", "appearance", "If you know the {asset}: yesterday, the {place}, for a while."),
    Rumor("look_11", "appearance", "No name. But the {asset}, at the {place}, yesterday."),
    Rumor("seen_1", "whereabouts", "{person} was at the {place} yesterday."),
    Rumor("seen_2", "whereabouts", "Yesterday, at the {place}: {person}, in no hurry."),
    Rumor("seen_3", "whereabouts", "Who came by the {place} yesterday? They say {person}."),
    Rumor("seen_4", "whereabouts", "Since yesterday the {place} knows {person}, too."),
    Rumor("seen_5", "whereabouts", "At the {place} I held the door for {person} yesterday."),
    Rumor("seen_6", "whereabouts", "The dog at the {place} barked yesterday. It was at {person}."),
    Rumor("seen_7", "whereabouts", "The milkman saw {person} at the {place} yesterday."),
    Rumor("seen_8", "whereabouts", "The footprints at the {place}? {person}, yesterday."),
    Rumor("seen_9", "whereabouts", "Yesterday {person} set foot in the {place}, then both."),
    Rumor("seen_10", "whereabouts", "Yesterday's gossip had {person} walking about the {place}."),
    Rumor("seen_11", "whereabouts", "My aunt waved to {person} yesterday, right at the {place}."),
    Rumor("errand_1", "task", "{person} has business at the {place} today."),
    Rumor("errand_2", "task", "Today {person} is wanted at the {place}, or wants something there."),
    Rumor("errand_3", "task", "A note on a list: {person}, the {place}, today."),
    Rumor("errand_4", "task", "If {person} hurries today, it is to the {place}."),
    Rumor("errand_5", "task", "They expect {person} at the {place} before dusk today."),
    Rumor("errand_6", "task", "{person} needs the short way to the {place} today."),
    Rumor("errand_7", "task", "An errand takes {person} to the {place} today. It is paid."),
    Rumor("errand_8", "task", "A chair is kept free for {person} at the {place} today."),
    Rumor("errand_9", "task", "{person} has a knot in the scarf: the {place}, today."),
    Rumor("errand_10", "task", "The {place} will see {person} today, and someone will be paid."),
    Rumor("errand_11", "task", "Today's work takes {person} to the {place}."),
    Rumor("role_1", "role", "{persons}: for one of them the word is {role}."),
    Rumor("role_2", "role", "{role}. That is all I was told, and three names: {persons}."),
    Rumor("role_3", "role", "Put {persons} in a row, and one of them answers to {role}."),
    Rumor("role_4", "role", "Of {persons}, one signs as {role} when nobody looks."),
    Rumor("role_5", "role", "A letter addressed to {role} was opened by one of {persons}."),
    Rumor("role_6", "role", "One of {persons} talks in their sleep. They say: {role}."),
    Rumor("role_7", "role", "The register lists one of {persons} under {role}."),
    Rumor("role_8", "role", "The cards said {role}. They lay before one of {persons}."),
    Rumor("role_9", "role", "Among {persons} there is one whom a friend calls {role}."),
    Rumor("role_10", "role", "My source names {persons}. For one of them, {role}."),
    Rumor("role_11", "role", "{persons}: one of them turned round when somebody whispered {role}."),
)  # fmt: skip
