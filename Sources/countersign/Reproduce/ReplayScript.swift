/// A shell script that plays a plan with nothing but openssl, and ends with what became of the connection.
struct ReplayScript {
    let text: String

    init(_ plan: ReplayPlan, caseID: String) {
        guard let isAccepted = plan.isAccepted else {
            text = """
                #!/bin/sh
                # \(caseID)
                echo "openssl can't play this case: \(plan.omissions.last ?? "see README.md")" >&2
                exit 3

                """
            return
        }
        let server = plan.server.map(ShellWord.of).joined(separator: " ")
        let client = plan.client.map { $0.contains("$") ? "\"\($0)\"" : ShellWord.of($0) }.joined(separator: " ")
        text = """
            #!/bin/sh
            # \(caseID)
            # Ends with 0 when the server answered the client, with 1 when either refused, and with 3 when it couldn't play.
            # Expected: \(isAccepted ? 0 : 1).
            cd "$(dirname "$0")" || exit 3
            work=$(mktemp -d) || exit 3
            mkfifo "$work/output" || exit 3
            \(server) > "$work/output" 2>&1 < /dev/null &
            server=$!
            trap 'kill "$server" 2> /dev/null; rm -rf "$work"' EXIT
            exec 3< "$work/output"
            port=
            while [ -z "$port" ] && IFS= read -r line <&3; do
                case $line in
                    ACCEPT*:*) port=${line##*:} ;;
                    *) echo "$line" >> "$work/server" ;;
                esac
            done
            if [ -z "$port" ]; then
                cat "$work/server" >&2
                exit 3
            fi
            cat <&3 >> "$work/server" &
            reader=$!
            printf 'GET / HTTP/1.0\\r\\n\\r\\n' |
                \(client) > "$work/client" 2>&1
            kill "$server" 2> /dev/null
            wait "$reader"
            grep -E 'error|alert' "$work/client" | sed 's/^/client: /'
            grep -E 'error' "$work/server" | sed 's/^/server: /'
            # What the client says of itself may stand in front of the status line.
            if grep -q 'HTTP/1.0 200' "$work/client"; then
                echo "accepted"
                exit 0
            fi
            echo "refused"
            exit 1

            """
    }
}
