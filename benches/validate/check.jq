# What of the rules one would write in jq: the members that must be there, their types, and the look of ids and times.
def uuid: type == "string" and test("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
def object_id: type == "string" and test("^[0-9a-f]{24}$");
def at: type == "string" and test("^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}[+-][0-9]{4}$");
def path: type == "string" and startswith("/v1/");

select(
  (.rid | uuid)
  and (.events | type == "array" and length > 0)
  and all(.events[];
    (.header.event | (.eid | uuid) and (.name | type == "string") and .version == "3.1" and (.at | at))
    and (.header.user | (.id_environment | object_id) and (.id_user | object_id))
    and (.payload
      | all(to_entries[]; (.key | startswith("id_") and . != "id_external" | not) or (.value | object_id))
      and all(.endpoints | .. | strings; path)))
  | not)
