#!/bin/sh
# Stands for the program that executions.py asks: `heddle check` of one file.
exec "$HEDDLE" check "$HEDDLE_FILE" "$@"
