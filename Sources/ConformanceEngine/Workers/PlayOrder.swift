internal import ConformanceModel

/// The part that many cases share: everything but version, stacks and name.
///
/// A worker is sent it once. Neighbours in a run have it in common, so that an order for one more case is short.
struct CaseSetup: Hashable, Codable, Sendable {
    /// The PKI's number, which many setups share.
    var pki: Int
    var server: ServerSettings
    var client: ClientSettings
    var steps: [Step]
    var control: Control?

    init(of testCase: ConformanceCase, pki: Int) {
        self.pki = pki
        server = testCase.server
        client = testCase.client
        steps = testCase.steps
        control = testCase.control
    }
}

/// A case by what it does not share with its neighbours, as a worker needs it to play it.
struct PlayOrder: Hashable, Codable, Sendable {
    var index: Int
    var id: String
    var pairing: Pairing
    var version: ProtocolVersion
    /// The setup's number.
    var setup: Int
    var playsControl: Bool
    var libraryMutant: String?

    init(_ request: PlayRequest, setup: Int) {
        index = request.index
        id = request.testCase.id
        pairing = request.testCase.pairing
        version = request.testCase.version
        self.setup = setup
        playsControl = request.playsControl
        libraryMutant = request.libraryMutant
    }

    /// The request again, without what only a judge reads: scenario, axes and what the author states.
    func request(_ setup: CaseSetup, _ pki: PKISpecification) -> PlayRequest {
        let testCase = ConformanceCase(
            id: id,
            scenario: "",
            axes: [],
            pairing: pairing,
            version: version,
            pki: pki,
            server: setup.server,
            client: setup.client,
            steps: setup.steps,
            control: setup.control
        )
        return PlayRequest(
            index: index,
            testCase: testCase,
            playsControl: playsControl,
            libraryMutant: libraryMutant
        )
    }
}

/// The numbers under which one worker knows what cases have in common.
struct SetupNumbers {
    private var pkis = Numbering<PKISpecification>()
    private var setups = Numbering<CaseSetup>()

    /// The parts of a case that a worker must be told to play it.
    mutating func orders(for request: PlayRequest) -> [WorkerOrder] {
        var orders: [WorkerOrder] = []
        let (pki, isNewPKI) = pkis.number(of: request.testCase.pki)
        if isNewPKI { orders.append(.pki(number: pki, request.testCase.pki)) }
        let common = CaseSetup(of: request.testCase, pki: pki)
        let (setup, isNewSetup) = setups.number(of: common)
        if isNewSetup { orders.append(.setup(number: setup, common)) }
        return orders + [.play(PlayOrder(request, setup: setup))]
    }
}

/// Numbers from 0 for values, in the order in which they come.
private struct Numbering<Value: Hashable> {
    private var numbers: [Value: Int] = [:]
    /// Mostly the next one too, and quicker to compare than to hash.
    private var last: (value: Value, number: Int)?

    mutating func number(of value: Value) -> (Int, isNew: Bool) {
        if let last, last.value == value { return (last.number, false) }
        let known = numbers[value]
        let number = known ?? numbers.count
        numbers[value] = number
        last = (value, number)
        return (number, known == nil)
    }
}
