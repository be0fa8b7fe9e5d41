"""The description of a role: one paragraph, put together from what the role is made of.

A role says in its summary what it is for. What else one should know is mostly true of a verb or of
a trait, whoever has it: on whom it fails, what stops it, who is told. That is said here once for
each, and so a modified role is described as well, and one of somebody's own.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mafia_district.roles.role import Role

_NO_RESULT: Final = "Whoever is blocked, or kept from the target, gets no result, never a lie."
_UNSEEN: Final = "A blocked visit never happened, and a ninja's kill is not seen."

OF_VERBS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "abduct": "Who is abducted does nothing, and nothing reaches them, neither kills nor help;"
        " only a strongman's kill goes through both. Those who are turned away have called all the"
        " same, and can be seen calling.",
        "alert": "To lie in wait is no visit, and every kill aimed at them then fails, a"
        " strongman's too. A caller dies unless something protects them from a shot; the friendly"
        " die like the others.",
        "analyse": "Members of a faction can talk, and so can neighbors and masons, as long as they"
        f" have somebody left to talk with. {_NO_RESULT}",
        "babysit": "The protection is lost on whoever is macho and on a strongman. If the"
        " babysitter dies that night by whatever hand, nothing saves the other.",
        "befriend": "The other learns at dawn from whom the visit was, unless it was blocked or"
        " kept away. It is always true, for none but a townsperson can do it.",
        "busdrive": "All that was to land on the one lands on the other, kills and help alike, but"
        " for other buses. One may drive oneself. Those who are moved are not told. Of two buses"
        " the one of the lower seat goes first.",
        "commute": "Who is out of town cannot be reached by help either, nor by a block or a"
        " strongman, and those who came in vain are not seen to have come. To leave is no visit.",
        "compare": "Each of the two counts as a cop would read them, so a godfather seems to be of"
        f" the town and a miller of the mafia. One may not name oneself. {_NO_RESULT}",
        "detect": "It counts to have come to the victim, whether or not anybody died of it; a"
        " blocked kill does not count, and neither does to shoot back at callers."
        f" {_NO_RESULT}",
        "douse": "Nobody is told of having been doused. It lasts until they burn, or wash it off"
        " with water where there is a shop.",
        "follow": "The kinds are killing, protection, manipulation, investigation, communication"
        f" and other; whom it was done to is not told. {_UNSEEN} {_NO_RESULT}",
        "frame": "Only checks of that night are misled. A godfather and the bearer of a mask seem"
        " to be of the town all the same. Nobody is told of having been framed.",
        "goon_check": "A goon is who has no power and is of any mafia; whoever carries false papers"
        f" seems to have none. {_NO_RESULT}",
        "guard": "The blow that the bodyguard takes can be stopped like any other, as by a doctor"
        " at their side. If somebody else guards the target too, the bodyguard steps in first. A"
        " strongman strikes past the bodyguard.",
        "gunsmith": f"The answer comes from the role alone: no frame and no mask changes it."
        f" {_NO_RESULT}",
        "haunt": "A haunting is only for houses that allow it, and nothing protects from it.",
        "hide": "Kills aimed at them fail, a strongman's too, but everything else finds them. Who"
        " is blocked cannot hide. Nothing saves them if somebody kills their host.",
        "ignite": "Every burning is a kill of its own, which one protection or one ward against"
        " fire stops. To set the fire is no visit, and whoever was doused is doused no more.",
        "inspect": f"Who came, how many, and what for is not told. {_UNSEEN} {_NO_RESULT}",
        "investigate": "Whoever belongs to nobody reads as not town, and so do millers and the"
        f" framed; godfathers and bearers of a mask read as town. {_NO_RESULT}",
        "jail": "The cell stops every kill of the night but a strongman's; others may come and look"
        " in. The prisoner's own actions fail, and a limited one is spent.",
        "kill": "One protection stops one such kill. Kills are simultaneous: who is killed in the"
        " same night strikes all the same. A block stops it.",
        "motion": "Which of the two it was, and who it was, is not told, and one's own visit does"
        f" not count. {_UNSEEN} {_NO_RESULT}",
        "neapolitan": "Mafia, neutral players and townspeople with any power all read alike. False"
        f" papers make a townsperson seem to have no power. {_NO_RESULT}",
        "observe": "The kinds are killing, protection, manipulation, investigation, communication"
        f" and other; who did it is not told. {_UNSEEN} {_NO_RESULT}",
        "pardon": "The vote is over by then, and the death waits for the pardon for a short while."
        " Nobody can pardon themself.",
        "protect": "The protection stops a kill by any method but a strongman's, is lost on whoever"
        " is macho, and is gone at dawn. Who was guarded is not told. Nobody guards themself.",
        "psych": "Positive means that they can choose to kill at night, and that nobody has died"
        " of it yet, tonight included; negative, that they cannot, or that somebody has. Every"
        f" member of a mafia that shares a kill can. {_NO_RESULT}",
        "recruit": "Whoever is killed that night is not recruited. A recruit's own action of the"
        " night still happens; at dawn they lose their old role, and they and the cult learn of"
        " each other. A second cult that comes for the same player comes too late.",
        "redirect": "All that the first player does lands on the second, who may be the first"
        " themself, or the one who does this. Neither is told.",
        "report": f"Whom they visited, and what for, is not told. {_UNSEEN} {_NO_RESULT}",
        "reveal": "It can be done once, by day or in the evening, and everybody learns the role."
        " It cannot be taken back or prevented.",
        "revenge": "The condemned shoots between the vote and the death;"
        " nothing protects from it, and victory is judged only after all of these deaths.",
        "role_watch": "The roles are read as by a role cop, without their sides, one for each"
        f" caller; what they did is not told. {_UNSEEN} {_NO_RESULT}",
        "roleblock": "All that a blocked player does fails, but for a strongman's kill, and a"
        " limited power is spent. A blocked investigator gets no result; others are not told."
        " Blocks that wait for each other in a ring all fail.",
        "rolecheck": "Whoever has no power, or carries false papers, reads vanilla, and a goon like"
        f" a townsperson. {_NO_RESULT}",
        "rolestop": "Blocks, checks and help are stopped as well as kills, all but a strongman's."
        " Those who are turned away have called all the same, and can be seen calling.",
        "shield": "Only kills that the other player makes are drawn away, and they strike the"
        " shield like any other: a protection may stop them. Kills made on that player are not.",
        "shoot": "It happens at once, in the day or in the evening, and nothing protects from it."
        " Nobody is told who fired. The votes are counted anew, and victory is judged at once.",
        "steal_vote": "A stolen vote counts for the thief while the thief lives, and for nobody"
        " after. Of two thieves the lower seat has it. It holds for one day.",
        "track": "Sees where a visit landed, not where it was meant to, and nothing of what it was"
        f" for. {_UNSEEN} {_NO_RESULT}",
        "try_out": f"Success says no more than that nothing was in the way. {_NO_RESULT}",
        "vanilla_check": "Any trait but a gun is a power: millers and lovers have one. Whoever"
        f" carries false papers seems to have none. {_NO_RESULT}",
        "vend": "The other learns at dawn that there was fruit, not from whom. It does nothing"
        " else, and is not noticed if the visit is blocked or kept away.",
        "visit": "Nothing comes of the visit, but those who follow or watch can see it, and it can"
        " be blocked, turned aside and shot at like any other.",
        "watch": "Sees names, and nothing of what they came for; oneself and the target are left"
        f" out. {_UNSEEN} {_NO_RESULT}",
    }
)

OF_TRAITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ascetic": "Who comes has called all the same and can be seen; an investigator gets no"
        " result. What one does oneself is not hindered.",
        "backup": "Any role of the town but a vanilla one counts. Of several who die at once the"
        " faction's victim is replaced. The backup is told what they have become, and has its uses"
        " unspent.",
        "bomb": "The blast can be stopped by what protects the killer. Nobody is hurt by a lynch.",
        "encryptor": "Others of the faction speak there too. With the death of the last encryptor"
        " the room is open at night alone again.",
        "godfather": "A frame does not change that, but a role cop reads the role as it is.",
        "hunter": "A setup that grants revenge on the first days alone does not mean hunters.",
        "lazy": "It goes by who lives when the night begins, and a faction's shared kill is free of"
        " it. An investigator gets no result then.",
        "lover": "Nothing protects from that grief, which follows a lynch as well as a kill and"
        " comes before victory is judged. By the rule `lovers` all lovers are one chain, or dealt"
        " out in pairs who know each other.",
        "macho": "Doctors, bodyguards, babysitters and cells are no help; a rolestopper, a ward and"
        " a vest are.",
        "mason": "They talk in a room of their own, at night, or always where the rules let"
        " factions talk by day.",
        "miller": "Knows of it. A mask hides it while it is worn.",
        "neighbor": "They talk in a room of their own, at night, or always where the rules let"
        " factions talk by day.",
        "ninja": "Other visits than kills are seen like anybody's.",
        "paranoid": "The shots are kills, which one protection stops, and they fall on all who"
        " come, whatever comes of what they do. Being killed does not prevent them.",
        "strongman": "No block, protection, ward or vest stops the kill; leaving town, hiding and"
        " lying in wait do.",
        "unlynchable": "The vote ends the day as ever and nobody dies, nor is anything shown.",
        "vanilla": "Checks of the role read vanilla, whatever the side.",
        "weak": "It is enough to come there, whatever comes of it, and nothing protects from it;"
        " who is blocked stays alive.",
    }
)


def describe(role: "Role") -> str:
    """Say all of a role in one paragraph: its own words, its side's, its verbs' and its traits'."""
    return " ".join(filter(None, (role.summary, role.detail, *_parts(role))))


def _parts(role: "Role") -> Iterator[str]:
    """Give what its parts say; who poses as another role is not what the parts make of others."""
    if role.poses_as:
        return
    if role.faction and role.alignment == "mafia":
        yield _mafia(role)
    yield from (OF_VERBS[own.verb] for own in role.abilities if own.verb in OF_VERBS)
    yield from (OF_TRAITS[trait] for trait in sorted(role.traits) if trait in OF_TRAITS)


def _mafia(role: "Role") -> str:
    known = "Knows the others of the faction and talks with them at night."
    nightly = any(own.when == "night" for own in role.abilities)
    return f"{known} May carry out the shared kill beside the own power." if nightly else known
