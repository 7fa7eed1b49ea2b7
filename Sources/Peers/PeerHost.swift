package import ConformanceEngine
package import ConformanceModel
internal import FoundationEssentials
internal import Synchronization

/// The stacks that this process plays as programs: starts them, keeps drivers for the next case, and gives up on what
/// fails again and again.
package final class PeerHost: Sendable {
    private let manifests: [Stack: PeerManifest]
    private let settings: PeerSettings
    private let state = Mutex(State())

    private struct Key: Hashable {
        let stack: Stack
        let side: Side
    }

    /// Safety: a driver is used by whoever has taken it out, and by nobody else meanwhile.
    private struct Idle: @unchecked Sendable {
        let driver: DriverProcess
    }

    /// Safety: as with drivers.
    private struct IdleProgram: @unchecked Sendable {
        let process: ChildProcess
    }

    private struct State {
        var idle: [Key: Idle] = [:]
        var programs: [Stack: IdleProgram] = [:]
        var faults: [Key: (count: Int, last: PeerFault)] = [:]
        var ground: Ground?
    }

    /// The settings that all programs of this process share.
    private struct Ground {
        let folder: String
        let guardian: ProcessGuard
    }

    package init(_ settings: PeerSettings) {
        self.settings = settings
        manifests = Dictionary(settings.manifests.map { ($0.stack, $0) }, uniquingKeysWith: { first, _ in first })
    }

    subscript(stack: Stack) -> PeerManifest? { manifests[stack] }

    package func plays(_ pairing: Pairing) -> Bool {
        Side.allCases.contains { manifests[pairing[$0]] != nil }
    }

    var patience: Duration { .milliseconds(settings.patienceMs) }

    var buildFolder: String { settings.buildFolder }

    package var live: LiveMaterial? { settings.live }

    /// A folder for the files of one side of a case.
    func makeFolder(_ material: CaseMaterial) throws(PeerFault) -> MaterialFolder {
        try MaterialFolder(in: try ground().folder, material: material)
    }

    /// The process group of all programs.
    func group() throws(PeerFault) -> Int32 { try ground().guardian.group }

    /// A driver that waits for orders, and that is the caller's until it is given back.
    func takeDriver(_ manifest: PeerManifest, _ side: Side) throws(PeerFault) -> DriverProcess {
        let key = Key(stack: manifest.stack, side: side)
        try checkFaults(key)
        if let idle = state.withLock({ $0.idle.removeValue(forKey: key) }), !idle.driver.isGone { return idle.driver }
        guard let words = manifest.driver else { throw .harness("\(manifest.stack.rawValue) has no driver") }
        let command = PeerCommand(manifest: manifest, buildFolder: settings.buildFolder)
        let name = "\(manifest.stack.rawValue) (\(side.rawValue))"
        let group = try group()
        let process: ChildProcess
        do throws(SystemFailure) {
            process = try ChildProcess(
                command.expanded(words),
                group: group,
                environment: command.environment,
                folder: manifest.folder
            )
        } catch {
            throw .crashed("\(name): \(error)")
        }
        let driver = DriverProcess(
            name: name,
            process: process,
            patience: patience,
            startPatience: patience * Self.startFactor
        )
        _ = try driver.greet()
        return driver
    }

    /// Takes a driver back for the next case.
    func giveBack(_ driver: DriverProcess, of stack: Stack, _ side: Side) {
        let key = Key(stack: stack, side: side)
        state.withLock { state in
            state.idle[key] = Idle(driver: driver)
            state.faults[key] = nil
        }
    }

    /// A program that takes a line for each connection: the one that waits, or a new one. It is the caller's until it is
    /// given back, and ends with a caller who doesn't.
    func takeProgram(_ manifest: PeerManifest, _ words: [String]) throws(PeerFault) -> ChildProcess {
        let idle = state.withLock { $0.programs.removeValue(forKey: manifest.stack) }
        if let idle, idle.process.exitStatus == nil { return idle.process }
        let command = PeerCommand(manifest: manifest, buildFolder: settings.buildFolder)
        let group = try group()
        do throws(SystemFailure) {
            return try ChildProcess(command.expanded(words), group: group, environment: command.environment)
        } catch {
            throw .crashed("\(manifest.stack.rawValue): \(error)")
        }
    }

    func giveBack(_ program: ChildProcess, of stack: Stack) {
        let idle = IdleProgram(process: program)
        state.withLock { $0.programs[stack] = idle }
    }

    /// Ends the program that waits for its next line.
    func endProgram(of stack: Stack) {
        state.withLock { $0.programs.removeValue(forKey: stack) }?.process.kill()
    }

    /// Remembers that a stack failed, so that one that always fails doesn't cost its time in every case.
    func note(_ fault: PeerFault, of stack: Stack, _ side: Side) {
        guard fault.spoilsProcess else { return }
        let key = Key(stack: stack, side: side)
        state.withLock { state in
            state.faults[key] = ((state.faults[key]?.count ?? 0) + 1, fault)
        }
    }

    func noteSuccess(of stack: Stack, _ side: Side) {
        state.withLock { $0.faults[Key(stack: stack, side: side)] = nil }
    }

    func checkFaults(of stack: Stack, _ side: Side) throws(PeerFault) {
        try checkFaults(Key(stack: stack, side: side))
    }

    private func checkFaults(_ key: Key) throws(PeerFault) {
        guard let known = state.withLock({ $0.faults[key] }), known.count >= Self.faultLimit else { return }
        throw .givenUp(name: "\(key.stack.rawValue) (\(key.side.rawValue))", count: known.count, known.last)
    }

    private func ground() throws(PeerFault) -> Ground {
        if let ground = state.withLock({ $0.ground }) { return ground }
        let parent = FileManager.default.temporaryDirectory.path
        let folder = try MaterialFolder.makeUnique("\(parent)/countersign-peers")
        let made: Ground
        do throws(SystemFailure) {
            made = Ground(folder: folder, guardian: try ProcessGuard(folder: folder))
        } catch {
            throw .harness("no guard for programs: \(error)")
        }
        state.withLock { $0.ground = made }
        return made
    }

    /// How much more time than for an answer is needed before a case can be played, in seconds: its drivers may have to
    /// be started first.
    package func secondsToStart(for pairing: Pairing) -> Int {
        let starts = Side.allCases.count { side in
            let key = Key(stack: pairing[side], side: side)
            return manifests[key.stack]?.driver != nil && state.withLock { $0.idle[key] == nil }
        }
        return (starts * settings.patienceMs * (Self.startFactor - 1) + 999) / 1000
    }

    private static let startFactor = 3
    private static let faultLimit = 5
}
