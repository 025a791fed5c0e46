
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'syncfy-hooks' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'syncfy-hooks'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'syncfy-hooks' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive notifications: verify, validate, show, save and forward them')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Send saved notifications again, byte for byte')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign a notification: make the JWT that Syncfy would send with it')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check the signature of a notification, and explain the verdict')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Make or inspect a JWT key')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check notifications, and say what is wrong and where')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of a notification')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the manual pages')
            break
        }
        'syncfy-hooks;listen' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Forward notifications to this target; may be given more than once')
            [CompletionResult]::new('--forward-to', '--forward-to', [CompletionResultType]::ParameterName, 'Forward notifications to this target; may be given more than once')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'The address to listen on; port 0 picks a free one [default: 127.0.0.1:4000, with `--demo` a free port]')
            [CompletionResult]::new('--path', '--path', [CompletionResultType]::ParameterName, 'Answer on this path only (default: on any path)')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Show and forward these events only: a glob such as `documents.*`, or with `!` in front those not to; may be given more than once')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Show and forward these events only: a glob such as `documents.*`, or with `!` in front those not to; may be given more than once')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Save each notification as a capture file in this folder before it is answered')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'The file of the history [default: `syncfy-hooks/history.db` in the user''s folder for state, such as `~/.local/state`]')
            [CompletionResult]::new('--durability', '--durability', [CompletionResultType]::ParameterName, 'What a recorded notification survives: `full` a loss of power, `normal` the death of the program only')
            [CompletionResult]::new('--resume-within', '--resume-within', [CompletionResultType]::ParameterName, 'Give up the deliveries of earlier runs that wait for longer than this')
            [CompletionResult]::new('--keep-for', '--keep-for', [CompletionResultType]::ParameterName, 'Take out of the history what is older than this and not among the newest 1,000; `forever` takes nothing out')
            [CompletionResult]::new('--duplicates', '--duplicates', [CompletionResultType]::ParameterName, 'What to do with a notification whose events were all received before: forward it all the same, or record it only')
            [CompletionResult]::new('--reply', '--reply', [CompletionResultType]::ParameterName, 'What to answer: `recorded` (200 as soon as it is saved), `target` (what your app answers), or a status')
            [CompletionResult]::new('--reply-delay', '--reply-delay', [CompletionResultType]::ParameterName, 'Wait this long before answering')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Refuse notifications of the other environment')
            [CompletionResult]::new('--require-header', '--require-header', [CompletionResultType]::ParameterName, 'Refuse notifications without this header, such as the custom header set in the Syncfy dashboard')
            [CompletionResult]::new('--signature-header', '--signature-header', [CompletionResultType]::ParameterName, 'The header that carries the JWT (default: `request-signature` and its known variants)')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read the JWT key from this file, `-` for standard input; may be given more than once')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'How far the clocks may differ when the times of a JWT are checked')
            [CompletionResult]::new('--on-invalid', '--on-invalid', [CompletionResultType]::ParameterName, 'What to do with a payload that has validation errors: forward it all the same, record it only, or answer 400')
            [CompletionResult]::new('--max-body', '--max-body', [CompletionResultType]::ParameterName, 'Answer 413 to bodies longer than this')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Add this header to each request that is sent, in place of one of the same name; may be given more than once')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Add this header to each request that is sent, in place of one of the same name; may be given more than once')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a target may take to answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again when a target is unreachable or answers 408, 425, 429 or 5xx')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many requests may be under way to each target at once')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'Trust one more certificate authority, from a PEM file')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Stop after this many notifications')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Expect this many events that match (1 unless told); stop when all were received, exit 1 if that never happens')
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'Stop with exit status 124 when this time has passed')
            [CompletionResult]::new('--ready-file', '--ready-file', [CompletionResultType]::ParameterName, 'Write the URL into this file once connections are accepted')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--no-store', '--no-store', [CompletionResultType]::ParameterName, 'Keep no history: what waits for a target is lost when the program ends')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Make the deliveries that earlier runs have left waiting (the default)')
            [CompletionResult]::new('--no-resume', '--no-resume', [CompletionResultType]::ParameterName, 'Leave alone the deliveries that earlier runs have left waiting')
            [CompletionResult]::new('--no-verify-signature', '--no-verify-signature', [CompletionResultType]::ParameterName, 'Accept notifications whose signature is bad or missing (the verdict is still shown)')
            [CompletionResult]::new('--ordered', '--ordered', [CompletionResultType]::ParameterName, 'Forward one at a time per `id_credential`, in order of arrival')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Trust the certificate of an https target whatever it says (signatures are still checked)')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust the certificate of an https target whatever it says (signatures are still checked)')
            [CompletionResult]::new('--once', '--once', [CompletionResultType]::ParameterName, 'Stop after one notification')
            [CompletionResult]::new('--demo', '--demo', [CompletionResultType]::ParameterName, 'Make a throwaway key, post a signed run of sample events to this listener, and stop')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'syncfy-hooks;replay' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Send to this target; may be given more than once')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Send to this target; may be given more than once')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Send these events only: a glob such as `documents.*`, or with `!` in front those not to; may be given more than once')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Send these events only: a glob such as `documents.*`, or with `!` in front those not to; may be given more than once')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read the JWT key from this file, `-` for standard input; may be given more than once')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Print a command that sends the same, and send nothing')
            [CompletionResult]::new('--repeat', '--repeat', [CompletionResultType]::ParameterName, 'Send everything this many times')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send at most so many notifications: `50` or `50/s` per second, `10/m` per minute, `1/h` per hour')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Add this header to each request that is sent, in place of one of the same name; may be given more than once')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Add this header to each request that is sent, in place of one of the same name; may be given more than once')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a target may take to answer')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'Trust one more certificate authority, from a PEM file')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again when a target is unreachable or answers 408, 425, 429 or 5xx')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many requests may be under way to each target at once; with 1 they arrive in order')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--fresh', '--fresh', [CompletionResultType]::ParameterName, 'Give each notification a new `rid`, new `eid`s and a present time, so that your app does not take it for a repeat')
            [CompletionResult]::new('--sign', '--sign', [CompletionResultType]::ParameterName, 'Sign each notification with the JWT key, in place of the recorded signature')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be sent, and send nothing')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Send again whenever a file changes, until ^C')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first delivery that fails')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Trust the certificate of an https target whatever it says (signatures are still checked)')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust the certificate of an https target whatever it says (signatures are still checked)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'syncfy-hooks;sign' {
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read the JWT key from this file, `-` for standard input; may be given more than once')
            [CompletionResult]::new('--claims', '--claims', [CompletionResultType]::ParameterName, 'Add these claims, in place of those of the same name: a JSON object, or a file with one')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm (default: that of the key, else HS256)')
            [CompletionResult]::new('--expires-in', '--expires-in', [CompletionResultType]::ParameterName, 'How long the token is to be valid')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Sign as if it were this time: RFC 3339 or Unix seconds; the same input then gives the same token')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What to print for each notification (default: `token`, or `json` with `--json`)')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Where the command of `--output curl` posts to: a port, `host/path` or a whole URL')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'syncfy-hooks;verify' {
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'Check this token (a JWT, which is no secret key) instead of the one in a capture; `-` for standard input')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read the JWT key from this file, `-` for standard input; may be given more than once')
            [CompletionResult]::new('--signature-header', '--signature-header', [CompletionResultType]::ParameterName, 'The header of a capture that carries the token (default: `request-signature` and its known variants)')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'How far the clocks may differ when the times of a token are checked')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge as of this time: `received` (now, where that is unknown), `now`, RFC 3339 or Unix seconds')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'syncfy-hooks;key' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a fresh random key')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Describe the configured keys without showing them')
            break
        }
        'syncfy-hooks;key;new' {
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm that the key is for')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'Give the key this id; tokens made with it carry it as `kid`')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the key into this file, readable by you alone (mode 0600), instead of printing it')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the file when it is there already; the key in it is lost')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'syncfy-hooks;key;show' {
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read the JWT key from this file, `-` for standard input; may be given more than once')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--reveal', '--reveal', [CompletionResultType]::ParameterName, 'Print the keys themselves, each as a JWK on one line: whoever sees that can sign as Syncfy')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'syncfy-hooks;validate' {
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Print the manual page of a rule, named by its code or its name')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Count warnings as errors')
            [CompletionResult]::new('--list-rules', '--list-rules', [CompletionResultType]::ParameterName, 'Print every rule: its code, severity, name, and what it finds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'syncfy-hooks;schema' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'syncfy-hooks;completions' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'syncfy-hooks;man' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are shown: `pretty` on a terminal and `compact` elsewhere, unless told otherwise')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file instead of the nearest `syncfy-hooks.toml`')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration, on top of what holds for all')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object per line: short for `--format json`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more, such as the headers of each notification')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
