# The wrapper that runs a command as a job, in POSIX sh. A job's folder is named
# <run>.<step>.<attempt>. In it, "start" decides everything: it is made by
# linking a file that is whole already, so there is one winner, and it says either
# who runs the command (written by the very process that becomes the command) or
# that nobody ever will ("void"). All else is in a folder of the one who wrote it,
# so that a loser disturbs nothing. Names begin with tj_ to stay clear of what
# the host's users export.

tj_say() { printf '%s %s\n' "$tj_nonce" "$*"; }

tj_refuse() {
	tj_say refused "$1" "$(printf %s "$2" | tr '\n' ' ')"
	exit 0
}

# tj_born: when process $1 began; nothing if it is not there.
tj_born() {
	if [ -r /proc/self/stat ]; then
		{ read -r tj_line </proc/"$1"/stat; } 2>/dev/null || return 0
		set -- ${tj_line##*) }
		case $1 in Z | X) return 0 ;; esac
		printf %s "${20}"
	else
		set -- $(ps -o lstart= -p "$1" 2>/dev/null)
		(IFS=_; printf %s "$*")
	fi
}

tj_alive() { [ "$3" = "$tj_boot" ] && [ -n "$2" ] && [ "$(tj_born "$1")" = "$2" ]; }

# tj_boot_id: the host's present boot, in one word.
tj_boot_id() {
	tj_line=
	if [ -r /proc/sys/kernel/random/boot_id ]; then
		read -r tj_line </proc/sys/kernel/random/boot_id
	else
		tj_line=$(sysctl -n kern.boottime 2>/dev/null | tr -cd '0-9=,' | cut -d, -f1)
	fi
	printf %s "${tj_line:-none}"
}

# tj_up: for how many seconds the host (or its container) has been up; 0: can't tell.
tj_up() {
	if [ -r /proc/uptime ]; then
		read -r tj_line tj_rest </proc/uptime
		tj_first=$(tj_born 1)
		tj_ticks=$(getconf CLK_TCK 2>/dev/null || echo 100)
		echo $((${tj_line%%.*} - ${tj_first:-0} / tj_ticks))
	else
		tj_line=$(sysctl -n kern.boottime 2>/dev/null | sed -n 's/.*[^u]sec = \([0-9]*\).*/\1/p')
		echo $((tj_line ? tj_now - tj_line : 0))
	fi
}

# tj_prepare finds the folder of all jobs, or says why there can't be one.
tj_prepare() {
	tj_umask=$(umask)
	umask 077
	tj_now=$(date +%s)
	tj_boot=$(tj_boot_id)
	tj_mine=$(tj_born $$)
	tj_shell=${SHELL:-/bin/sh}
	for tj_tool in cat date head ln mkdir mv rm sleep tr wc; do
		command -v $tj_tool >/dev/null 2>&1 || tj_refuse tool $tj_tool
	done
	[ "$(printf ab | head -c 1)" = a ] || tj_refuse tool 'head -c'
	[ -n "$tj_mine" ] || tj_refuse tool ps
	tj_raw= # what a killed command said last must not be lost in a buffer
	! stdbuf -o0 true >/dev/null 2>&1 || tj_raw='stdbuf -o0'
	tj_root=${XDG_STATE_HOME:-${HOME:-}/.local/state}/toban/jobs
	tj_out=$(mkdir -p "$tj_root" 2>&1) || tj_refuse folder "$tj_out"
	if [ ! -e "$tj_root/made" ]; then
		tj_out=$({ echo "$tj_now" >"$tj_root/made.$tj_nonce"; } 2>&1) || tj_refuse folder "$tj_out"
		ln "$tj_root/made.$tj_nonce" "$tj_root/made" 2>/dev/null
		rm -f "$tj_root/made.$tj_nonce"
	fi
}

# tj_void makes sure that the attempt never begins, unless it has begun.
tj_void() {
	tj_out=$({
		mkdir -p "$tj_dir" && echo "void - - - - $tj_now -" >"$tj_dir/void.$tj_nonce" &&
			ln "$tj_dir/void.$tj_nonce" "$tj_dir/start"
	} 2>&1) || [ -e "$tj_dir/start" ] || tj_refuse folder "$tj_out"
}

