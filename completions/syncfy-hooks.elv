
use builtin;
use str;

set edit:completion:arg-completer[syncfy-hooks] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'syncfy-hooks'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'syncfy-hooks'= {
            cand --format 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise'
            cand --color 'When to use colours'
            cand --config 'Read this configuration file instead of the nearest `syncfy-hooks.toml`'
            cand --profile 'Use this profile of the configuration, on top of what holds for all'
            cand --json 'Print one JSON object per line: short for `--format json`'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more, such as the headers of each notification'
            cand --verbose 'Print more, such as the headers of each notification'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand listen 'Receive notifications: verify, validate, show, save and forward them'
            cand completions 'Print the completion script for a shell'
            cand man 'Write the manual pages'
        }
        &'syncfy-hooks;listen'= {
            cand -f 'Forward notifications to this target; may be given more than once'
            cand --forward-to 'Forward notifications to this target; may be given more than once'
            cand --listen 'The address to listen on; port 0 picks a free one [default: 127.0.0.1:4000, with `--demo` a free port]'
            cand --path 'Answer on this path only (default: on any path)'
            cand -e 'Show and forward these events only: a glob such as `documents.*`, or with `!` in front those not to; may be given more than once'
            cand --events 'Show and forward these events only: a glob such as `documents.*`, or with `!` in front those not to; may be given more than once'
            cand --save 'Save each notification as a capture file in this folder before it is answered'
            cand --reply 'What to answer: `recorded` (200 as soon as it is saved), `target` (what your app answers), or a status'
            cand --reply-delay 'Wait this long before answering'
            cand --environment 'Refuse notifications of the other environment'
            cand --require-header 'Refuse notifications without this header, such as the custom header set in the Syncfy dashboard'
            cand --signature-header 'The header that carries the JWT (default: `request-signature` and its known variants)'
            cand --key-file 'Read the JWT key from this file, `-` for standard input; may be given more than once'
            cand --leeway 'How far the clocks may differ when the times of a JWT are checked'
            cand --on-invalid 'What to do with a payload that has validation errors: forward it all the same, record it only, or answer 400'
            cand --max-body 'Answer 413 to bodies longer than this'
            cand -H 'Add this header to each request that is sent, in place of one of the same name; may be given more than once'
            cand --header 'Add this header to each request that is sent, in place of one of the same name; may be given more than once'
            cand --timeout 'How long a target may take to answer'
            cand --retries 'How often to try again when a target is unreachable or answers 408, 425, 429 or 5xx'
            cand --concurrency 'How many requests may be under way to each target at once'
            cand --ca 'Trust one more certificate authority, from a PEM file'
            cand --count 'Stop after this many notifications'
            cand --expect 'Expect this many events that match (1 unless told); stop when all were received, exit 1 if that never happens'
            cand --within 'Stop with exit status 124 when this time has passed'
            cand --ready-file 'Write the URL into this file once connections are accepted'
            cand --format 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise'
            cand --color 'When to use colours'
            cand --config 'Read this configuration file instead of the nearest `syncfy-hooks.toml`'
            cand --profile 'Use this profile of the configuration, on top of what holds for all'
            cand --no-verify-signature 'Accept notifications whose signature is bad or missing (the verdict is still shown)'
            cand --ordered 'Forward one at a time per `id_credential`, in order of arrival'
            cand -k 'Trust the certificate of an https target whatever it says (signatures are still checked)'
            cand --insecure 'Trust the certificate of an https target whatever it says (signatures are still checked)'
            cand --once 'Stop after one notification'
            cand --demo 'Make a throwaway key, post a signed run of sample events to this listener, and stop'
            cand --json 'Print one JSON object per line: short for `--format json`'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more, such as the headers of each notification'
            cand --verbose 'Print more, such as the headers of each notification'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'syncfy-hooks;completions'= {
            cand --format 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise'
            cand --color 'When to use colours'
            cand --config 'Read this configuration file instead of the nearest `syncfy-hooks.toml`'
            cand --profile 'Use this profile of the configuration, on top of what holds for all'
            cand --json 'Print one JSON object per line: short for `--format json`'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more, such as the headers of each notification'
            cand --verbose 'Print more, such as the headers of each notification'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'syncfy-hooks;man'= {
            cand --format 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise'
            cand --color 'When to use colours'
            cand --config 'Read this configuration file instead of the nearest `syncfy-hooks.toml`'
            cand --profile 'Use this profile of the configuration, on top of what holds for all'
            cand --json 'Print one JSON object per line: short for `--format json`'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more, such as the headers of each notification'
            cand --verbose 'Print more, such as the headers of each notification'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
