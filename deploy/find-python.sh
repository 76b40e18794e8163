#!/bin/sh
# Prints the newest Python of 3.11 to 3.13 that can really make a virtual environment here.
# Each candidate is run, not only found: a shim may stand in the path without a Python behind it, and some systems ship
# Python without the modules that make environments.
IFS=:
works() {
    [ -x "$1" ] && "$1" -c "import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != ($2))" >/dev/null 2>&1
}
for minor in 13 12 11; do
    for folder in $PATH; do
        for name in python3.$minor python3 python; do
            if works "$folder/$name" "3, $minor"; then
                echo "$folder/$name"
                exit 0
            fi
        done
    done
    for python in "$HOME"/.pyenv/versions/3.$minor.*/bin/python "$HOME"/.local/share/uv/python/cpython-3.$minor.*/bin/python3 \
        /opt/homebrew/bin/python3.$minor /usr/local/bin/python3.$minor; do
        if works "$python" "3, $minor"; then
            echo "$python"
            exit 0
        fi
    done
done
echo "No Python of 3.11 to 3.13 with the modules venv and ensurepip was found; on Debian: apt-get install python3-venv" >&2
exit 1
