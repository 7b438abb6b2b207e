#!/bin/sh
# The generated tables of the manual and parts of the schema are as the program's tables have them.
exec python3 "$(dirname "$0")/manual"
