package import ConformanceEngine
package import ConformanceModel

/// Rotates a real server under a loop of handshakes: its certificate in each way in which people replace files, a pair
/// that doesn't match, and its authorities there and back.
///
/// Each conclusion rests on counts of handshakes and on the server's end, never on how long something took: a server
/// has taken new files once so many handshakes in a row meet them, and it hasn't when that does not come about within
/// many more handshakes than were ever needed.
package final class RotationPlay {
    private let manifest: PeerManifest
    private let version: ProtocolVersion
    private let stacks: StackRegistry
    private let host: PeerHost
    private let ground: RotationGround
    /// Handshakes of one stretch.
    private let stretch: Int
    /// The least handshakes of a change.
    private let least: Int
    /// When the server was told last.
    private var told = ContinuousClock.now
    private let keepsSessions: Bool
    private let asksClients: Bool
    private let rotatesPool: Bool
    private var live: LiveFiles
    private var server: ProgramServer?
    private var load: RotationLoad?
    private var state = State(identity: RotationGround.old, pool: [RotationGround.oldAuthority])

    private struct State: Hashable {
        var identity: String
        var pool: [String]
    }

    /// - Parameters:
    ///   - manifest: the stack, as it was found on this machine.
    ///   - handshakes: how many at least meet each change.
    ///   - now: the time that validity is relative to, in seconds since 1970.
    package init(
        _ manifest: PeerManifest,
        _ settings: PeerSettings,
        version: ProtocolVersion,
        handshakes: Int,
        now: Int64
    ) throws(PlayFailure) {
        self.manifest = manifest
        self.version = version
        stretch = max(20, handshakes / 5)
        least = handshakes
        host = PeerHost(settings)
        guard let plan = manifest.server, plan.rotation != nil else {
            throw .unsupported("the manifest of \(manifest.stack.rawValue) has no server with a rotation")
        }
        keepsSessions = plan.words["sessions"] != nil
        let mode = Capability(ClientAuthMode.requireAndVerifyClientCert)
        asksClients = manifest.lack(of: mode, as: .server) == nil
        rotatesPool = asksClients && plan.rotation?.settings.contains(.clientCAs) == true
        do { stacks = try StackRegistry.standard(peers: host) } catch { throw .harness("\(error)") }
        do throws(PeerFault) {
            ground = try RotationGround(now: now)
            live = LiveFiles(try host.makeFolder(ground.material))
        } catch {
            throw .peer(error, of: .server)
        }
    }

    /// Every change, one after the other.
    package func steps(_ tell: (RotationReport.Step) -> Void = { _ in }) throws(PlayFailure) -> [RotationReport.Step] {
        var steps: [RotationReport.Step] = []
        for change in RotationReport.Change.allCases where rotatesPool || !change.concernsPool {
            let step = try play(change)
            tell(step)
            steps.append(step)
        }
        try PlayFailure.wrapping(.server) { () throws(PeerFault) in try server?.stop() }
        return steps
    }

    private func play(_ change: RotationReport.Change) throws(PlayFailure) -> RotationReport.Step {
        let load = try started(for: change)
        var step = RotationReport.Step(change: change, telling: telling)
        var next = state
        switch change {
        case .inPlace, .rename, .symlink, .back:
            next.identity = state.identity == RotationGround.old ? RotationGround.new : RotationGround.old
        case .mismatched: next.identity = RotationGround.mismatched
        case .poolBoth, .poolBothAgain: next.pool = [RotationGround.oldAuthority, RotationGround.newAuthority]
        case .poolNew: next.pool = [RotationGround.newAuthority]
        case .poolOld: next.pool = [RotationGround.oldAuthority]
        }
        let visitors = Visitors(before: state.pool, after: next.pool)
        let kept = try load.keep(visitors.leaving ?? visitors.staying)
        if keepsSessions {
            _ = try load.shoot(visitors.leaving ?? visitors.staying, keepsSessions: true)
        }
        // After a pair that doesn't match nobody may be let in, which is no fault of the pair that comes now.
        if change != .back { for _ in 0..<stretch { try note(load.shoot(visitors.staying), in: &step) } }
        try PlayFailure.wrapping(.server) { () throws(PeerFault) in try replace(change, next) }
        if change == .mismatched {
            try playMismatched(load, visitors, &step)
        } else {
            try settle(load, visitors, from: state, to: next, &step)
        }
        if let kept, !step.ended { step.kept = kept.ask() ? .goesOn : .closed }
        if keepsSessions, !step.ended, change != .mismatched {
            let shot = try load.shoot(
                visitors.leaving ?? visitors.staying,
                keepsSessions: true,
                offeringSession: true
            )
            step.session = shot.resumed && shot.accepted ? .resumed : shot.accepted ? .declined : .refused
        }
        step.ended = step.ended || server?.hasEnded ?? true
        if step.notice == .whenTold || step.notice == .byItself { state = next }
        return step
    }

    /// A server that runs, in the state that the last change left behind.
    private func started(for change: RotationReport.Change) throws(PlayFailure) -> RotationLoad {
        if let load, server?.hasEnded == false { return load }
        return try PlayFailure.wrapping(.server) { () throws(PeerFault) -> RotationLoad in
            // A server that ended has left its files behind.
            if self.server != nil { live = LiveFiles(try host.makeFolder(ground.material)) }
            try live.begin(state.identity, pool: state.pool)
            let side = try ProgramSide(manifest, .server, host, version: version, live.folder, ground.material)
            var settings = ServerSettings()
            settings.identity = state.identity
            if asksClients {
                settings.clientAuth = .requireAndVerifyClientCert
                settings.clientCAs = state.pool
            }
            if keepsSessions { settings.sessions = SessionSettings(lifetimeSeconds: 86_400) }
            let server = ProgramServer(side, settings, rotates: true, files: (live.identity, live.pool))
            guard case .listening(let address) = try server.listen() else {
                throw .harness("\(manifest.stack.rawValue) refuses the settings of a rotation")
            }
            self.server = server
            let load = RotationLoad(
                address,
                manifest.server?.speaks ?? .greeting,
                version: version,
                material: ground.material,
                stacks: stacks,
                patience: host.patience
            )
            self.load = load
            return load
        }
    }

    private func replace(_ change: RotationReport.Change, _ next: State) throws(PeerFault) {
        switch change {
        case .inPlace: try live.overwrite(next.identity, pool: next.pool)
        case .symlink: try live.swap(next.identity, pool: next.pool)
        case .rename, .mismatched, .back, .poolBoth, .poolNew, .poolBothAgain, .poolOld:
            try live.rename(next.identity, pool: next.pool)
        }
    }

    private var telling: String {
        switch manifest.server?.rotation?.telling {
        case .signal(let name)?: "signal \(name)"
        case .command(let words)?:
            words.map { $0.split(separator: "/").last.map(String.init) ?? $0 }.prefix(2).joined(separator: " ")
        case .nothing?, nil: "nothing: it looks at its files"
        }
    }

    /// Handshakes without a word, then with one, until the new state is met again and again.
    private func settle(
        _ load: RotationLoad,
        _ visitors: Visitors,
        from old: State,
        to new: State,
        _ step: inout RotationReport.Step
    ) throws(PlayFailure) {
        if try meets(load, visitors, new, &step, within: stretch, counts: false) {
            step.notice = .byItself
        } else if try tellAndMeet(load, visitors, new, &step) {
            step.notice = .whenTold
        }
        var rest = max(stretch, least - step.handshakes)
        while rest > 0, server?.hasEnded == false {
            rest -= 1
            try note(load.shoot(visitors.staying), in: &step)
        }
    }

    private func tellAndMeet(
        _ load: RotationLoad,
        _ visitors: Visitors,
        _ new: State,
        _ step: inout RotationReport.Step
    ) throws(PlayFailure) -> Bool {
        told = .now
        let command = try PlayFailure.wrapping(.server) { () throws(PeerFault) in try server?.tell() }
        while let command, command.exitStatus == nil {
            command.readAvailable()
            if try meets(load, visitors, new, &step, within: Self.row + 5, counts: true) { return true }
        }
        let deadline = Deadline(after: host.patience)
        repeat {
            if try meets(load, visitors, new, &step, within: stretch * Self.patientStretches, counts: true) {
                return true
            }
        } while !step.ended && server?.hasAnswered == false && !deadline.isOver
        return false
    }

    /// Whether a row of handshakes meets the new state.
    private func meets(
        _ load: RotationLoad,
        _ visitors: Visitors,
        _ new: State,
        _ step: inout RotationReport.Step,
        within limit: Int,
        counts: Bool
    ) throws(PlayFailure) -> Bool {
        var row = 0
        for _ in 0..<limit {
            if server?.hasEnded ?? true {
                step.ended = true
                return false
            }
            let shot = try load.shoot(visitors.staying)
            note(shot, in: &step)
            var isNew = shot.served == new.identity
            if let witness = visitors.witness {
                let seen = try load.shoot(witness.name)
                step.handshakes += 1
                isNew = seen.accepted == witness.isLetIn
            }
            row = isNew ? row + 1 : 0
            if !isNew, counts, shot.accepted {
                step.oldServed += 1
                let time = told.duration(to: .now)
                step.oldMilliseconds = Int(time / .milliseconds(1))
            }
            if row >= Self.row { return true }
        }
        return false
    }

    private func note(_ shot: RotationLoad.Shot, in step: inout RotationReport.Step) {
        step.handshakes += 1
        guard !shot.accepted else { return }
        step.lost += 1
        if step.firstLoss == nil { step.firstLoss = shot.detail }
    }

    /// A key that isn't the certificate's: the last good pair must go on.
    private func playMismatched(
        _ load: RotationLoad,
        _ visitors: Visitors,
        _ step: inout RotationReport.Step
    ) throws(PlayFailure) {
        let command = try PlayFailure.wrapping(.server) { () throws(PeerFault) in try server?.tell() }
        var (row, count) = (0, 0)
        let deadline = Deadline(after: host.patience)
        func isOver() -> Bool {
            command?.readAvailable()
            return command.map { $0.exitStatus != nil } ?? true && server?.hasAnswered ?? true || deadline.isOver
        }
        while server?.hasEnded == false, row < Self.row, count < max(2 * stretch, least - stretch) || !isOver() {
            count += 1
            let shot = try load.shoot(visitors.staying)
            note(shot, in: &step)
            row = shot.accepted ? 0 : row + 1
        }
        step.ended = server?.hasEnded ?? true
        step.notice = step.ended || row >= Self.row ? .closed : .keepsOld
    }

    /// So many handshakes in a row are no accident.
    private static let row = 20
    private static let patientStretches = 10
}

/// The clients that come during a change of authorities.
private struct Visitors {
    /// The client that is let in before and after it.
    let staying: String
    /// The client that is let in before alone.
    let leaving: String?
    /// The client whose fate shows which state is met, and whether it is let in then.
    let witness: (name: String, isLetIn: Bool)?

    init(before: [String], after: [String]) {
        func client(of authority: String) -> String {
            authority == RotationGround.oldAuthority ? RotationGround.alice : RotationGround.bob
        }
        let common = before.first(where: after.contains)
        staying = (common ?? after.first).map(client) ?? RotationGround.alice
        leaving = before.first { !after.contains($0) }.map(client)
        let coming = after.first { !before.contains($0) }.map(client)
        witness = coming.map { ($0, true) } ?? leaving.map { ($0, false) }
    }
}

extension RotationReport.Change {
    fileprivate var concernsPool: Bool {
        switch self {
        case .inPlace, .rename, .symlink, .mismatched, .back: false
        case .poolBoth, .poolNew, .poolBothAgain, .poolOld: true
        }
    }
}
