internal import ConformanceModel
internal import Glibc

/// The life of a worker process: cases come as lines on standard input, results go as lines to standard output.
package enum WorkerMain {
    /// The hidden subcommand that makes the program a worker.
    package static let command = "worker"

    /// Plays what comes until the input ends.
    ///
    /// - Parameter peerPlayer: makes what plays programs.
    /// - Throws: when the runner's lines cannot be read.
    package static func run(peerPlayer: @escaping PeerPlayerFactory) throws {
        // Ctrl-C reaches the whole group; the runner decides when its workers end.
        signal(SIGINT, SIG_IGN)
        var worker = Worker(fault: WorkerFault.fromEnvironment(), peerPlayer: peerPlayer)
        var splitter = LineSplitter()
        while let bytes = readInput() {
            for line in splitter.lines(adding: bytes) {
                let order = try JSONLine.value(WorkerOrder.self, from: line)
                let answer = try worker.answer(order) { writeOutput(try JSONLine.bytes($0)) }
                if let answer { writeOutput(try JSONLine.bytes(answer)) }
            }
        }
    }

    /// The next bytes of standard input; nil at its end.
    private static func readInput() -> [UInt8]? {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            var result = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            while result < 0, errno == EINTR {
                result = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            }
            failed = result <= 0
            count = max(0, result)
        }
        return failed ? nil : bytes
    }

    /// Writes all bytes; when nobody reads them any more, the process ends.
    private static func writeOutput(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                exit(EXIT_FAILURE)
            }
        }
    }
}

/// A worker that breaks on purpose at one case, so that tests can show that a run survives it.
///
/// It exists only where a test has set the variable, for example `COUNTERSIGN_WORKER_FAULT=abort:CASE-ID`.
struct WorkerFault {
    static let variable = "COUNTERSIGN_WORKER_FAULT"

    private enum Kind: String {
        case abort
        case spin
        /// Dies as by the hand of the kernel or an operator.
        case kill
        /// Takes memory until there is no more.
        case eat
        /// Finds its address in use, the first time.
        case busyOnce = "busy-once"
    }

    private let kind: Kind
    private let caseID: String
    private var strikes = 0

    static func fromEnvironment() -> WorkerFault? {
        guard let value = getenv(variable) else { return nil }
        return WorkerFault(String(cString: value))
    }

    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let kind = Kind(rawValue: String(text[..<colon])) else {
            return nil
        }
        self.kind = kind
        caseID = String(text[text.index(after: colon)...])
    }

    /// Does not come back if this is the case to break at, or returns how it ended.
    mutating func strike(_ id: String) -> PlayOutcome? {
        guard id == caseID else { return nil }
        strikes += 1
        switch kind {
        case .abort: abort()
        case .spin: while true { sched_yield() }
        case .kill: while true { Glibc.kill(getpid(), SIGKILL) }
        case .eat:
            var eaten: [[UInt8]] = []
            while true { eaten.append(Array(repeating: UInt8(truncatingIfNeeded: eaten.count), count: 1 << 24)) }
        case .busyOnce:
            return strikes > 1 ? nil : .errored(reason: "no listener: \(String(cString: strerror(EADDRINUSE)))")
        }
    }
}

/// The state of a worker: what it was told, and the PKIs and setups that cases refer to.
struct Worker {
    private var fault: WorkerFault?
    private let peerPlayer: PeerPlayerFactory?
    private var settings: WorkerSettings?
    /// The player without a mutant, from which the others have their keys, and those with one by its name.
    private var player: CasePlayer?
    private var mutated: [String: CasePlayer] = [:]
    private var pkis: [Int: PKISpecification] = [:]
    private var setups: [Int: CaseSetup] = [:]

    init(fault: WorkerFault?, peerPlayer: PeerPlayerFactory? = nil) {
        self.fault = fault
        self.peerPlayer = peerPlayer
    }

    /// - Parameter notify: called with what the runner must know before the answer.
    mutating func answer(_ order: WorkerOrder, notify: (WorkerAnswer) throws -> Void) throws -> WorkerAnswer? {
        switch order {
        case .configure(let settings):
            let peers = try settings.peers.map { peers in
                guard let peerPlayer else { throw RunnerError.noPeerPlayer }
                return peerPlayer(peers)
            }
            player = CasePlayer(stacks: try .standard(libraryMutant: settings.libraryMutant, peers: peers))
            self.settings = settings
            MemoryLimit.set(mebibytes: settings.memoryMiB)
            return .ready
        case .pki(let number, let specification):
            pkis[number] = specification
            return nil
        case .setup(let number, let setup):
            setups[number] = setup
            return nil
        case .play(let order):
            guard let settings, let setup = setups[order.setup], let pki = pkis[setup.pki],
                let player = try player(with: order.libraryMutant)
            else {
                let reason = "the worker was not configured, or not sent setup \(order.setup) or its PKI"
                return .result(PlayResult(index: order.index, outcome: .errored(reason: reason), durationMs: 0))
            }
            let request = order.request(setup, pki)
            let keys = player.missingKeys(for: request.testCase, playsControl: request.playsControl)
            let extraSeconds = keys * Self.secondsPerKey + player.secondsToStart(for: request.testCase)
            if extraSeconds > 0 { try notify(.needsTime(seconds: extraSeconds)) }
            return .result(play(request, player, settings, extraSeconds: extraSeconds))
        }
    }

    private mutating func player(with mutant: String?) throws -> CasePlayer? {
        guard let mutant, let player else { return player }
        if let known = mutated[mutant] { return known }
        let new = CasePlayer(stacks: try .standard(libraryMutant: mutant), mintOf: player)
        mutated[mutant] = new
        return new
    }

    private mutating func play(
        _ request: PlayRequest,
        _ player: CasePlayer,
        _ settings: WorkerSettings,
        extraSeconds: Int
    ) -> PlayResult {
        // The runner kills a worker that hangs. Should the runner be gone, the alarm ends it.
        alarm(UInt32(settings.deadlineSeconds + extraSeconds + Self.graceSeconds))
        defer { alarm(0) }
        if let outcome = fault?.strike(request.testCase.id) {
            return PlayResult(index: request.index, outcome: outcome, durationMs: 0)
        }
        return player.timedPlay(request, seed: settings.seed, now: settings.now)
    }

    private static let graceSeconds = 5
    /// An RSA key of 3072 bits takes half a second on an idle core, and chance may make it ten times that.
    private static let secondsPerKey = 15
}

extension CasePlayer {
    /// Plays a request and measures how long it took.
    func timedPlay(_ request: PlayRequest, seed: UInt64, now: Int64) -> PlayResult {
        var outcome = PlayOutcome.errored(reason: "the case was not played")
        let duration = ContinuousClock().measure {
            outcome = play(request.testCase, seed: seed, now: now, playsControl: request.playsControl)
        }
        let (seconds, attoseconds) = duration.components
        let milliseconds = Double(seconds) * 1e3 + Double(attoseconds / 1_000_000_000_000) / 1e3
        return PlayResult(index: request.index, outcome: outcome, durationMs: milliseconds)
    }
}
