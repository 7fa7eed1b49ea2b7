/// How a program is made to play one role for one configuration.
package struct ProgramPlan: Hashable, Codable, Sendable {
    package var speaks: Conversation
    /// Configuration files in the folder of the process, by name. A line with a placeholder that has no value is left
    /// out.
    package var files: [String: String]
    /// Server: the text of one name that has an identity of its own; `{names}` is this text for each of them.
    package var names: String?
    /// The command line. A group with a placeholder that has no value is left out as a whole.
    package var launch: [[String]]
    /// The text for the program's standard input after its launch; the input is then closed, unless it is held open.
    package var input: String?
    /// Whether standard input stays open until the program is to end.
    package var holdsInput: Bool
    /// Values of a placeholder, by the value of the setting: `clientAuth`, `tls`, `insecureSkipVerify`.
    package var words: [String: [String: [String]]]
    /// Server: when it accepts connections.
    package var ready: Readiness?
    /// The program's words when its port is taken.
    package var portInUse: String?
    /// Server: what the program says when it ends without listening, since it won't take its settings.
    package var refusals: [Refusal] = []
    /// How it ends after a connection.
    package var ending: Ending
    /// Files that the program writes besides standard output and error.
    package var logs: [String]
    package var tells: [Telling]
    /// Server: how it takes another identity while it runs; nil when it can't be brought to.
    package var rotation: ProgramRotation?

    package init(
        speaks: Conversation,
        files: [String: String],
        names: String? = nil,
        launch: [[String]],
        input: String? = nil,
        holdsInput: Bool,
        words: [String: [String: [String]]],
        ready: Readiness? = nil,
        portInUse: String? = nil,
        refusals: [Refusal] = [],
        ending: Ending,
        logs: [String],
        tells: [Telling],
        rotation: ProgramRotation? = nil
    ) {
        self.speaks = speaks
        self.files = files
        self.names = names
        self.launch = launch
        self.input = input
        self.holdsInput = holdsInput
        self.words = words
        self.ready = ready
        self.portInUse = portInUse
        self.refusals = refusals
        self.ending = ending
        self.logs = logs
        self.tells = tells
        self.rotation = rotation
    }

    package struct Refusal: Hashable, Codable, Sendable {
        /// The class of the refusal, such as `no-client-cas`.
        package var reason: String
        /// A regular expression over all output and logs.
        package var pattern: String

        package init(
            reason: String,
            pattern: String
        ) {
            self.reason = reason
            self.pattern = pattern
        }
    }

    package enum Readiness: Hashable, Codable, Sendable {
        /// It can be connected to.
        case port
        /// A line on standard output or error matches.
        case line(String)
        /// A command succeeds, which is started until it does; its own connections are no part of a case.
        case command([String])
    }

    package enum Ending: Hashable, Codable, Sendable {
        /// After one connection.
        case itself
        /// By a signal.
        case signal(String)
    }
}

/// How one field of an observation is read from what a program writes.
package struct Telling: Hashable, Codable, Sendable {
    package var field: Field
    /// A regular expression over all output and logs, or nil for the exit code alone.
    package var pattern: String?
    /// The exit codes at which the telling holds; any when empty.
    package var exitCodes: [Int32]
    /// The value when it matches; the first group of the pattern when nil.
    package var value: String?

    package init(
        field: Field,
        pattern: String? = nil,
        exitCodes: [Int32],
        value: String? = nil
    ) {
        self.field = field
        self.pattern = pattern
        self.exitCodes = exitCodes
        self.value = value
    }

    /// The fields that programs can be read for.
    package enum Field: String, Hashable, CaseIterable, Codable, Sendable {
        /// `true` or `false`.
        case accepted
        /// `configuration`, `handshake` or `first-read`.
        case noticed
        /// A number or an IANA name.
        case alertSent
        case alertReceived
        /// A serial number in hexadecimal, or `none`.
        case received
        case presented
        case verified
        case sni
        case version
        case certificateRequested
        /// The text for people.
        case detail
    }
}

/// How a program that runs is brought to take another identity, which stands in the files of the old one.
package struct ProgramRotation: Hashable, Codable, Sendable {
    /// How it hears of the new files.
    package enum Telling: Hashable, Codable, Sendable {
        /// It looks at its files by itself.
        case nothing
        /// The name of a signal, for example `HUP`.
        case signal(String)
        /// A command line; placeholders as in `launch`.
        case command([String])
    }

    package var telling: Telling
    /// A regular expression for what it says once it has taken the files: nothing that it said before counts. Nil for a
    /// command that ends once they are taken, and fails when they are not.
    package var settled: String?
    /// One for what it says when it keeps the old ones.
    package var refused: String?
    /// One for what it says of each connection that is over, so that what it tells is told of that connection.
    package var connectionOver: String
    /// The settings that it takes anew. What was a file before stands in the same file, and its configuration is written
    /// again.
    package var settings: Set<SettingChange.Setting>

    package init(
        telling: Telling,
        settled: String? = nil,
        refused: String? = nil,
        connectionOver: String,
        settings: Set<SettingChange.Setting> = [.identity]
    ) {
        self.telling = telling
        self.settings = settings
        self.settled = settled
        self.refused = refused
        self.connectionOver = connectionOver
    }
}
