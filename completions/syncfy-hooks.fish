# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_syncfy_hooks_global_optspecs
    string join \n format= json q/quiet v/verbose color= config= profile= h/help V/version
end

function __fish_syncfy_hooks_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_syncfy_hooks_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_syncfy_hooks_using_subcommand
    set -l cmd (__fish_syncfy_hooks_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -s V -l version -d 'Print version'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "listen" -d 'Receive notifications: verify, validate, show, save and forward them'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "replay" -d 'Send saved notifications again, byte for byte'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "trigger" -d 'Make a synthetic event or a whole scenario, and send or print it'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "sign" -d 'Sign a notification: make the JWT that Syncfy would send with it'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "verify" -d 'Check the signature of a notification, and explain the verdict'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "key" -d 'Make or inspect a JWT key'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "validate" -d 'Check notifications, and say what is wrong and where'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "harden" -d 'Attack your own endpoint with bad signatures and odd inputs, and report what it does not stand'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "history" -d 'List, show, export and prune the notifications that were kept'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "schema" -d 'Print the JSON Schema of a notification or its TypeScript definitions, or compare what two recordings show'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "doctor" -d 'Check port, key, clock, history, targets and tunnel, and say what to mend'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "completions" -d 'Print the completion script for a shell'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_needs_command" -f -a "man" -d 'Write the manual pages'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -s f -l forward-to -d 'Forward notifications to this target; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l listen -d 'The address to listen on; port 0 picks a free one [default: 127.0.0.1:4000, with `--demo` a free port]' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l path -d 'Answer on this path only (default: on any path)' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -s e -l events -d 'Show and forward these events only: a glob such as `documents.*`, or with `!` in front those not to; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l save -d 'Save each notification as a capture file in this folder before it is answered' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l store -d 'The file of the history [default: `syncfy-hooks/history.db` in the user\'s folder for state, such as `~/.local/state`]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l durability -d 'What a recorded notification survives: `full` a loss of power, `normal` the death of the program only' -r -f -a "full\t'A loss of power'
normal\t'The death of the program'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l resume-within -d 'Give up the deliveries of earlier runs that wait for longer than this; `forever` gives none up' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l keep-for -d 'Take out of the history what is older than this and not among the newest 1,000; `forever` takes nothing out' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l duplicates -d 'What to do with a notification whose events were all received before: forward it all the same, or record it only' -r -f -a "forward\t'Record, show and forward it'
drop\t'Record and show it only'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l reply -d 'What to answer: `recorded` (200 as soon as it is saved), `target` (what your app answers), or a status' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l reply-delay -d 'Wait this long before answering' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l environment -d 'Refuse notifications of the other environment' -r -f -a "sandbox\t'Syncfy\'s test data'
production\t'Real data'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l require-header -d 'Refuse notifications without this header, such as the custom header set in the Syncfy dashboard' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l key-file -d 'Read the JWT key from this file, `-` for standard input; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l signature-header -d 'The header that carries the JWT (default: `request-signature` and its known variants)' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l leeway -d 'How far the clocks may differ when the times of a JWT (`exp`, `nbf`, `iat`) are checked' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l max-age -d 'Refuse a JWT that was made longer ago than this (and `--leeway`) by its `iat`, or that has none' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l on-invalid -d 'What to do with a payload that has validation errors: forward it all the same, record it only, or answer 400' -r -f -a "forward\t'Record, show and forward it'
hold\t'Record and show it only'
reject\t'Record and show it, and answer 400'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l max-body -d 'Answer 413 to bodies longer than this' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -s H -l header -d 'Add this header to each request that is sent, in place of one of the same name; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l timeout -d 'How long a target may take to answer' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l retries -d 'How often to try again when a target is unreachable or answers 408, 425, 429 or 5xx' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l concurrency -d 'How many requests may be under way to each target at once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l ca -d 'Trust one more certificate authority, from a PEM file' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l stub-api -d 'Play Syncfy\'s API on this address: the paths in `endpoints` lead to synthetic data; port 0 picks a free one' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l tunnel -d 'Get a public URL by this tunnel: an SSH server, or a program that you have installed' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l tunnel-remote -d 'Where the SSH server listens for the senders [default: a port of its choice; 80 at services that print a URL]' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l tunnel-identity -d 'Log in to the SSH server with this private key alone; may be given more than once' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l tunnel-known-hosts -d 'The file of SSH servers that are known, and their keys [default: `~/.ssh/known_hosts`, and the system\'s]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l tunnel-url -d 'The public URL, where the tunnel cannot tell it: as when a web server of your own stands in front' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l tunnel-path -d 'Answer below this path only, which nobody guesses; `random` makes one' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l tunnel-timeout -d 'Give up, with status 2, when no public URL has led here for this long' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l tunnel-probe -d 'After this much silence, make sure that the public URL still leads here; `never` takes it at its word from the start' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l tunnel-rate -d 'Answer 429 to more requests a second than this; ten times as many may come at once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l count -d 'Stop after this many notifications; exit 1 if fewer came' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l expect -d 'Expect this many events that match (1 unless told); stop when all were received, exit 1 if that never happens' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l within -d 'Stop with exit status 124 when this time has passed' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l max-reply -d 'Exit 1 at the end if a target has not answered each attempt within this time' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l max-silence -d 'Warn when nothing has arrived for this time, and exit 1 at the end' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l junit -d 'Write a JUnit report of what was expected into this file at the end, however that comes' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l ready-file -d 'Write the URL (with `--tunnel` the public one, once it leads here) into this file, and take it away at the end; a pipe is only written to' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l no-store -d 'Keep no history: what waits for a target is lost when the program ends'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l resume -d 'Make the deliveries that earlier runs have left waiting (the default)'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l no-resume -d 'Leave alone the deliveries that earlier runs have left waiting'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l no-verify-signature -d 'Accept notifications whose signature is bad or missing (the verdict is still shown)'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l require-binding -d 'Refuse a JWT whose claims do not cover the body: it proves who sent, not what'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l ordered -d 'Forward one at a time per `id_credential`, in order of arrival'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -s k -l insecure -d 'Trust the certificate of an https target whatever it says (signatures are still checked)'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l expect-pulled -d 'Expect every endpoint that a notification names to be pulled: wait for that before stopping, exit 1 if it never happens'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l accept-new -d 'Trust an SSH server that is not known yet, and remember its key; a key that has changed is refused all the same'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l print-url -d 'Print the public URL on standard output, on a line of its own'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l copy-url -d 'Have the terminal put the public URL on the clipboard (by OSC 52, which most know, also through SSH)'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l once -d 'Stop after one notification; exit 1 if that never comes'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l demo -d 'Make a throwaway key, post a signed run of sample events to this listener, and stop'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -s e -l events -d 'Take only notifications with one of these events: a glob such as `documents.*`, or with `!` in front other events than these; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l last -d 'Take the newest notification of the history, or so many of the newest, in order of arrival' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l id -d 'Take the notification with this number, or the one whose `rid` or `eid` begins like this; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l since -d 'Take what was received since then: `2h` or `7d` ago, a date, or a time such as `2026-01-02T03:04:05Z`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l until -d 'Take what was received before then, written in the same way' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l delivery -d 'Take what has a delivery that has come this far; `failed` is what your app has not taken since' -r -f -a "waiting\t''
delivered\t''
failed\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l store -d 'The file of the history [default: `syncfy-hooks/history.db` in the user\'s folder for state, such as `~/.local/state`]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -s t -l to -d 'Send to this target; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l after -d 'Take what came behind the notification with this number' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l key-file -d 'Read the JWT key from this file, `-` for standard input; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l as -d 'Print a command that sends the same, and send nothing' -r -f -a "curl\t'A curl command for any POSIX shell'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l repeat -d 'Send everything this many times' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l rate -d 'Send at most so many notifications: `50` or `50/s` per second, `10/m` per minute, `1/h` per hour' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l speed -d 'Keep the gaps in which the notifications were received, but go so many times as fast: `10x`, `1x` or `0.5x`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -s H -l header -d 'Add this header to each request that is sent, in place of one of the same name; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l timeout -d 'How long a target may take to answer' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l ca -d 'Trust one more certificate authority, from a PEM file' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l retries -d 'How often to try again when a target is unreachable or answers 408, 425, 429 or 5xx' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l concurrency -d 'How many requests may be under way to each target at once; with 1 they arrive in order' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l fresh -d 'Give each notification a new `rid`, new `eid`s and a present time, so that your app does not take it for a repeat'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l sign -d 'Sign each notification with the JWT key, in place of the recorded signature'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l dry-run -d 'Show what would be sent, and send nothing'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l watch -d 'Send again whenever a file changes, until ^C'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l fail-fast -d 'Stop at the first delivery that fails'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -s k -l insecure -d 'Trust the certificate of an https target whatever it says (signatures are still checked)'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -s t -l to -d 'Send to this target; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l set -d 'Put a value at a dotted path of each event, such as `payload.id_site`, or from the root, such as `rid` or `events.0.payload`; it is JSON where it parses as JSON, else a string; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l unset -d 'Take out what is at a dotted path; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l data -d 'Take the payload of the event from this file, or from standard input' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l environment -d 'The environment of the events' -r -f -a "sandbox\t''
production\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l count -d 'Make it so many times, each with ids of its own' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l batch -d 'Put so many events into one notification' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l seed -d 'Make the same ids and times, and the same chaos, for the same number' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l at -d 'When the first notification happens: RFC 3339 or Unix seconds (default: so long ago that the last one happens now; with `--seed` a fixed time)' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l key-file -d 'Read the JWT key from this file, `-` for standard input; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l as -d 'What to print: the body, a capture that `verify` and `replay` read, or a command that posts it' -r -f -a "body\t'The bytes of the notification'
capture\t'A capture on one line'
curl\t'A curl command for any POSIX shell'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l speed -d 'Go so many times as fast as the gaps of the scenario: `10x`, `1x` or `0.5x`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l rate -d 'Send at most so many notifications, whatever the gaps: `50` or `50/s` per second, `10/m` per minute, `1/h` per hour' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l chaos -d 'Deliver as a network does: `duplicates`, `reorder`, `delay`, `burst`, `drop`, several with commas, or `all`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -s H -l header -d 'Add this header to each request that is sent, in place of one of the same name; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l timeout -d 'How long a target may take to answer' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l ca -d 'Trust one more certificate authority, from a PEM file' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l retries -d 'How often to try again when a target is unreachable or answers 408, 425, 429 or 5xx' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l concurrency -d 'How many requests may be under way to each target at once; with 1 they arrive in order [with `--chaos`: 64]' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l list -d 'Print every event and every scenario there is'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l edit -d 'Open the notification in your editor first (`VISUAL`, else `EDITOR`)'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l v1 -d 'Make a notification of Webhooks V1: `credential_create`, `credential_update`, `refresh`, `documents_completed`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l fail-fast -d 'Stop at the first delivery that fails'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -s k -l insecure -d 'Trust the certificate of an https target whatever it says (signatures are still checked)'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand trigger" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -s e -l events -d 'Take only notifications with one of these events: a glob such as `documents.*`, or with `!` in front other events than these; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l last -d 'Take the newest notification of the history, or so many of the newest, in order of arrival' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l id -d 'Take the notification with this number, or the one whose `rid` or `eid` begins like this; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l since -d 'Take what was received since then: `2h` or `7d` ago, a date, or a time such as `2026-01-02T03:04:05Z`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l until -d 'Take what was received before then, written in the same way' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l delivery -d 'Take what has a delivery that has come this far; `failed` is what your app has not taken since' -r -f -a "waiting\t''
delivered\t''
failed\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l store -d 'The file of the history [default: `syncfy-hooks/history.db` in the user\'s folder for state, such as `~/.local/state`]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l key-file -d 'Read the JWT key from this file, `-` for standard input; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l claims -d 'Add these claims, in place of those of the same name: a JSON object, or a file with one' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l alg -d 'The algorithm (default: that of the key, else HS256)' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
EdDSA\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l expires-in -d 'How long the token is to be valid' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l at -d 'Sign as if it were this time: RFC 3339 or Unix seconds; the same input then gives the same token' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l output -d 'What to print for each notification (default: `token`, or `json` with `--json`)' -r -f -a "token\t'The token'
header\t'The header line that carries it'
curl\t'A command for a shell that posts the notification with it'
json\t'The token and its claims, as one JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l to -d 'Where the command of `--output curl` posts to: a port, `host/path` or a whole URL' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l token -d 'Check this token (a JWT, which is no secret key) instead of the one in a capture; `-` for standard input' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -s e -l events -d 'Take only notifications with one of these events: a glob such as `documents.*`, or with `!` in front other events than these; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l last -d 'Take the newest notification of the history, or so many of the newest, in order of arrival' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l id -d 'Take the notification with this number, or the one whose `rid` or `eid` begins like this; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l since -d 'Take what was received since then: `2h` or `7d` ago, a date, or a time such as `2026-01-02T03:04:05Z`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l until -d 'Take what was received before then, written in the same way' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l delivery -d 'Take what has a delivery that has come this far; `failed` is what your app has not taken since' -r -f -a "waiting\t''
delivered\t''
failed\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l store -d 'The file of the history [default: `syncfy-hooks/history.db` in the user\'s folder for state, such as `~/.local/state`]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l key-file -d 'Read the JWT key from this file, `-` for standard input; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l signature-header -d 'The header that carries the JWT (default: `request-signature` and its known variants)' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l leeway -d 'How far the clocks may differ when the times of a JWT (`exp`, `nbf`, `iat`) are checked' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l max-age -d 'Refuse a JWT that was made longer ago than this (and `--leeway`) by its `iat`, or that has none' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l at -d 'Judge as of this time: `received` (now, where that is unknown), `now`, RFC 3339 or Unix seconds' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l snippet -d 'Judge nothing, and print a complete handler for your own app that receives notifications and checks their signature as `--signature-header`, `--leeway` and `--require-binding` say. Where a key is given, it takes the algorithms that the key allows' -r -f -a "node\t'JavaScript on Node.js, with `jose`'
python\t'Python, with Flask and `PyJWT`'
php\t'PHP, with nothing else'
ruby\t'Ruby, as a Rack application on Puma'
go\t'Go, with nothing else'
java\t'Java, with Jackson'
csharp\t'C#, with ASP.NET Core'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l require-binding -d 'Refuse a JWT whose claims do not cover the body: it proves who sent, not what'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and not __fish_seen_subcommand_from new show" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and not __fish_seen_subcommand_from new show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and not __fish_seen_subcommand_from new show" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and not __fish_seen_subcommand_from new show" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and not __fish_seen_subcommand_from new show" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and not __fish_seen_subcommand_from new show" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and not __fish_seen_subcommand_from new show" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and not __fish_seen_subcommand_from new show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and not __fish_seen_subcommand_from new show" -f -a "new" -d 'Make a fresh random key'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and not __fish_seen_subcommand_from new show" -f -a "show" -d 'Describe the configured keys without showing them'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -l alg -d 'The algorithm that the key is for' -r -f -a "HS256\t''
HS384\t''
HS512\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -l kid -d 'Give the key this id; tokens made with it carry it as `kid`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -l output -d 'Write the key into this file, readable by you alone (mode 0600), instead of printing it' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -l force -d 'Replace the file when it is there already; the key in it is lost'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from show" -l key-file -d 'Read the JWT key from this file, `-` for standard input; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from show" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from show" -l reveal -d 'Print the keys themselves, each as a JWK on one line: whoever sees that can sign as Syncfy'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand key; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -s e -l events -d 'Take only notifications with one of these events: a glob such as `documents.*`, or with `!` in front other events than these; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l last -d 'Take the newest notification of the history, or so many of the newest, in order of arrival' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l id -d 'Take the notification with this number, or the one whose `rid` or `eid` begins like this; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l since -d 'Take what was received since then: `2h` or `7d` ago, a date, or a time such as `2026-01-02T03:04:05Z`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l until -d 'Take what was received before then, written in the same way' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l delivery -d 'Take what has a delivery that has come this far; `failed` is what your app has not taken since' -r -f -a "waiting\t''
delivered\t''
failed\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l store -d 'The file of the history [default: `syncfy-hooks/history.db` in the user\'s folder for state, such as `~/.local/state`]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l deny -d 'Count what this rule finds as errors: a code or a name, or several with commas; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l warn -d 'Count what this rule finds as warnings, also with `--strict`; as `--deny`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l allow -d 'Do not report what this rule finds; as `--deny`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'
github\t'Annotations of a GitHub workflow'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, for the test results of a CI'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l max-errors -d 'Stop after so many errors' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l threads -d 'Check on so many threads: as many as there are cores, unless told otherwise' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l explain -d 'Print the manual page of a rule, named by its code or its name' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l sequence -d 'Check the order of all notifications together in place of each by itself: what is missing, comes twice, comes too early or never ends'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l strict -d 'Count warnings as errors, but those of rules that `--warn` names'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l fix -d 'Repair in place what is mechanical, and check what is left: standard input goes to standard output'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l dry-run -d 'Only say what `--fix` would change; ends with 1 if there is anything'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l list-rules -d 'Print every rule: its code, severity, name, and what it finds'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l key-file -d 'Read the JWT key from this file, `-` for standard input; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l alg -d 'The algorithm of right tokens (default: that of the key, else HS256)' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
EdDSA\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l signature-header -d 'The header that carries the token' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l environment -d 'The environment that the endpoint is for' -r -f -a "sandbox\t''
production\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l only -d 'Make only these checks: codes or names, several with commas; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l skip -d 'Leave these checks out; as `--only`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l timeout -d 'How long each answer may take' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l budget -d 'How long 95 of 100 answers to right notifications may take at most' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l i-own-this-host -d 'Attack this host though it is neither this machine nor in a private network: repeat the host of the URL' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -s H -l header -d 'Add this header to each request, in place of one of the same name; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l ca -d 'Trust one more certificate authority, from a PEM file' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'
junit\t'A JUnit report, for the test results of a CI'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l explain -d 'Print the manual page of a check, named by its code or its name' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -s k -l insecure -d 'Trust the certificate of an https endpoint whatever it says'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l list -d 'Print every check: its code, what is expected, its name, and what is wrong where it fails'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand harden" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -f -a "list" -d 'List notifications, the newest first'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -f -a "show" -d 'Show all that is known of one notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -f -a "export" -d 'Write notifications in a format that other tools read'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and not __fish_seen_subcommand_from list show export prune" -f -a "prune" -d 'Take old notifications out of the history'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l limit -d 'List at most so many' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -s e -l events -d 'With one of these events: a glob such as `documents.*`, or with `!` in front another event than those; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l since -d 'Received since then: `2h` or `7d` ago, a date, or a time such as `2026-01-02T03:04:05Z`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l until -d 'Received before then, written in the same way' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l environment -d 'Of this environment' -r -f -a "sandbox\t''
production\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l user -d 'About this Syncfy user (`id_user`)' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l external -d 'About this user by your own id (`id_external`)' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l verdict -d 'With this verdict on the signature' -r -f -a "valid\t''
invalid\t''
unsigned\t''
no-key\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l delivery -d 'With a delivery that has come this far' -r -f -a "waiting\t''
delivered\t''
failed\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l store -d 'The file of the history [default: `syncfy-hooks/history.db` in the user\'s folder for state, such as `~/.local/state`]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l all -d 'List every one'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from show" -l store -d 'The file of the history [default: `syncfy-hooks/history.db` in the user\'s folder for state, such as `~/.local/state`]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from show" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from show" -l redact -d 'Put pseudonyms in the place of ids, and take secrets and all but the usual header fields out, to show it to others'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l id -d 'The same, as `replay` and others name it; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l as -d 'The format to write [default: ndjson]' -r -f -a "capture\t'The program\'s own capture file, with every byte as it came'
ndjson\t'Captures, one per line'
curl\t'Shell commands that send the notifications'
har\t'An HTTP archive, for browsers and proxies'
hurl\t'A Hurl file, to be run as a test'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l format -d 'The same as `--as`' -r -f -a "capture\t'The program\'s own capture file, with every byte as it came'
ndjson\t'Captures, one per line'
curl\t'Shell commands that send the notifications'
har\t'An HTTP archive, for browsers and proxies'
hurl\t'A Hurl file, to be run as a test'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l output -d 'Write into this file, readable by you alone, instead of to standard output; several captures into this folder' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -s e -l events -d 'With one of these events: a glob such as `documents.*`, or with `!` in front another event than those; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l since -d 'Received since then: `2h` or `7d` ago, a date, or a time such as `2026-01-02T03:04:05Z`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l until -d 'Received before then, written in the same way' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l environment -d 'Of this environment' -r -f -a "sandbox\t''
production\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l user -d 'About this Syncfy user (`id_user`)' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l external -d 'About this user by your own id (`id_external`)' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l verdict -d 'With this verdict on the signature' -r -f -a "valid\t''
invalid\t''
unsigned\t''
no-key\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l delivery -d 'With a delivery that has come this far' -r -f -a "waiting\t''
delivered\t''
failed\t''"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l store -d 'The file of the history [default: `syncfy-hooks/history.db` in the user\'s folder for state, such as `~/.local/state`]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l force -d 'Replace files that are there already'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l redact -d 'Put pseudonyms in the place of ids, and take secrets and all but the usual header fields out, to show it to others'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -l older-than -d 'Take out what was received longer ago than this, such as `30d`, `2w` or `36h`' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -l keep -d 'Keep the newest N, whatever their age' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -l store -d 'The file of the history [default: `syncfy-hooks/history.db` in the user\'s folder for state, such as `~/.local/state`]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -l dry-run -d 'Say what would go, and take nothing out'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand history; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and not __fish_seen_subcommand_from diff" -l format -d 'What is printed (default: `json-schema`)' -r -f -a "json-schema\t'A JSON Schema (2020-12)'
typescript\t'TypeScript definitions'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and not __fish_seen_subcommand_from diff" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and not __fish_seen_subcommand_from diff" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and not __fish_seen_subcommand_from diff" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and not __fish_seen_subcommand_from diff" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and not __fish_seen_subcommand_from diff" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and not __fish_seen_subcommand_from diff" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and not __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and not __fish_seen_subcommand_from diff" -f -a "diff" -d 'Compare what two recordings show: events, fields, types, versions'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and __fish_seen_subcommand_from diff" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and __fish_seen_subcommand_from diff" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and __fish_seen_subcommand_from diff" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and __fish_seen_subcommand_from diff" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and __fish_seen_subcommand_from diff" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand schema; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -s f -l forward-to -d 'Where `listen` is to forward notifications; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l listen -d 'The address that `listen` is to listen on [default: 127.0.0.1:4000]' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l key-file -d 'Read the JWT key from this file, `-` for standard input; may be given more than once' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l signature-header -d 'The header that carries the JWT (default: `request-signature` and its known variants)' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l leeway -d 'How far the clocks may differ when the times of a JWT (`exp`, `nbf`, `iat`) are checked' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l max-age -d 'Refuse a JWT that was made longer ago than this (and `--leeway`) by its `iat`, or that has none' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l store -d 'The file of the history [default: `syncfy-hooks/history.db` in the user\'s folder for state, such as `~/.local/state`]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l ca -d 'Trust one more certificate authority, from a PEM file' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l tunnel -d 'Get a public URL by this tunnel: an SSH server, or a program that you have installed' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l tunnel-remote -d 'Where the SSH server listens for the senders [default: a port of its choice; 80 at services that print a URL]' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l tunnel-identity -d 'Log in to the SSH server with this private key alone; may be given more than once' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l tunnel-known-hosts -d 'The file of SSH servers that are known, and their keys [default: `~/.ssh/known_hosts`, and the system\'s]' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l require-binding -d 'Refuse a JWT whose claims do not cover the body: it proves who sent, not what'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l no-store -d 'No history is to be kept'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -s k -l insecure -d 'Trust the certificate of an https target whatever it says'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l accept-new -d 'Trust an SSH server that is not known yet, and remember its key; a key that has changed is refused all the same'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand completions" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand completions" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand completions" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand completions" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand completions" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand completions" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand man" -l format -d 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise' -r -f -a "pretty\t'Lines, bodies, excerpts and hints, for a person'
compact\t'One or two lines each'
json\t'One JSON object per line'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand man" -l config -d 'Read this configuration file instead of the nearest `syncfy-hooks.toml`' -r -F
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand man" -l profile -d 'Use this profile of the configuration, on top of what holds for all' -r
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand man" -l json -d 'Print one JSON object per line: short for `--format json`'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand man" -s q -l quiet -d 'Print results and errors only'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand man" -s v -l verbose -d 'Print more, such as the headers of each notification'
complete -c syncfy-hooks -n "__fish_syncfy_hooks_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