# tj_state looks at attempt $1. tj_is becomes never, running, finished or dead:
# it began and is gone without having said how it ended.
tj_state() {
	tj_dir=$tj_root/$tj_step.$1
	tj_nr=$1
	[ -e "$tj_dir/start" ] || tj_void
	read -r tj_who tj_pid tj_pborn tj_wpid tj_wborn tj_at tj_sboot <"$tj_dir/start" || tj_refuse folder "$tj_dir/start"
	tj_work=$tj_dir/$tj_who
	tj_is=dead
	if [ "$tj_who" = void ]; then
		tj_is=never
		return
	fi
	if [ "$tj_who" != "$tj_nonce" ] && tj_alive "$tj_wpid" "$tj_wborn" "$tj_sboot"; then
		tj_is=running
		[ ! -e "$tj_work/done" ] || tj_is=finished
	elif tj_alive "$tj_pid" "$tj_pborn" "$tj_sboot"; then
		tj_is=running
	fi
	if [ "$tj_is" = dead ] && [ -e "$tj_work/exit" ]; then
		tj_is=finished
	fi
	[ "$tj_is" != finished ] || [ -e "$tj_work/exit" ] || tj_is=dead
}

# tj_await waits for the end of attempt $1, $2 seconds at most (0: any time).
tj_await() {
	tj_left=$2
	while tj_state "$1" && [ "$tj_is" = running ]; do
		if [ "$tj_limit" -gt 0 ] && [ $(($(date +%s) - tj_at)) -ge "$tj_limit" ]; then
			tj_is=overdue
			return
		fi
		tj_left=$((tj_left - 1))
		[ "$tj_left" -ne 0 ] || return 0
		sleep 1
	done
}

# tj_more: how many bytes of out or err were not kept.
tj_more() {
	tj_line=
	[ ! -e "$tj_work/$1.more" ] || read -r tj_line tj_rest <"$tj_work/$1.more"
	echo $((${tj_line:-0}))
}

# tj_tell reports what tj_state found, with the output if there can be any.
tj_tell() {
	case $tj_is in
	finished | dead)
		tj_code=-1 tj_sig=-
		[ ! -e "$tj_work/exit" ] || read -r tj_code tj_sig tj_rest <"$tj_work/exit"
		tj_same=1
		[ "$tj_sboot" = "$tj_boot" ] || tj_same=0
		tj_say $tj_is "$tj_nr" "$tj_code" "$tj_sig" "$(tj_more out)" "$(tj_more err)" $(($(date +%s) - tj_at)) $tj_same
		cat "$tj_work/out" 2>/dev/null
		printf '%s\n' "$tj_nonce" >&2
		cat "$tj_work/err" >&2 2>/dev/null
		;;
	never) tj_say never "$tj_nr" $((tj_now - $(cat "$tj_root/made"))) "$(tj_up)" "$(tj_swept)" ;;
	running) tj_say running "$tj_nr" $(($(date +%s) - tj_at)) ;;
	overdue) tj_say overdue "$tj_nr" "$tj_wpid" ;;
	esac
}

# tj_keep keeps the beginning of a stream and counts the rest.
tj_keep() {
	trap '' TERM HUP INT
	$tj_raw head -c "$tj_max" >"$tj_work/$1"
	wc -c 1<>"$tj_work/$1.more"
}

# tj_become claims the attempt and becomes the command.
tj_become() {
	tj_pid=$(exec sh -c 'echo $PPID')
	tj_line="$tj_nonce $tj_pid $(tj_born "$tj_pid") $$ $tj_mine $(date +%s) $tj_boot"
	echo "$tj_line" >"$tj_work/start" && read -r tj_back <"$tj_work/start" || exit 1
	[ "$tj_back" = "$tj_line" ] && ln "$tj_work/start" "$tj_dir/start" || exit 1
	umask "$tj_umask"
	unset SHLVL
	case ${tj_shell##*/} in
	sh | ash | bash | dash | ksh | mksh | zsh) exec "$tj_shell" -c "$tj_text" "${tj_shell##*/}" ;;
	esac
	exec "$tj_shell" -c "$tj_text"
}

# tj_watch runs the command and records its end. The shell that waits says on its
# stderr, in "how", if a signal ended the command: its status alone doesn't tell.
tj_watch() {
	trap : TERM HUP INT
	(tj_become) </dev/null 2>&4 4>&-
	tj_code=$?
	read -r tj_who tj_rest <"$tj_dir/start" && [ "$tj_who" = "$tj_nonce" ] || return 0
	tj_sig=-
	if [ $tj_code -gt 128 ] && [ -s "$tj_work/how" ]; then
		tj_sig=$(kill -l $tj_code 2>/dev/null) || tj_sig=-
	fi
	printf '%-62s\n' "$tj_code ${tj_sig#SIG} $(date +%s)" 1<>"$tj_work/ending"
	mv "$tj_work/ending" "$tj_work/exit"
}

