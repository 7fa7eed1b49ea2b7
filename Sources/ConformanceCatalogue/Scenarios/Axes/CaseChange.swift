internal import ConformanceModel

/// What an axis value, a base block or a control changes in the draft of a case.
struct CaseChange {
    var server: [(inout ServerSettings) -> Void] = []
    var client: [(inout ClientSettings) -> Void] = []
    var steps: StepPlan?
    /// The phase of every rotation that is at the axis `phase`.
    var phase: Phase?
    var version: ProtocolVersion?
    var expectation: StatedExpectation?

    func apply(to draft: inout CaseDraft) {
        for change in server { change(&draft.server) }
        for change in client { change(&draft.client) }
        if let steps { draft.steps = steps }
        if let phase { draft.phase = phase }
        if let version { draft.version = version }
        if let expectation { draft.expectation = expectation }
    }

    mutating func append(_ other: CaseChange) {
        server += other.server
        client += other.client
        steps = other.steps ?? steps
        phase = other.phase ?? phase
        version = other.version ?? version
        expectation = other.expectation ?? expectation
    }
}

/// A case while the values of its axes are laid over the scenario's settings.
struct CaseDraft {
    var server = ServerSettings()
    var client = ClientSettings()
    var steps: StepPlan?
    var phase: Phase?
    var version = ProtocolVersion.tls13
    var expectation: StatedExpectation?
}
