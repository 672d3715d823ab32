"""A schema of what heddle writes of SARIF, against the standard's objects as Debian's python3-sarif-python-om has them.

Usage: sarif.py SCHEMA    exits 1 and names each object or member that the standard does not have, each required one that
the schema does not require, and each object that it leaves open to members that are not looked at.
"""
import json
import pathlib
import sys

import attr
import sarif_om


def faults_of(name, definition):
    of_standard = getattr(sarif_om, name[0].upper() + name[1:], None)
    if of_standard is None:
        return [f"{name}: the standard has no such object"]
    members = {field.metadata["schema_property_name"]: field for field in attr.fields(of_standard)}
    required = {member for member, field in members.items() if field.default is attr.NOTHING}
    faults = [f"{name}.{member}: the standard has no such member" for member in definition["properties"].keys() - members.keys()]
    faults += [f"{name}.{member}: the standard requires it" for member in required - set(definition.get("required", []))]
    if definition.get("additionalProperties") is not False:
        faults.append(f"{name}: it may have any member")
    return faults


def main(schema):
    definitions = json.loads(pathlib.Path(schema).read_text())["$defs"]
    faults = [fault for name, definition in definitions.items() for fault in sorted(faults_of(name, definition))]
    for fault in faults:
        print(f"{schema}: {fault}")
    print(f"sarif: {len(definitions)} objects, {len(faults)} faults")
    sys.exit(1 if faults or not definitions else 0)


main(*sys.argv[1:])
