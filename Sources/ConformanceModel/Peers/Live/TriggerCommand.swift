/// A command that makes somebody's client connect: words with placeholders, some of them in brackets.
package struct TriggerCommand: Hashable, Codable, Sendable {
    /// Words that stand or fall together.
    package struct Group: Hashable, Codable, Sendable {
        package var words: [String]
        /// Whether the words were in brackets, and are left out when a placeholder in them has no value.
        package var isOptional: Bool
    }

    package private(set) var groups: [Group]
    /// The name that the client reaches the server by when it is given none of its own; nil when the command has
    /// `{host}`, and any name will do.
    package var serverName: String?

    /// Whether the program is started once and reads a line for each connection, of the words from the first one with a
    /// placeholder on, with tabs between them.
    package var takesLines = false

    /// Reads a command as a shell does, with quotes and backslashes, but without a shell: nothing in it is expanded.
    package init(_ text: String) throws(TriggerCommandError) {
        groups = []
        var isInBrackets = false
        for word in try ShellWords(text).words {
            var text = word.text
            if word.opensBracket, !isInBrackets {
                isInBrackets = true
                groups.append(Group(words: [], isOptional: true))
                text.removeFirst()
            } else if !isInBrackets {
                groups.append(Group(words: [], isOptional: false))
            }
            let closes = isInBrackets && word.closesBracket
            if closes { text.removeLast() }
            if !text.isEmpty { groups[groups.count - 1].words.append(text) }
            if closes { isInBrackets = false }
        }
        guard !isInBrackets else { throw TriggerCommandError("a bracket is opened and not closed") }
        groups.removeAll { $0.words.isEmpty }
        guard let first = groups.first, !first.isOptional else { throw TriggerCommandError("it names no program") }
        guard has("url") || has("port") else {
            throw TriggerCommandError(
                "it has neither {url} nor {port}, so the client would not know where to connect to"
            )
        }
    }

    /// The program that is started.
    package var program: String { groups.first?.words.first ?? "" }

    /// The words that start a program which takes lines; nil for one that is started for each connection.
    package var startingWords: [String]? {
        takesLines ? groups.prefix { !$0.isOptional && !$0.hasPlaceholder }.flatMap(\.words) : nil
    }

    /// The words with placeholders: all, or those of a line.
    package var filledGroups: [Group] {
        takesLines ? Array(groups.drop { !$0.isOptional && !$0.hasPlaceholder }) : groups
    }

    /// Whether the command has a placeholder.
    package func has(_ placeholder: String) -> Bool {
        groups.contains { $0.has(placeholder) }
    }

    /// Why the command can't bring a client to do what a case asks; nil when it can.
    package func refusal(of client: ClientSettings, in pki: PKISpecification) -> String? {
        let credentials = ["certificate", "chain", "key", "bundle"]
        if client.identity != nil, !credentials.contains(where: has) {
            return "the command has no place for a certificate, such as {chain} and {key}"
        }
        if client.identity == nil,
            groups.contains(where: { group in !group.isOptional && credentials.contains(where: group.has) })
        {
            return "the command can't do without a certificate: put these words in brackets"
        }
        guard let roots = client.rootCAs, !roots.isEmpty else {
            return "a client that trusts nobody can't be asked for by a command"
        }
        if !has("rootCAs"), pki.adopted.map({ roots != [$0] }) ?? true {
            return "the client trusts the test authority alone, since the command has no {rootCAs}"
        }
        guard let name = client.serverName, !name.isEmpty else { return "a client without a server name has no URL" }
        if ReferenceName(name) == .invalid { return "“\(name)” can't stand in a URL" }
        if let serverName, serverName != name {
            return "the client reaches the server as \(serverName) alone, since the command has no {host}"
        }
        return nil
    }
}

extension TriggerCommand.Group {
    fileprivate var hasPlaceholder: Bool { words.contains { $0.contains("{") && $0.contains("}") } }

    fileprivate func has(_ placeholder: String) -> Bool {
        words.contains { $0.contains("{\(placeholder)}") }
    }
}

/// A fault in a command.
package struct TriggerCommandError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The words of a command line: blanks part them, quotes and backslashes keep them together.
private struct ShellWords {
    struct Word {
        var text = ""
        /// Whether the bracket at an end is one of the command's own, and not in quotes.
        var opensBracket = false
        var closesBracket = false
    }

    private(set) var words: [Word] = []

    init(_ text: String) throws(TriggerCommandError) {
        var word: Word?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                add(character, to: &word)
                isEscaped = false
            } else if let open = quote {
                if character == open { quote = nil } else { add(character, to: &word) }
            } else if character == "\\" {
                isEscaped = true
                word = word ?? Word()
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? Word()
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                if character == "[", word == nil { word = Word(opensBracket: true) }
                add(character, to: &word)
                word?.closesBracket = character == "]"
            }
        }
        guard quote == nil, !isEscaped else { throw TriggerCommandError("a quote is opened and not closed") }
        if let done = word { words.append(done) }
    }

    private func add(_ character: Character, to word: inout Word?) {
        var longer = word ?? Word()
        longer.text.append(character)
        longer.closesBracket = false
        word = longer
    }
}
