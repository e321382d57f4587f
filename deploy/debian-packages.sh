#!/bin/sh
# Install Debian packages that are missing: debian-packages.sh [--required] PACKAGE...
# Where that is not possible, say the one command that does it; with --required, fail as well. Without --required an
# attempt that failed is remembered for as long as .venv is there: the next start need not wait for a network again.
required=false
[ "$1" = "--required" ] && required=true && shift
missing=""
for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
failed=.venv/.no-debian-packages
if ! $required && [ "$(cat "$failed" 2>/dev/null)" = "$missing" ]; then
    tried=true
else
    tried=false
fi
if ! $tried && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    if { apt-get -o DPkg::Lock::Timeout=500 update && apt-get -o DPkg::Lock::Timeout=500 install -y --no-install-recommends $missing; } >"$log" 2>&1; then
        rm -f "$log" "$failed"
        exit 0
    fi
    [ -d .venv ] && echo "$missing" >"$failed"
    tail -n 5 "$log" >&2
    rm -f "$log"
fi
echo "These packages are missing:$missing. On Debian or Ubuntu: sudo apt-get install -y$missing" >&2
$required && exit 1
echo "Going on without them." >&2
