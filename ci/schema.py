"""JSON files against a JSON schema.

Usage: schema.py SCHEMA FILE...    exits 1 and names each member that the schema refuses. Needs Debian's python3-jsonschema.
"""
import json
import pathlib
import sys

import jsonschema


def main(schema, *files):
    if not files:
        sys.exit("schema: no files")
    validator = jsonschema.validators.validator_for(json.loads(pathlib.Path(schema).read_text()))
    checks = validator(json.loads(pathlib.Path(schema).read_text()))
    refused = 0
    for file in files:
        for error in checks.iter_errors(json.loads(pathlib.Path(file).read_text())):
            refused += 1
            print(f"{file}: {'.'.join(str(part) for part in error.absolute_path)}: {error.message[:200]}")
    print(f"schema: {len(files)} files, {refused} refusals")
    sys.exit(1 if refused else 0)


main(*sys.argv[1:])
