"""`python -m ledger prompt propose`, `rewrite`, `gate`, `promote`: from corrections to a prompt proven to be better."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from ledger.bootstrap import build_lab, build_rewriter
from ledger.clock import utc_now
from ledger.errors import NoDraft
from ledger.experiment_options import dollars
from ledger.experiment_told import Teller
from ledger.experiments import standing
from ledger.experiments.datasets import dataset_version
from ledger.experiments.stored import create, experiment
from ledger.extraction.extractor import Usage
from ledger.extraction.models import load_models
from ledger.prompts.families import family_of
from ledger.prompts.words import StoredPrompt, next_name
from ledger.services import Services
from ledger.subcommands import Subcommands, add

if TYPE_CHECKING:
    from ledger.tuning.gate import Gate
    from ledger.tuning.proposing import Proposed
    from ledger.tuning.rewriting import Rewritten

_REFUSED: Final = 3
"""Exit code of a gate that was not passed; 1 is an error."""
_ALL: Final = "all"
_NO_TEST: Final = (
    "No dataset version was frozen yet, so no gate can judge a draft that is made now."
    " Before you make one: python -m ledger dataset freeze NAME"
)


def add_to(own: Subcommands) -> None:
    """Add what leads from corrections to a promoted prompt to the commands of `prompt`."""
    proposed = add(own, "propose", _propose, "what corrections propose for the active prompt; with --accept, a draft")
    proposed.add_argument("--accept", nargs="+", metavar="KEY", help="make a draft of these, or of all")
    proposed.add_argument("--drop", nargs="+", default=[], metavar="KEY", help="do not propose these again")
    proposed.add_argument("--restore", nargs="+", default=[], metavar="KEY", help="propose these that were dropped")
    proposed.add_argument("--name", help="of the draft; the next number, if not given")
    proposed.add_argument("--note", help="why it is made")
    rewrite = add(own, "rewrite", _rewrite, "have the model draft a change of the active prompt from corrections")
    rewrite.add_argument("--show", action="store_true", help="print what the model would be told, and ask nobody")
    rewrite.add_argument("--name", help="of the draft; the next number, if not given")
    rewrite.add_argument("--note", help="why it is made")
    gate = add(own, "gate", _gate, "read a test split with a draft and with the active prompt, and decide")
    gate.add_argument("prompt", help="name of the draft")
    gate.add_argument("--dataset", required=True, metavar="VERSION", help="whose test split decides")
    gate.add_argument("--repetitions", type=int, default=3, metavar="N")
    gate.add_argument("--budget", type=dollars, metavar="USD", help="cap, as in 5.00")
    gate.add_argument("--in-flight", type=int, default=4, metavar="N", help="requests at the same time")
    promoted = add(own, "promote", _promote, "ask a family of models with a version from now on")
    promoted.add_argument("prompt", help="name of the version")
    promoted.add_argument("--family", help="of models, as in gpt-4o; that of the model that reads, if not given")
    promoted.add_argument("--override", metavar="REASON", help="why it goes live without a passed gate")


def _propose(options: argparse.Namespace, services: Services) -> int:
    from ledger.tuning import proposing  # here, as statistics take a second to load

    found = proposing.propose(services.database, services.prompts, _family(services))
    proposed, dropped = ({each.key: each for each in some} for some in (found.proposals, found.dropped))
    wanted = list(proposed) if options.accept == [_ALL] else options.accept or []
    for keys, known, what in (((*wanted, *options.drop), proposed, "proposed"), (options.restore, dropped, "dropped")):
        if unknown := [key for key in keys if key not in known]:
            print(f"not {what}: {', '.join(unknown)}. What is: {', '.join(known) or 'nothing'}", file=sys.stderr)
            return 1
    operator = services.settings.operator
    made = None
    if options.accept:
        accepted = [proposed[key] for key in wanted if key not in options.drop]
        made = proposing.draft(
            services.database,
            services.prompts,
            found,
            accepted,
            name=_name(options, services, found),
            note=options.note,
            operator=operator,
            now=utc_now(),
        )
    proposing.drop(services.database, [proposed[key] for key in options.drop], operator, utc_now())
    proposing.restore(services.database, [dropped[key] for key in options.restore], operator, utc_now())
    print(_as_json(found, made) if options.json else _as_lines(found, made))
    if not found.unseen:
        print(_NO_TEST, file=sys.stderr)
    return 0


def _as_json(found: Proposed, made: StoredPrompt | None) -> str:
    proposals = [
        {"key": each.key, "field": each.field, "text": each.text, "evidence": each.evidence.as_json()}
        for each in found.proposals
    ]
    told: dict[str, Any] = {"prompt": found.parent.version, "receipts": found.receipts, "proposals": proposals}
    told |= {"dropped": [each.key for each in found.dropped], "draft": made.version if made else None}
    return json.dumps(told, ensure_ascii=False)


def _as_lines(found: Proposed, made: StoredPrompt | None) -> str:
    lines = [f"{found.receipts} receipts read with {found.parent.version}, {len(found.proposals)} proposals"]
    for each in found.proposals:
        counted = f"{each.evidence.count} corrections on {each.evidence.receipts} receipts"
        where = f", said of {each.field}" if each.field else ""
        lines += ["", f"{each.key}  ({counted}{where})", each.text]
    if found.dropped:
        lines += ["", f"dropped before: {', '.join(each.key for each in found.dropped)}"]
    if made:
        lines += ["", f"draft {made.version}", f"python -m ledger prompt gate {made.name} --dataset VERSION"]
    return "\n".join(lines)


def _rewrite(options: argparse.Namespace, services: Services) -> int:
    from ledger.tuning import proposing, rewriting

    rewriter = build_rewriter(services)
    found = proposing.propose(services.database, services.prompts, _family(services))
    if options.show:
        task = rewriter.task(found)
        print(json.dumps(asdict(task), ensure_ascii=False) if options.json else f"{task.instruction}\n{task.material}")
        return 0
    name = _name(options, services, found)
    rewriting.check_name(services.prompts, name)
    print(f"{rewriter.settings.model} is asked …", file=sys.stderr)
    try:
        rewritten = rewriter.rewrite(found)
    except NoDraft as error:
        if isinstance(error.usage, Usage):
            print(_took(error.usage), file=sys.stderr)
        raise
    made = rewriting.draft_rewritten(
        services.prompts, found, rewritten, name=name, note=options.note, operator=services.settings.operator
    )
    told = {"draft": made.version, "parent": found.parent.version, **rewritten.as_change()}
    print(json.dumps(told, ensure_ascii=False) if options.json else _rewritten_lines(made, rewritten))
    if not found.unseen:
        print(_NO_TEST, file=sys.stderr)
    return 0


def _rewritten_lines(made: StoredPrompt, rewritten: Rewritten) -> str:
    lines = [f"{rewritten.model}: {_took(rewritten.usage)}"]
    for each in rewritten.tried:
        left = f"left out: {each.left}" if each.left else "made"
        lines += ["", f"{left}  ({each.edit.why})", *_signed("-", each.edit.find), *_signed("+", each.edit.replace)]
    lines += ["", f"draft {made.version}", f"python -m ledger prompt diff {made.name}"]
    return "\n".join([*lines, f"python -m ledger prompt gate {made.name} --dataset VERSION"])


def _took(usage: Usage) -> str:
    cost = "cost not known" if usage.cost_microusd is None else f"${usage.cost_microusd / 1_000_000:.4f}"
    return f"{usage.prompt_tokens} + {usage.completion_tokens} tokens, {cost}"


def _signed(sign: str, text: str) -> list[str]:
    return [f"{sign}{line}" for line in text.splitlines()]


def _gate(options: argparse.Namespace, services: Services) -> int:
    from ledger.tuning import gate

    database, models = services.database, load_models(services.settings.models_file)
    draft = services.prompts.named(options.prompt)
    asked = services.asked_of_models()
    version = dataset_version(database, options.dataset)
    active = services.prompts.active(family_of(asked.model))
    plan = gate.gate_plan(draft, active, version, asked, repetitions=options.repetitions)
    plan = replace(plan, budget_microusd=options.budget, in_flight=options.in_flight)
    id_, _ = create(database, plan, models, services.settings.operator, utc_now(), services.prompts)
    standing.start(database, id_, utc_now())
    ended = build_lab(services).run(id_, Teller(database, id_, quiet=options.json))
    found = gate.judged(database, ended)
    told: dict[str, Any] = {
        "experiment": id_,
        "status": ended.status,
        "draft": found.draft,
        "active": found.active,
        "passed": found.passed,
        "receipts": found.report.receipts,
        "promise": found.promise.value,
        "why": [str(note) for note in (*found.why, *found.report.leader)],
    }
    lines = [*told["why"], "", *_next(id_, draft, found)]
    print(json.dumps(told, ensure_ascii=False) if options.json else "\n".join(lines))
    return 0 if found.passed else _REFUSED


def _next(experiment_id: int, draft: StoredPrompt, found: Gate) -> list[str]:
    """Commands that lead on: the evidence in full, or what is missing of it, and promotion with what it takes."""
    told = "run" if found.passed is None else "report"
    promote = f"python -m ledger prompt promote {draft.name}"
    return [
        f"python -m ledger experiment {told} {experiment_id}",
        f"{promote} --override REASON" if found.passed is False else promote,
    ]


def _promote(options: argparse.Namespace, services: Services) -> int:
    from ledger.tuning import gate, promotion

    database, prompts = services.database, services.prompts
    draft, family = prompts.named(options.prompt), options.family or _family(services)
    against = prompts.active(family)
    gates = gate.gates_of(database, draft, family, against)
    found = gate.judged(database, experiment(database, gates[0].id)) if gates else None
    operator = services.settings.operator
    id_ = promotion.promote(prompts, draft.version, family, found, operator, override=options.override)
    told = {"promotion": id_, "family": family, "prompt": draft.version, "before": against}
    print(
        json.dumps(told)
        if options.json
        else f"{family} is asked with {draft.version} from now on, instead of {against}"
    )
    return 0


def _name(options: argparse.Namespace, services: Services, found: Proposed) -> str:
    return options.name or next_name(found.parent.name, [each.name for each in services.prompts.all()])


def _family(services: Services) -> str:
    return family_of(services.asked_of_models().model)
