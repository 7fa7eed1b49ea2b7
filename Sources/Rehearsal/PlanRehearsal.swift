package import ConformanceCatalogue
internal import ConformanceModel

/// Plays every stage of a plan: each call, with each of its sides before the stage, after it, and as late as its service
/// may lag.
package struct PlanRehearsal {
    /// A call that fails in a stage.
    package struct Break: Sendable, Hashable, Encodable {
        package var caller: String
        package var called: String
        /// How many stages each side has behind it at that moment.
        package var callerStage: Int
        package var calledStage: Int
        package var refusing: RefusingSide
        package var reason: String
        /// The sentence of the side that refuses.
        package var message: String
        /// The service and the stage whose change is at fault; nil where the call fails before the plan begins.
        package var cause: Cause?
        /// How many of the stage's handshakes between the two end in this way.
        package var count: Int
    }

    /// The change that makes a call fail.
    package struct Cause: Sendable, Hashable, Encodable {
        package enum Kind: String, Sendable, Hashable, Encodable {
            /// An authority is no longer trusted while somebody still presents a certificate of it.
            case earlyRetirement = "early-retirement"
            /// A certificate is presented before everybody trusts its authority.
            case earlyCertificate = "early-certificate"
            /// Certificates are required before every caller presents one that is taken.
            case earlyMode = "early-mode"
            /// A certificate ends, or doesn't begin, while it is presented.
            case time
        }

        package var kind: Kind
        package var service: String
        package var stage: Int
        package var sentence: String
    }

    package struct StageResult: Sendable, Hashable, Encodable {
        /// 0 is today, before the plan begins.
        package var number: Int
        package var name: String
        package var calls: Int
        package var breaks: [Break]
    }

    let plan: RotationPlan
    let player: CallPlayer
    private let now: Int64

    /// - Parameter now: the time at which a plan without times is played, in seconds since 1970.
    package init(_ plan: RotationPlan, now: Int64) throws {
        self.init(plan, player: CallPlayer(try CertificateMint(plan, now: now)), now: now)
    }

    private init(_ plan: RotationPlan, player: CallPlayer, now: Int64) {
        self.plan = plan
        self.player = player
        self.now = now
    }

    /// The same certificates with other stages.
    func with(_ stages: [RotationPlan.Stage]) -> PlanRehearsal {
        var other = plan
        other.stages = stages
        return PlanRehearsal(other, player: player, now: now)
    }

    /// Every stage in order, today first.
    package func results() throws -> [StageResult] {
        try (0...plan.stages.count).map(result)
    }

    func result(_ stage: Int) throws -> StageResult {
        var result = StageResult(
            number: stage,
            name: stage == 0 ? "today" : plan.stages[stage - 1].name,
            calls: 0,
            breaks: []
        )
        for caller in plan.services {
            for name in caller.calls {
                guard let called = plan.services.first(where: { $0.name == name }) else { continue }
                try play(caller, called, stage, into: &result)
            }
        }
        return result
    }

    private func play(
        _ caller: RotationPlan.Service,
        _ called: RotationPlan.Service,
        _ stage: Int,
        into result: inout StageResult
    ) throws {
        var found: [Break] = []
        for (time, isOver) in times(of: stage) {
            for own in moments(of: caller, in: stage, isOver: isOver) {
                for other in moments(of: called, in: stage, isOver: isOver) {
                    result.calls += 1
                    let moment = Moment(caller: own, called: other, time: time)
                    guard let failure = try failure(caller, called, moment) else { continue }
                    let cause = try cause(of: failure, caller, called, moment)
                    let known = found.firstIndex {
                        $0.refusing == failure.refusing && $0.reason == failure.reason && $0.cause == cause
                    }
                    if let known {
                        found[known].count += 1
                        continue
                    }
                    found.append(
                        Break(
                            caller: caller.name,
                            called: called.name,
                            callerStage: own,
                            calledStage: other,
                            refusing: failure.refusing,
                            reason: failure.reason,
                            message: failure.message,
                            cause: cause,
                            count: 1
                        )
                    )
                }
            }
        }
        result.breaks += found
    }

    /// The stages that the two sides of a call have behind them, and the time.
    struct Moment {
        var caller: Int
        var called: Int
        var time: Int64
    }

    func failure(
        _ caller: RotationPlan.Service,
        _ called: RotationPlan.Service,
        _ moment: Moment,
        judge: RefusingSide? = nil
    ) throws -> CallFailure? {
        try player.failure(
            of: PlannedCall(
                caller: plan.state(of: caller, after: moment.caller),
                called: plan.state(of: called, after: moment.called),
                name: player.dialled(called),
                time: moment.time,
                judge: judge
            )
        )
    }

    /// The numbers of stages that an instance may have behind it while a stage goes on or when it is over, the latest
    /// first; one that is like a later one is left out.
    private func moments(of service: RotationPlan.Service, in stage: Int, isOver: Bool) -> [Int] {
        let earliest = max(0, stage - (isOver ? 0 : 1) - service.lags)
        var seen: Set<RotationPlan.State> = []
        return (earliest...stage).reversed().filter { seen.insert(plan.state(of: service, after: $0)).inserted }
    }

    /// The beginning of a stage and, where the next one has a time, its end.
    private func times(of stage: Int) -> [(time: Int64, isOver: Bool)] {
        let begins =
            plan.stages.prefix(stage).compactMap(\.at).last ?? plan.stages.first?.at.map { min($0, now) } ?? now
        let ends = plan.stages.dropFirst(stage).first?.at.flatMap { $0 > begins ? $0 : nil }
        return [(begins, false)] + (ends.map { [($0, true)] } ?? [])
    }
}

