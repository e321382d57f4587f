"""Forms for those who test and label: promptfoo and Label Studio."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

from ledger.database import Database
from ledger.exports.label_studio import label_studio_tasks
from ledger.exports.pictures import EMBED
from ledger.exports.promptfoo import promptfoo_tests
from ledger.inbox.folder_store import FolderStore
from ledger.prompts.versions import PromptVersion
from tests.exports.made import desk, files, lines, place, source
from tests.factories import RIGHT

PLACES: dict[str, Any] = {
    "size": [1200, 1600],
    "quarter_turns": 0,
    "fields": {"items.1.name": [[120, 160], [240, 160], [240, 320], [120, 320]]},
}


def test_promptfoo_gets_a_test_for_each_receipt_and_what_to_run_it_with(database: Database) -> None:
    desk(database, [RIGHT])
    made = source(database)
    made.file = "mine.jsonl"

    whole = files(promptfoo_tests(made))

    config, prompt = json.loads(whole[".config.json"]), json.loads(whole[".prompt.json"])
    assert (config["prompts"], config["tests"]) == (["file://mine.prompt.json"], "file://mine.jsonl")
    (provider,) = config["providers"]
    assert provider["id"] == "openai:chat:gpt-4o"
    assert provider["config"]["response_format"]["json_schema"]["strict"]
    assert prompt[1]["content"][0]["image_url"]["url"] == "{{image}}"
    assert prompt[0]["content"].startswith("{% raw %}")
    (test,) = [json.loads(line) for line in whole[".jsonl"].splitlines()]
    assert json.loads(test["vars"]["expected"])["items"][1]["name"] == "감자"
    assert [check["type"] for check in test["assert"]] == ["is-json", "javascript"]


def test_what_was_read_off_a_photo_is_no_template(database: Database) -> None:
    evil = "{{range.constructor('process.exit()')()}} {% set x %} {# {{"
    desk(database, [RIGHT.model_copy(update={"location": evil})])

    (test,) = lines(promptfoo_tests(source(database)))

    texts = json.dumps(test["vars"], ensure_ascii=False)
    assert not any(opening in texts for opening in ("{{", "{%", "{#"))
    assert json.loads(test["vars"]["expected"])["location"] == evil


def test_a_prompts_words_are_no_template_either(database: Database) -> None:
    desk(database, [RIGHT])
    made = source(database)
    made.prompt = PromptVersion.of("receipt-v2", "읽습니다. {% endraw %} {# x\n")

    system = json.loads(files(promptfoo_tests(made))[".prompt.json"])[0]["content"]

    assert system == "{% raw %}읽습니다. {% endraw %}{{ '{%' }}{% raw %} endraw %} {# x\n{% endraw %}"


def test_schema_notes_are_no_template_either(database: Database) -> None:
    desk(database, [RIGHT])
    made = source(database)
    made.prompt = PromptVersion.of("mine", "읽습니다.", schema_notes={"date": "{% raw %} {# x"})

    (provider,) = json.loads(files(promptfoo_tests(made))[".config.json"])["providers"]

    schema = provider["config"]["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["date"]["description"] == "{{ '{' }}% raw %} {{ '{' }}# x"


def test_promptfoo_finds_a_folders_files_by_their_path(database: Database) -> None:
    store = desk(database, [RIGHT])
    assert not isinstance(store, FolderStore)
    with database.write() as session:
        session.connection().exec_driver_sql("UPDATE receipt SET store = '/photos', object_key = '영 수증.jpg'")

    (test,) = lines(promptfoo_tests(source(database)))

    assert test["vars"]["image"] == "file:///photos/영 수증.jpg"


def test_label_studio_gets_the_reading_as_prediction_and_what_was_confirmed_as_annotation(database: Database) -> None:
    store = desk(database, [RIGHT])
    place(database, places=PLACES, risk=0.25)

    whole = files(label_studio_tasks(source(database, store, pictures=EMBED)))

    (task,) = json.loads(whole[".json"])
    (prediction,), (annotation,) = task["predictions"], task["annotations"]
    texts = {result["from_name"]: result["value"]["text"] for result in annotation["result"]}
    assert texts["items"] == ["장난감 | 13500 | 3 | 용품", "감자 | 4000 | 1 | 식비"]
    assert prediction["score"] == 0.75
    (place_,) = [result for result in prediction["result"] if result["type"] == "rectanglelabels"]
    assert place_["value"] == {
        "x": 10,
        "y": 10,
        "width": 10,
        "height": 10,
        "rotation": 0,
        "rectanglelabels": ["name"],
    }
    assert task["data"]["image"].startswith("data:image/jpeg;base64,")


def test_every_result_has_its_tag_in_the_labeling_configuration(database: Database) -> None:
    desk(database)
    place(database, places=PLACES)

    whole = files(label_studio_tasks(source(database)))

    view = ET.fromstring(whole[".labels.xml"].decode())
    tags = {tag.get("name"): tag for tag in view.iter() if tag.get("toName")}
    labels = {label.get("value") for label in view.iter("Label")}
    for task in json.loads(whole[".json"]):
        for result in task["predictions"][0]["result"] + task["annotations"][0]["result"]:
            assert tags[result["from_name"]].tag.lower() == result["type"]
            assert tags[result["from_name"]].get("toName") == result["to_name"] == "image"
            assert set(result["value"].get("rectanglelabels", [])) <= labels


def test_places_are_left_out_where_the_picture_lies_another_way(database: Database) -> None:
    store = desk(database, [RIGHT])
    with database.write() as session:
        session.connection().exec_driver_sql("UPDATE receipt SET quarter_turns = 1")

    def kinds(how: str, found_on_a_picture_turned: int) -> set[str]:
        place(database, places=PLACES | {"quarter_turns": found_on_a_picture_turned})
        (task,) = json.loads(files(label_studio_tasks(source(database, store, pictures=how)))[".json"])
        return {result["type"] for result in task["predictions"][0]["result"]}

    assert kinds("url", 1) == kinds(EMBED, 0) == {"textarea"}
    assert kinds("url", 0) == kinds(EMBED, 1) == {"textarea", "rectanglelabels"}
