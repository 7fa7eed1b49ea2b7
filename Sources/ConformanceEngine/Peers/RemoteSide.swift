internal import ConformanceModel

/// A server of one case that a program plays.
protocol RemoteServer: AnyObject {
    /// Whether it has to listen anew for each connection.
    var endsWithConnection: Bool { get }
    /// Takes its settings and listens.
    func listen() throws(PeerFault) -> RemoteStart
    /// Its observation of the connection that has just ended.
    func observe() throws(PeerFault) -> SideObservation
    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation
    /// Forgets its settings.
    func stop() throws(PeerFault)
}

/// A client of one case that a program plays.
protocol RemoteClient: AnyObject {
    /// Takes its settings.
    func configure() throws(PeerFault) -> SettingsRefused?
    /// Begins a connection, which goes on by itself.
    func begin(_ address: NetworkAddress) throws(PeerFault)
    /// Whether it has ended; takes in what the program writes.
    func hasEnded() throws(PeerFault) -> Bool
    func register(in waiting: inout Waiting)
    /// Its observation of the connection; waits for the connection's end.
    func observe() throws(PeerFault) -> SideObservation
    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation
    func stop() throws(PeerFault)
}

/// The result of a server's start.
enum RemoteStart: Hashable {
    case listening(NetworkAddress)
    case refused(SettingsRefused)
}

/// The result of a rotation.
enum RemoteRotation: Hashable {
    case done
    case refused
}

/// A fault between a case and its observations when a stack plays as a program; each names the stack.
enum PeerFault: Error, Hashable {
    /// The stack can't do what the case asks, by its manifest, or isn't installed.
    case unsupported(String)
    /// It did not answer in time.
    case late(String)
    /// It ended where it must not.
    case crashed(String)
    /// It said what the protocol or the manifest does not know.
    case garbled(String)
    /// It was not asked any more, having failed so many times in a row.
    indirect case givenUp(name: String, count: Int, PeerFault)
    /// The harness is at fault.
    case harness(String)

    var outcome: PlayOutcome {
        switch self {
        case .unsupported(let reason): .unsupported(reason: reason)
        case .late(let reason): .timedOut(reason: reason)
        case .crashed(let reason): .crashed(reason: reason)
        case .garbled(let reason), .harness(let reason): .errored(reason: reason)
        case .givenUp(let name, let count, let fault):
            .skipped(
                reason: "not played: \(name) was given up after \(count) faults in a row, the last: \(fault.words)"
            )
        }
    }

    /// A description of the event.
    var words: String {
        switch self {
        case .unsupported(let words), .late(let words), .crashed(let words), .garbled(let words), .harness(let words):
            words
        case .givenUp(_, let count, let fault): "\(fault.words) (\(count) times)"
        }
    }

    /// Whether the stack's process can't be trusted any more.
    var spoilsProcess: Bool {
        switch self {
        case .late, .crashed, .garbled: true
        case .unsupported, .givenUp, .harness: false
        }
    }
}

/// Command lines of a manifest.
struct PeerCommand {
    let manifest: PeerManifest
    /// Where compiled drivers are.
    let buildFolder: String

    /// Fills in `{folder}`, the manifest's folder, and `{build}`, the stack's folder for what is built.
    func expanded(_ arguments: [String]) -> [String] {
        arguments.map {
            $0.replacing("{folder}", with: manifest.folder).replacing("{build}", with: stackFolder)
        }
    }

    var environment: [String: String] {
        manifest.environment.mapValues {
            $0.replacing("{folder}", with: manifest.folder).replacing("{build}", with: stackFolder)
        }
    }

    var stackFolder: String { "\(buildFolder)/\(manifest.stack.rawValue)" }
}