# tj_run runs the attempt in tj_dir. All files are made, and room is taken for the
# exit status, before anything begins: a full disk must not hide how it ended.
tj_run() {
	tj_work=$tj_dir/$tj_nonce
	tj_out=$({
		mkdir -p "$tj_work" && for tj_file in ending out.more err.more; do
			printf '%-62s\n' 0 >"$tj_work/$tj_file" && read -r tj_back tj_rest <"$tj_work/$tj_file" && [ "$tj_back" = 0 ] || exit 1
		done && : >"$tj_work/out" && : >"$tj_work/err" && : >"$tj_work/how"
	} 2>&1) || tj_refuse folder "${tj_out:-$tj_work}"
	tj_say begin $$
	trap : TERM HUP INT
	{
		tj_watch 2>"$tj_work/how" 4>&1 1>&3 3>&- | (tj_keep err) >/dev/null 3>&-
	} 3>&1 | (tj_keep out)
	mv "$tj_work/how" "$tj_work/done"
}

# tj_start runs the command unless an earlier attempt at the step turns up: one
# that goes on is waited for, one that ended is the result.
tj_start() {
	tj_nr=1
	while [ "$tj_nr" -lt "$tj_try" ]; do
		tj_await "$tj_nr" 0
		case $tj_is in finished | overdue)
			tj_tell
			return
			;;
		esac
		tj_nr=$((tj_nr + 1))
	done
	tj_dir=$tj_root/$tj_step.$tj_try
	[ -e "$tj_dir/start" ] || tj_run
	[ -e "$tj_dir/start" ] || tj_refuse folder "$tj_dir/start"
	tj_await "$tj_try" 0
	tj_tell
}

# tj_look tells about the newest attempt; if that never begins, about an earlier
# one that did end or goes on.
tj_look() {
	tj_nr=$tj_try
	while [ "$tj_nr" -gt 0 ]; do
		tj_await "$tj_nr" "$tj_wait"
		case $tj_is in finished | running | overdue)
			tj_tell
			return
			;;
		esac
		[ "$tj_nr" -ne "$tj_try" ] || [ "$tj_is" != dead ] || break
		tj_nr=$((tj_nr - 1))
	done
	tj_state "$tj_try"
	tj_tell
}

# tj_swept: seconds since the youngest time of which jobs may have been removed; -1: none were.
tj_swept() {
	tj_last=0
	for tj_file in "$tj_root"/swept.*; do
		tj_line=${tj_file##*.}
		[ "$tj_line" = '*' ] || [ "$tj_line" -le "$tj_last" ] || tj_last=$tj_line
	done
	echo $((tj_last ? tj_now - tj_last : -1))
}

# tj_sweep removes jobs that ended more than $1 full days ago. It says so before,
# so that nobody takes a job that was removed for one that never was.
tj_sweep() {
	tj_mark=
	for tj_dir in $(find . ! -name . -prune -type d -mtime "+$1" 2>/dev/null); do
		tj_who=void tj_pid=- tj_pborn= tj_wpid=- tj_wborn= tj_sboot=-
		[ ! -e "$tj_dir/start" ] || read -r tj_who tj_pid tj_pborn tj_wpid tj_wborn tj_at tj_sboot <"$tj_dir/start"
		! tj_alive "$tj_wpid" "$tj_wborn" "$tj_sboot" && ! tj_alive "$tj_pid" "$tj_pborn" "$tj_sboot" || continue
		[ -n "$tj_mark" ] || : >swept.$((tj_now - ($1 + 1) * 86400 + 60)) || return
		tj_mark=1
		rm -rf "$tj_dir"
	done
	[ -z "$tj_mark" ] || for tj_file in swept.*; do
		[ "${tj_file##*.}" -ge $((tj_now - $(tj_swept))) ] || rm -f "$tj_file"
	done
}

tj_tidy() {
	cd "$tj_root" || return
	tj_sweep 7
	set -- *.*.*/
	[ $# -le 200 ] || tj_sweep 0
}

tj_main() {
	tj_mode=$1 tj_nonce=$2 tj_step=$3 tj_try=$4 tj_limit=$5 tj_wait=$6 tj_max=$7 tj_text=$8
	[ "$9" = "$2" ] || exit 1
	# As POSIX sh, bash would keep the signal to itself that tj_watch wants to hear of.
	[ -z "${BASH_VERSION:-}" ] || ! (set +o posix) 2>/dev/null || set +o posix
	tj_prepare
	tj_$tj_mode
	(tj_tidy) >/dev/null 2>&1
	exit 0
}
