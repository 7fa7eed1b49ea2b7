package import ConformanceCatalogue

/// The search for an order of a plan's changes that breaks nobody.
package struct SafeOrder {
    private let rehearsal: PlanRehearsal

    package init(_ rehearsal: PlanRehearsal) {
        self.rehearsal = rehearsal
    }

    /// Stages that end where the plan ends and break nobody, each played; nil where none was found.
    ///
    /// The plan's own changes are tried first, each as early as it breaks nobody. Where they don't suffice, every service
    /// trusts all authorities of the plan between its first bundle and its last.
    package func stages() throws -> [RotationPlan.Stage]? {
        guard try rehearsal.with([]).result(0).breaks.isEmpty else { return nil }
        let own = queues(of: rehearsal.plan)
        return try stages(own) ?? stages(own.map(withUnion))
    }

    /// The changes of one setting of one service, in their order.
    private typealias Queue = [RotationPlan.Change]

    private func queues(of plan: RotationPlan) -> [Queue] {
        plan.services.flatMap { service -> [Queue] in
            let changes = plan.stages.flatMap(\.changes).filter { $0.service == service.name }
            return [
                changes.compactMap { change in
                    change.trusts.map { RotationPlan.Change(service: service.name, trusts: $0) }
                },
                changes.compactMap { change in
                    change.presents.map { RotationPlan.Change(service: service.name, presents: $0) }
                },
                changes.compactMap { change in
                    change.clientAuth.map { RotationPlan.Change(service: service.name, clientAuth: $0) }
                },
            ].filter { !$0.isEmpty }
        }
    }

    private func withUnion(_ queue: Queue) -> Queue {
        guard let last = queue.last?.trusts,
            let service = rehearsal.plan.services.first(where: {
                $0.name == queue[0].service
            })
        else { return queue }
        var union: [String] = []
        let bundles =
            [service.today.trusts] + rehearsal.plan.services.map(\.today.trusts)
            + rehearsal.plan.stages.flatMap(\.changes).compactMap(\.trusts)
        for name in bundles.joined() where !union.contains(name) { union.append(name) }
        return [
            RotationPlan.Change(service: service.name, trusts: union),
            RotationPlan.Change(service: service.name, trusts: last),
        ]
    }

    /// Puts as many changes into each stage as break nobody there, the next one of each queue.
    private func stages(_ queues: [Queue]) throws -> [RotationPlan.Stage]? {
        var left = queues
        var stages: [RotationPlan.Stage] = []
        // An instance that lags holds up the next change, and not for longer than it may lag.
        let patience = rehearsal.plan.services.map(\.lags).max() ?? 0
        var waits = 0
        while left.contains(where: { !$0.isEmpty }) {
            var stage = RotationPlan.Stage(name: "step \(stages.count + 1)", changes: [])
            // Retirements wait until all else that can be done is done.
            for index in left.indices.sorted(by: { !isLast(left[$0], queues[$0]) && isLast(left[$1], queues[$1]) }) {
                guard let change = left[index].first else { continue }
                var tried = stage
                tried.changes.append(change)
                guard try breaksNobody(stages + [tried]) else { continue }
                stage = tried
                left[index].removeFirst()
            }
            if stage.changes.isEmpty {
                guard waits < patience else { return nil }
                waits += 1
                stage.name += ": wait until no instance is late"
            } else {
                waits = 0
            }
            stages.append(stage)
        }
        return stages
    }

    /// Whether the next change of a queue takes authorities away for good.
    private func isLast(_ queue: Queue, _ whole: Queue) -> Bool {
        queue.count == 1 && queue[0].trusts != nil && whole.count > 1
    }

    private func breaksNobody(_ stages: [RotationPlan.Stage]) throws -> Bool {
        try rehearsal.with(stages).result(stages.count).breaks.isEmpty
    }
}