extension PlanRehearsal {
    /// The change without which the call would go through.
    private func cause(
        of failure: CallFailure,
        _ caller: RotationPlan.Service,
        _ called: RotationPlan.Service,
        _ moment: Moment
    ) throws -> Cause? {
        let (refusing, presenting) = failure.refusing == .caller ? (caller, called) : (called, caller)
        if failure.reason == "expired" || failure.reason == "notYetValid" {
            let stage = failure.refusing == .caller ? moment.called : moment.caller
            let state = plan.state(of: presenting, after: stage)
            let sentence =
                "\(presenting.name) presents \(Self.list(state.presents)) at a time at which it is "
                + (failure.reason == "expired" ? "over" : "not valid yet")
            return Cause(kind: .time, service: presenting.name, stage: stage, sentence: sentence)
        }
        if let stage = try change(of: failure.refusing, judge: failure.refusing, caller, called, moment) {
            let before = plan.state(of: refusing, after: stage - 1)
            let after = plan.state(of: refusing, after: stage)
            let gone = before.trusts.filter { !after.trusts.contains($0) }
            if gone.isEmpty || failure.reason == "noCertificate" {
                let sentence =
                    "\(refusing.name) asks for \(after.clientAuth.rawValue) in stage \(stage), before every instance of "
                    + "\(presenting.name) presents a certificate that it takes"
                return Cause(kind: .earlyMode, service: refusing.name, stage: stage, sentence: sentence)
            }
            let sentence =
                "\(refusing.name) stops trusting \(Self.list(gone)) in stage \(stage), while an instance of "
                + "\(presenting.name) may still present a certificate of it"
            return Cause(kind: .earlyRetirement, service: refusing.name, stage: stage, sentence: sentence)
        }
        let other: RefusingSide = failure.refusing == .caller ? .called : .caller
        if let stage = try change(of: other, judge: failure.refusing, caller, called, moment) {
            let after = plan.state(of: presenting, after: stage)
            let sentence =
                "\(presenting.name) presents \(Self.list(after.presents)) from stage \(stage) on, before every instance "
                + "of \(refusing.name) takes it"
            return Cause(kind: .earlyCertificate, service: presenting.name, stage: stage, sentence: sentence)
        }
        return nil
    }

    /// The last change of one side without which `judge` takes the other side, by its stage; nil where none would help.
    private func change(
        of side: RefusingSide,
        judge: RefusingSide,
        _ caller: RotationPlan.Service,
        _ called: RotationPlan.Service,
        _ moment: Moment
    ) throws -> Int? {
        var other = moment
        var stage = side == .caller ? moment.caller : moment.called
        while stage > 0 {
            if side == .caller { other.caller = stage - 1 } else { other.called = stage - 1 }
            if try failure(caller, called, other, judge: judge) == nil { return stage }
            stage -= 1
        }
        return nil
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "no certificate" : names.joined(separator: ", ")
    }
}
