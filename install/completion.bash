# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# completion.bash - what bash offers for words of lguest, lgswitch and lgnetdump.
# Nothing is listed here: all comes from what the programs say of themselves
# (--help) and, for ports, from the switch that runs.  So it cannot be out of date.

# The words up to the cursor.  (bash's own are broken at = and : as well.)
_lguest_split() {
	local line=${COMP_LINE:0:COMP_POINT}
	read -ra words <<< "$line"
	[[ $line != *[[:space:]] ]] || words+=("")
	cur=${words[-1]}
}

# Help, once per word that is completed.  Examples are not part of it.
_lguest_help() {
	"$program" "$@" --help 2> /dev/null | sed '/^Example/,$d'
}

# "OPTION VALUE" for each option; letters are options, too: "-w FILE".
_lguest_options() {
	sed -nE 's/^ {2,6}((-[a-zA-Z]), )?--([a-z0-9-]+)(=([^ ]+))?( .*)?$/\2 --\3 \5/p' <<< "$help" |
		while read -r first second third; do
			if [[ $first == --* ]]; then
				echo "$first $second"
			else
				echo "$first $third"
				echo "$second $third"
			fi
		done
}

# What the value of an option is called; status 1 if it has none.
_lguest_value() {
	local value
	value=$(_lguest_options | sed -n "s/^$1 //p")
	[[ -n $value ]] && echo "$value"
}

# The settings that are explained below an option, "name" or "name=" (or
# "name:"), those of an option it refers to ("as of --net (but slot)") included.
_lguest_settings() {
	local block like but
	block=$(sed -nE "/^ {2,6}(-[a-zA-Z], )?--${1#--}([= ]|$)/,/^ {2,6}(-[a-zA-Z], )?--|^$/{/^ {2,6}--${1#--}/p;/^ {24}/p}" <<< "$help")
	sed -nE 's/^ {26}([^ ].*)/\1/p' <<< "$block" | while IFS= read -r like; do
		grep -oE '^[a-z-]+([=:]|$|  )|[a-z-]+=|\)  [a-z]+$' <<< "$like" | tr -d ' )'
	done
	grep -oE '[Aa]s of --[a-z]+( \(but [a-z ]+)?' <<< "$block" | while read -r _ _ like but; do
		but=${but#(but }
		_lguest_settings "$like" | grep -vxE "(${but// and /|})=?"
	done
}

# Those in the value's own name, "FILE[,ro][,mac=MAC]": nobody refers to them.
_lguest_own_settings() {
	sed -nE "s/^ {2,6}(-[a-zA-Z], )?--${1#--}([= ])/\2/p" <<< "$help" |
		grep -oE '[[,][a-z]+(=|\])' | tr -d '[],'
}

# What can be changed of a port has lines of its own below a verb.
_lguest_changes() {
	sed -nE "/^  $1 /,/^  [a-z]/{/^ {8}([a-z-]+=?( |$))+$/p}" <<< "$help"
}

_lguest_bridges() {
	local dir
	for dir in /sys/class/net/*/bridge; do
		[[ ! -d $dir ]] || basename "${dir%/bridge}"
	done
}

_lguest_ports() {
	"$program" ctl "${switch[@]}" --timeout=1 ports 2> /dev/null | sed -n '2,$s/ .*//p'
}

# offer HEAD WORD...: those that go on what is there; HEAD is what comes before
_lguest_offer() {
	local head=$1 word
	shift
	for word; do
		[[ $head$word != "$cur"* ]] || COMPREPLY+=("$head$word")
	done
}

_lguest_files() {
	local file
	compopt -o filenames 2> /dev/null
	while IFS= read -r file; do
		COMPREPLY+=("$1$file")
	done < <(compgen -f -- "${cur#"$1"}")
}

# The value that NAME (of an option or a setting) has; HEAD comes before it.
_lguest_by_name() {
	local head=$1
	# shellcheck disable=SC2046 # lists
	case $2 in
	FILE* | SOCKET* | CAPTURE* | PATH) _lguest_files "$head" ;;
	USER) _lguest_offer "$head" $(compgen -u) ;;
	GROUP) _lguest_offer "$head" $(compgen -g) ;;
	FORMAT) _lguest_offer "$head" pcap pcapng ;;
	BRIDGE) _lguest_offer "$head" $(_lguest_bridges) ;;
	PORT) _lguest_offer "$head" $(_lguest_ports) ;;
	esac
}

# What comes behind "setting=", as far as the setting tells.
_lguest_setting_value() {
	case $2 in
	owner) _lguest_by_name "$1" USER ;;
	bridge) _lguest_by_name "$1" BRIDGE ;;
	unix | file | net) _lguest_by_name "$1" PATH ;;
	to | from | port) _lguest_by_name "$1" PORT ;;
	control-frames) _lguest_offer "$1" pass drop ;;
	esac
}

