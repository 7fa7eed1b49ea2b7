internal import Campaign
internal import ConformanceModel

/// A shell script that plays a plan with nothing but the shell and openssl, and ends with what became of the connection.
package struct ReplayScript {
    package let text: String

    package init(_ plan: ReplayPlan, caseID: String) {
        guard let isAccepted = plan.isAccepted else {
            text = """
                #!/bin/sh
                # \(caseID)
                echo "openssl can't play this case: \(plan.obstacle ?? "see README.md")" >&2
                exit 3

                """
            return
        }
        text = """
            #!/bin/sh
            # \(caseID)
            # Needs openssl in PATH, and no other program.
            # Ends with 0 when the server answered the client of the last connection, with 1 when either refused, and
            # with 3 when it couldn't play. Expected: \(isAccepted ? 0 : 1).
            case $0 in */*) cd "${0%/*}" || exit 3 ;; esac
            umask 077

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

    private static func servers(_ plan: ReplayPlan) -> String {
        var text = ""
        for (place, server) in plan.servers.enumerated() {
            let isLast = place == plan.servers.count - 1
            text +=
                "serve \(server.command.map(ShellWord.of).joined(separator: " ")) 2> /dev/null | {\n    await_port\n"
            for (number, connection) in server.connections.enumerated() {
                let end =
                    connection.isAccepted ? (connection.isResumed ? "'accepted, resumed'" : "accepted") : "refused"
                let words = connection.client.map { $0.contains("$") ? "\"\($0)\"" : ShellWord.of($0) }
                text += "    connect \(end) \(words.joined(separator: " "))\n"
                if number < server.connections.count - 1 { text += "    go_on\n" }
            }
            text += isLast ? "    finish\n}\n" : "    finish\n    go_on > /dev/null\n} || exit 3\n"
        }
        return text
    }
}
