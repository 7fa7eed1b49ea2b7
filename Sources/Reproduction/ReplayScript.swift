internal import Campaign
package import ConformanceModel
internal import ConformanceReports
package import Diagnostics

/// A shell script that plays a plan with nothing but the shell and openssl, and ends with what became of the connection.
package struct ReplayScript {
    package let text: String

    package init(_ plan: ReplayPlan, caseID: String) {
        guard let isAccepted = plan.isAccepted else {
            text = """
                #!/bin/sh
                # \(SingleLine.of(caseID))
                echo \(ShellWord.quoted("openssl can't play this case: \(plan.obstacle ?? "see README.md")")) >&2
                exit 3

                """
            return
        }
        text = """
            #!/bin/sh
            # \(SingleLine.of(caseID))
            # Needs openssl in PATH, and no other program.
            # Ends with 0 when the server answered the client of the last connection, with 1 when either refused, and
            # with 3 when it couldn't play. Expected: \(isAccepted ? 0 : 1).
            case $0 in */*) cd "${0%/*}" || exit 3 ;; esac
            umask 077

            \(Self.serving)

            # Connects, and says how that ended: connect EXPECTED COMMAND...
            connect() {
                expected=$1
                shift
                output=$(printf 'GET / HTTP/1.0\\r\\n\\r\\n' | "$@" 2>&1)
                printf '%s\\n' "$output" | while IFS= read -r line; do
                    case $line in *:error:* | *"verify error"*) printf 'client: %s\\n' "$line" ;; esac
                done
                case $output in
                    *"HTTP/1.0 200"*"Reused, TLS"* | *"Reused, TLS"*"HTTP/1.0 200"*) ended="accepted, resumed" ;;
                    *"HTTP/1.0 200"*) ended=accepted ;;
                    *) ended=refused ;;
                esac
            }

            # Ends the server, and prints what it said of errors.
            finish() {
                # Whoever started this script may have blocked every signal that can be blocked.
                kill -9 "$server" 2> /dev/null
                while IFS= read -r line; do
                    case $line in *:error:* | *"verify error"*) printf 'server: %s\\n' "$line" ;; esac
                done
                echo "$ended"
                [ "$ended" != refused ]
            }

            # An earlier connection that ends otherwise leaves nothing to show.
            go_on() {
                echo "$ended"
                [ "$ended" = "$expected" ] && return
                echo "expected: $expected" >&2
                exit 3
            }

            \(Self.servers(plan))
            """
    }

    /// The functions that start a server and find out its port.
    static let serving = """
        # Runs a server; its process id goes before its output.
        serve() {
            /bin/sh -c 'echo "PID $$" && exec "$@" 2>&1 < /dev/null' serve "$@"
        }

        # Reads the server's output up to the port that it has chosen.
        await_port() {
            port= early=
            while [ -z "$port" ] && IFS= read -r line; do
                case $line in
                    "PID "*) server=${line#PID } && trap 'kill -9 "$server" 2> /dev/null' EXIT ;;
                    ACCEPT*:*) port=${line##*:} ;;
                    *) early="$early $line" ;;
                esac
            done
            [ -n "$port" ] && return
            echo "the server didn't start:$early" >&2
            exit 3
        }
        """

    private static func servers(_ plan: ReplayPlan) -> String {
        var text = ""
        for (place, server) in plan.servers.enumerated() {
            let isLast = place == plan.servers.count - 1
            text +=
                "serve \(server.command.map(ShellWord.of).joined(separator: " ")) 2> /dev/null | {\n    await_port\n"
            for (number, connection) in server.connections.enumerated() {
                let end =
                    connection.isAccepted ? (connection.isResumed ? "'accepted, resumed'" : "accepted") : "refused"
                let words = connection.client.map { $0 == ReplayCommands.address ? "\"\($0)\"" : ShellWord.of($0) }
                text += "    connect \(end) \(words.joined(separator: " "))\n"
                if number < server.connections.count - 1 { text += "    go_on\n" }
            }
            text += isLast ? "    finish\n}\n" : "    finish\n    go_on > /dev/null\n} || exit 3\n"
        }
        return text
    }
}

/// The README of a reproduction.
package struct ReproductionReadme {
    package let text: String

    package init(
        _ testCase: ConformanceCase,
        _ explanation: CaseExplanation,
        _ plan: ReplayPlan,
        result: CaseResult,
        rules: [RuleDescription],
        clientScript: ClientScript? = nil
    ) {
        let code = plan.isAccepted.map { $0 ? "0 (accepted)" : "1 (refused)" } ?? "3 (openssl can't play it)"
        var lines = [
            "# \(testCase.id)", "",
            "The private keys in this folder are throwaway: made for this case, good for nothing else, and public from",
            "the moment when you pass the folder on.", "",
            "## What it is about", "", "```", CaseExplanationText(explanation).text, "```", "",
            "## What was seen", "", "```", "verdict: \(result.verdict.rawValue)",
            CaseNarrative(result, rules: rules, options: nil).text, "```", "",
            "## Play it again", "",
            "`./replay.sh` plays it with openssl alone, prints what both sides said, and ends with \(code).", "",
        ]
        if let clientScript {
            lines += [
                clientScript.obstacle.map { "`./client.sh` has no server to start: \($0)." }
                    ?? "`./client.sh` starts the server alone, and your client against it.",
                "The recording in this folder is that of the library's client in the place of yours.", "",
            ]
        }
        lines += plan.differences.map { "- Otherwise than the case asks: \($0)." }
        lines += plan.omissions.map { "- Left out: \($0)." }
        if let obstacle = plan.obstacle { lines.append("- It can't be played: \(obstacle).") }
        for server in plan.servers {
            lines += ["", "A server:", "", "```sh", server.command.map(ShellWord.of).joined(separator: " "), "```", ""]
            lines += ["Its clients, with the port that it prints:", "", "```sh"]
            lines += server.connections.map { connection in
                connection.client.map { $0 == ReplayCommands.address ? $0 : ShellWord.of($0) }.joined(separator: " ")
            }
            lines += ["```", ""]
        }
        lines += [
            "## Files", "",
            "| File | Holds |", "|---|---|",
            "| `pki/` | certificates, keys (mode 0600) and lists under the names of the scenario |",
            "| `settings.json` | the settings of both sides, the steps and the recipe |",
            "| `argv.txt` | the two commands, a word a line |",
            "| `capture.pcapng` | both directions, with the secrets inside; Wireshark and `tshark -r` decrypt it |",
            "| `keylog.txt` | the same secrets in the format of NSS |",
            "| `flights.txt` | each flight with its records |",
            "| `result.json` | what both sides reported |",
            "| `replay.sh` | the replay; the exit code to expect stands in `expected-exit-code` |",
        ]
        text = lines.joined(separator: "\n") + "\n"
    }
}