# A list of settings, from HEAD on: "mac=...,slot=..."
_lguest_list() {
	local head=$1 piece
	shift
	piece=${cur#"$head"}
	if [[ $piece == *,* ]]; then
		head+=${piece%,*},
		piece=${piece##*,}
	fi
	if [[ $piece =~ ^([a-z-]+)[=:](.*\+)? ]]; then
		_lguest_setting_value "$head${BASH_REMATCH[0]}" "${BASH_REMATCH[1]}"
	else
		_lguest_offer "$head" "$@"
	fi
}

# The value of an option, which begins behind HEAD.
_lguest_option_value() {
	local head=$1 option=$2 value=$3
	# shellcheck disable=SC2046 # a list
	if [[ ${cur#"$head"} == *[,=:]* || $value == WHERE || $value == [a-z]* || $value == *bridge:* ]]; then
		_lguest_list "$head" $(_lguest_settings "$option"; _lguest_own_settings "$option")
	else
		_lguest_by_name "$head" "$value"
	fi
}

# Is this word, or the one before it, about an option?  Else status 1.
_lguest_option() {
	local previous=${words[-2]-} value
	if [[ $cur == --*=* ]]; then
		value=$(_lguest_value "${cur%%=*}") &&
			_lguest_option_value "${cur%%=*}=" "${cur%%=*}" "$value"
	elif [[ $previous == -* && $previous != *=* ]] && value=$(_lguest_value "$previous"); then
		_lguest_option_value "" "$previous" "$value"
	elif [[ $cur == -* ]]; then
		# shellcheck disable=SC2046 # a list
		_lguest_offer "" $(_lguest_options | sed 's/^\(--.*\) ..*/\1=/; s/ .*//')
	else
		return 1
	fi
}

# The first words that --help's first lines name: "lgswitch ctl VERB..."
_lguest_subcommands() {
	sed -nE '1,/^$/s/^(Usage:)? *lg[a-z]+ ([a-z]+)( .*|$)/\2/p' <<< "$help"
}

# "VERB ARGUMENTS" for each verb that is explained.
_lguest_verbs() {
	sed -nE 's/^  ([a-z]+( .*)?)$/\1/p' <<< "$help"
}

# What follows a verb of lgswitch ctl is what its line of help says.
_lguest_arguments() {
	local lines main option=${cur%%=*} value
	lines=$(_lguest_verbs | sed -n "s/^$1 //p")
	main=$(_lguest_help)
	# shellcheck disable=SC2046 # lists
	if [[ $1 == add && $cur == *=* ]]; then
		local help=$main
		value=$(_lguest_value "--$option") &&
			_lguest_option_value "$option=" "--$option" "$value"
	else
		[[ ! $lines =~ (^|[^=[:alpha:]])(PORT|FROM) ]] || _lguest_by_name "" PORT
		[[ $lines != *VERB* ]] || _lguest_offer "" $(_lguest_verbs | sed 's/ .*//')
		_lguest_list "" $(grep -oE -- '(--)?[a-z-]+=?' <<< "$lines"; _lguest_changes "$1") \
			$([[ $1 != fault ]] || help=$main _lguest_settings fault)
	fi
}

_lguest_ctl() {
	local word verb='' at
	switch=()
	for ((at = 2; at < ${#words[@]} - 1; at++)); do
		word=${words[at]}
		case $word in
		--name | --control) switch+=("$word=${words[++at]-}") ;;
		--name=* | --control=*) switch+=("$word") ;;
		--timeout | --interval | --count) ((++at)) ;;
		-*) ;;
		*) verb=$word; break ;;
		esac
	done
	# shellcheck disable=SC2046 # a list
	if [[ -n $verb ]]; then
		_lguest_arguments "$verb"
	else
		_lguest_option || _lguest_offer "" $(_lguest_verbs | sed 's/ .*//')
	fi
}

# bash takes for the word what is behind the last = or :, and so must we.
_lguest_trim() {
	local behind i
	for ((i = ${#cur} - 1; i >= 0; i--)); do
		[[ $COMP_WORDBREAKS != *"${cur:i:1}"* ]] || break
	done
	behind=$((i + 1))
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=${COMPREPLY[i]:behind}
	done
	# What wants more has no blank behind it.
	[[ ${COMPREPLY[*]-} != *[=:] ]] || compopt -o nospace 2> /dev/null
}

_lguest_complete() {
	local program=${1/#\~\//$HOME/} help cur words=() switch=() subcommands
	COMPREPLY=()
	_lguest_split
	help=$(_lguest_help)
	subcommands=$(_lguest_subcommands)
	if [[ ${#words[@]} -gt 2 ]] && grep -qxF -- "${words[1]}" <<< "$subcommands"; then
		help=$(_lguest_help "${words[1]}")
		subcommands=
	fi
	# shellcheck disable=SC2086 # a list
	if [[ ${words[1]} == ctl && ${#words[@]} -gt 2 ]]; then
		_lguest_ctl
	elif ! _lguest_option; then
		[[ ${#words[@]} -gt 2 ]] || _lguest_offer "" $subcommands
		_lguest_files ""
	fi
	_lguest_trim
}

complete -F _lguest_complete lguest lgswitch lgnetdump
