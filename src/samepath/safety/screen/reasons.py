"""Why a message was marked: one plain sentence for the volunteer who reads it.

The sentences never quote the message. Packs name them by key, in every language; whoever shows one
translates it as any other text of the interface.
"""

from __future__ import annotations


def _(sentence: str) -> str:
    """Mark a sentence for the translators' files; it is translated where it is shown."""
    return sentence


NONE = _("Nothing here points to danger.")
NOT_SCREENED = _("Nobody checks this language for danger, so please read it yourself.")

REASONS: dict[str, str] = {
    "heavy": _("The words sound heavy or hopeless, with no sign of a plan."),
    "wish": _("They wish they were not here or could stop existing."),
    "past": _("They speak of dark thoughts from an earlier time."),
    "ideation": _("They say they want to die or think of suicide."),
    "many-heavy": _("Several things they say together sound like deep despair."),
    "method": _("They speak of a way to end their life."),
    "intent": _("They say they mean to end their life or have a plan."),
    "preparation": _("They seem to be preparing for their death."),
    "time": _("They speak of ending their life and of a time for it."),
    "means": _("They speak of ending their life and seem to have the means at hand."),
    "goodbye": _("This reads like a goodbye."),
    "under-way": _("It sounds as if an attempt is under way now."),
    "attempt": _("They tell of an earlier attempt to end their life."),
    "attempt-recent": _("They tell of a recent attempt to end their life."),
    "self-harm-thought": _("They speak of hurting themselves."),
    "self-harm-now": _("They say they have hurt themselves or are about to."),
    "beside": _("Somebody close to them may be in danger of suicide."),
    "beside-now": _("Somebody close to them may be in danger right now."),
    "taken": _("They say they took a substance or too much of something."),
    "overdose": _("They may be at risk of an overdose."),
    "body": _("They describe a medical danger."),
    "eating": _("Their eating sounds dangerous for their body."),
    "relapse": _("They are close to using or drinking again, or already have."),
    "abuse": _("They tell of somebody who hurts or frightens them."),
    "violence-now": _("It sounds as if somebody is hurting them or about to."),
    "assault": _("They tell of a sexual assault."),
    "child": _("A child may be in danger."),
    "threat": _("They speak of hurting somebody else."),
    "threat-target": _("They threaten somebody and it sounds serious."),
    "extortion": _("Somebody is pressing them with pictures, money or threats."),
}
