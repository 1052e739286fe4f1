"""The feeds of the workbench under ``/map/plan``: a plan once, and whether it moved on."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response

from data.plan_comments import Comment, comments
from data.plan_history import last_hand
from data.plan_offers import UnknownOffer, as_offered
from data.plan_sheet import Sheet
from data.plans import sheet
from layers.desk import BadQuestion, Part, Question
from layers.plan_body import sheet_body
from layers.plan_words import plan_document
from layers.tiles import tile_source
from layers.wire import Kept, pack_json
from layers.words import LANGUAGES
from rules.access import Actor, OutsideScope
from rules.boundary_plan import EDITABLE, PLANNERS
from rules.plan_log import UnknownPosition

MAX_ID: Final = 2**53
PLAN: Final = "plan"
SEQ: Final = "seq"
PROPOSAL: Final = "proposal"


class PlanFeeds:
    """Feeds of boundary plans; what was packed is kept until the plan or its land changes."""

    def __init__(self) -> None:
        self._sheets = Kept(60)
        self._words = Kept(len(LANGUAGES))

    def sheet(self, question: Question) -> Response:
        """``/map/plan/{id}/sheet?seq=&proposal=``: all that the map draws of a plan."""
        actor, picture = _actor(question), question.picture()
        found = _asked(question, actor)
        editable = _editable(found, actor) and not {SEQ, PROPOSAL} & set(question.query)
        said = _comments(question, actor)
        key = (
            picture.store_id, picture.bulk, found.plan.id, found.plan.version,
            found.state.digest, editable, said, picture.watermark,
        )  # fmt: skip

        def body() -> dict[str, Any]:
            area = picture.tree.get(found.plan.area_id)
            return sheet_body(found, editable=editable) | {
                "community": area.name,
                "comments": comments_body(said),
                "base_version": picture.bulk,
                "tiles": tile_source(question.desk.store.settings, area),
            }

        return self._sheets.get(key, lambda: pack_json(body())).answer(question.headers)

    def now(self, question: Question) -> Response:
        """``/map/plan/{id}/now``: version, whose it is, comments; asked every few seconds."""
        actor = _actor(question)
        found = _asked(question, actor)
        body = {
            "version": found.plan.version,
            "state": found.plan.state.value,
            "own": _last_hand(question, actor) == actor.login,
            "comments": comments_body(_comments(question, actor)),
        }
        return pack_json(body).answer(question.headers)

    def texts(self, question: Question) -> Response:
        """``/map/plan-texts/{lang}``: words of the workbench."""
        language = question.path["lang"]
        if language not in LANGUAGES:
            raise BadQuestion(Part.LANGUAGE)
        translate = question.desk.texts(language)
        packed = self._words.get(language, lambda: pack_json(plan_document(translate)))
        return packed.answer(question.headers)


def comments_body(said: Sequence[Comment]) -> list[dict[str, Any]]:
    """Give where comments stand; their words are shown by the page."""
    return [
        {
            "id": one.id,
            "label": one.label,
            "lon": one.place[0] if one.place else None,
            "lat": one.place[1] if one.place else None,
            "resolved": one.resolved_by is not None,
        }
        for one in said
    ]


def _actor(question: Question) -> Actor:
    if question.actor is None:
        raise OutsideScope(PLAN)
    return question.actor


def _asked(question: Question, actor: Actor) -> Sheet:
    """Give the sheet that a question is about: as it stands or stood, or with a proposal."""
    seq = question.number(SEQ, 0, MAX_ID) if SEQ in question.query else None
    try:
        found = sheet(
            question.desk.store, question.picture(), scope=question.scope, actor=actor,
            plan_id=question.number("id", 1, MAX_ID), seq=seq,
        )  # fmt: skip
        if PROPOSAL in question.query:
            return as_offered(found, question.query[PROPOSAL])
    except UnknownPosition:
        raise BadQuestion(SEQ) from None
    except UnknownOffer:
        raise BadQuestion(PROPOSAL) from None
    return found


def _editable(found: Sheet, actor: Actor) -> bool:
    return actor.role in PLANNERS and found.plan.state in EDITABLE


def _last_hand(question: Question, actor: Actor) -> str:
    return last_hand(
        question.desk.store, question.picture(), scope=question.scope, actor=actor,
        plan_id=question.number("id", 1, MAX_ID),
    )  # fmt: skip


def _comments(question: Question, actor: Actor) -> tuple[Comment, ...]:
    return comments(
        question.desk.store, question.picture(), scope=question.scope, actor=actor,
        plan_id=question.number("id", 1, MAX_ID),
    )  # fmt: skip
