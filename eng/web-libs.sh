#!/usr/bin/env bash
# Refreshes the browser libraries that are kept in src/CallAgent.Server/wwwroot/lib. Needs npm, tar and the network;
# nothing else in the repository does. Run it after a change of a version or of the list of icons, and read the diff.
set -euo pipefail

htmx=2.0.11
sortable=1.15.7
icons=3.52.0

# The icons that pages use: their names in Tabler Icons.
icon_names="alert-triangle arrow-down arrow-left arrow-right arrow-up building calendar chart-bar check chevron-down
chevron-left chevron-right circle-check clock columns copy device-laptop dots download edit external-link eye file-export file-import
file-text filter gauge git-branch grip-vertical history info-circle key keyboard layout-dashboard layout-kanban
list-check lock logout mail menu-2 message-circle messages mood-happy mood-neutral mood-sad moon note phone
phone-check phone-off phone-outgoing phone-x player-pause player-play plus refresh search settings shield-check
sparkles speakerphone star sun table tag trash upload user user-plus users volume world x bulb"

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
lib=$root/src/CallAgent.Server/wwwroot/lib
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$lib"
cd "$work"

# fetch PACKAGE VERSION: unpacked into a folder named after the package.
fetch() {
    local archive
    archive=$(npm pack --silent "$1@$2")
    mkdir "${1##*/}"
    tar -xzf "$archive" -C "${1##*/}" --strip-components=1
}

fetch htmx.org $htmx
fetch sortablejs $sortable
fetch @tabler/icons $icons

cp htmx.org/dist/htmx.min.js "$lib/htmx.js"
cp sortablejs/Sortable.min.js "$lib/sortable.js"

# One file with all icons, each a symbol that pages refer to by name.
{
    echo '<svg xmlns="http://www.w3.org/2000/svg">'
    for name in $icon_names; do
        file=icons/icons/outline/$name.svg
        [[ -f $file ]] || { echo "There is no icon $name." >&2; exit 1; }
        printf '<symbol id="%s" viewBox="0 0 24 24">' "$name"
        tr -d '\n' < "$file" | sed -E 's/<!--.*-->//; s/<svg[^>]*>//; s/<\/svg>//; s/ +/ /g; s/<path stroke="none"[^>]*>//'
        echo '</symbol>'
    done
    echo '</svg>'
} > "$lib/icons.svg"

{
    echo "Kept here so that a fresh machine needs no Node; refreshed by eng/web-libs.sh."
    printf '\n%s\n' "htmx.js: htmx $htmx, Zero-Clause BSD" "sortable.js: SortableJS $sortable, MIT" "icons.svg: Tabler Icons $icons, MIT"
    printf '\n--- htmx\n\n'
    cat htmx.org/LICENSE
    printf '\n--- SortableJS\n\n'
    cat sortablejs/LICENSE
    printf '\n--- Tabler Icons\n\n'
    cat icons/LICENSE
} > "$lib/LICENSES.txt"
