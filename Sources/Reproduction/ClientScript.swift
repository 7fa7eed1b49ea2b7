internal import Campaign
internal import ConformanceJudge
package import ConformanceModel

/// A shell script that starts the server of a case with openssl alone, and somebody's own client against it.
package struct ClientScript {
    package let text: String
    /// Why there is nothing to start; nil where there is.
    package let obstacle: String?

    /// - Parameter command: how the client is started, with its placeholders.
    package init(_ plan: ReplayPlan, _ testCase: ConformanceCase, _ command: TriggerCommand) {
        obstacle = Self.obstacle(plan, command)
        guard obstacle == nil, let server = plan.servers.first else {
            text = """
                #!/bin/sh
                # \(SingleLine.of(testCase.id))
                echo \(ShellWord.quoted("openssl can't play this server: \(obstacle ?? "see README.md")")) >&2
                exit 3

                """
            return
        }
        let words = server.command.map(Self.inFolder).joined(separator: " ")
        text = """
            #!/bin/sh
            # \(SingleLine.of(testCase.id))
            # Starts the server of the case with openssl alone, and your client against it. Needs openssl in PATH.
            # Ends with 1 when your client ended with exit code 0, with 0 when it ended with another, and with 3 when the
            # server couldn't be started. Expected: \(plan.isAccepted == true ? 1 : 0).
            folder=$(cd "$(dirname "$0")" && pwd) || exit 3
            umask 077

            \(ReplayScript.serving)

            serve \(words) 2> /dev/null | {
                await_port
                \(Self.client(testCase, command)) < /dev/null
                code=$?
                kill -9 "$server" 2> /dev/null
                echo "the client ended with exit code $code" >&2
                [ "$code" -ne 0 ]
            }

            """
    }

    private static func obstacle(_ plan: ReplayPlan, _ command: TriggerCommand) -> String? {
        if let obstacle = plan.obstacle { return obstacle }
        if command.takesLines { return "the client takes lines, and the case is one of several connections" }
        guard plan.servers.count == 1, plan.servers[0].connections.count == 1 else {
            return "the case has more than one connection"
        }
        return nil
    }

    /// A file of the folder in a word of the server's command.
    private static func inFolder(_ word: String) -> String {
        word.hasPrefix("pki/") ? "\"$folder\"/\(ShellWord.of(word))" : ShellWord.of(word)
    }

    /// The client's command with its placeholders filled in, as words of a shell.
    private static func client(_ testCase: ConformanceCase, _ command: TriggerCommand) -> String {
        let client = testCase.client
        var values = ["host": "127.0.0.1", "port": "\"$port\"", "work": "\"$folder\""]
        if let name = client.serverName {
            let host = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
            values["serverName"] = ShellWord.of(name)
            values["url"] = "\(ShellWord.of("https://\(host)")):\"$port\"/"
        }
        if let identity = client.identity {
            let file = "\"$folder\"/\(ShellWord.of("pki/client-\(identity)"))"
            values["identity"] = ShellWord.of(identity)
            values["certificate"] = "\(file).pem"
            values["chain"] = "\(file)-whole.pem"
            values["key"] = "\(file).key"
            values["bundle"] = "\(file)-bundle.pem"
        }
        if client.rootCAs?.isEmpty == false { values["rootCAs"] = "\"$folder\"/pki/server-roots.pem" }
        if !client.revocationLists.isEmpty { values["crls"] = "\"$folder\"/pki/client-lists.pem" }
        return command.groups.flatMap { group -> [String] in
            let words = group.words.map { filled($0, values) }
            return group.isOptional && words.contains(nil) ? [] : words.compactMap(\.self)
        }
        .joined(separator: " ")
    }

    /// A word with its placeholders filled in; nil where one has no value.
    private static func filled(_ word: String, _ values: [String: String]) -> String? {
        var rest = word[...]
        var text = ""
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { text += ShellWord.of(String(rest[..<open])) }
            guard let value = values[String(rest[rest.index(after: open)..<close])] else { return nil }
            text += value
            rest = rest[rest.index(after: close)...]
        }
        return rest.isEmpty && !text.isEmpty ? text : text + ShellWord.of(String(rest))
    }
}
