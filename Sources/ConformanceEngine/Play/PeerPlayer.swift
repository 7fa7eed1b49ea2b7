package import ConformanceModel

/// Plays the pairings in which a process of somebody else plays a side.
///
/// The engine knows other people's programs by this alone, so that it starts none and opens no socket; the target Peers
/// has the one player that does.
package protocol PeerPlayer: Sendable {
    /// The authorities that live peers trust and are verified with; nil when there are none.
    var live: LiveMaterial? { get }

    /// Whether a program plays one of the sides.
    func plays(_ pairing: Pairing) -> Bool

    /// Whether a stack is a server that somebody else runs, which goes on from case to case.
    func isRunningServer(_ stack: Stack) -> Bool

    /// How much more time than for an answer is needed before a case of the pairing can be played, in seconds.
    func secondsToStart(for pairing: Pairing) -> Int

    /// Plays steps with these settings, which are the case's own or those of its control.
    ///
    /// - Parameter stacks: the stacks in this process, for a side that no program plays.
    func play(
        _ testCase: ConformanceCase,
        _ server: ServerSettings,
        _ client: ClientSettings,
        _ timeline: Timeline,
        on material: CaseMaterial,
        with stacks: StackRegistry
    ) throws(PlayFailure) -> [ConnectionObservation]
}

/// Makes the player of programs with its settings, which reach a worker as a message.
package typealias PeerPlayerFactory = @Sendable (PeerSettings) -> any PeerPlayer

/// The settings that a process needs to play stacks as programs.
package struct PeerSettings: Hashable, Codable, Sendable {
    package var manifests: [PeerManifest]
    /// Where compiled drivers are, absolute.
    package var buildFolder: String
    /// How long a program may take for one answer.
    package var patienceMs: Int
    /// The authorities that live peers trust and are verified with; nil when there are none.
    package var live: LiveMaterial?

    package init(
        manifests: [PeerManifest] = [],
        buildFolder: String = "",
        patienceMs: Int = 4000,
        live: LiveMaterial? = nil
    ) {
        self.manifests = manifests
        self.buildFolder = buildFolder
        self.patienceMs = patienceMs
        self.live = live
    }
}

/// A fault between a case and its observations when a stack plays as a program; each names the stack.
package enum PeerFault: Error, Hashable {
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

    package var outcome: PlayOutcome {
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
    package var words: String {
        switch self {
        case .unsupported(let words), .late(let words), .crashed(let words), .garbled(let words), .harness(let words):
            words
        case .givenUp(_, let count, let fault): "\(fault.words) (\(count) times)"
        }
    }

    /// Whether the stack's process can't be trusted any more.
    package var spoilsProcess: Bool {
        switch self {
        case .late, .crashed, .garbled: true
        case .unsupported, .givenUp, .harness: false
        }
    }
}
