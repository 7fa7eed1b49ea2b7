import ConformanceModel
import Testing

@testable import ConformanceEngine

@Suite("Play order")
struct PlayOrderTests {
    /// The content of the orders to a worker, read from their lines as a worker reads them.
    private static func told(_ requests: [PlayRequest]) throws -> (orders: [WorkerOrder], requests: [PlayRequest]) {
        var numbers = SetupNumbers()
        var (pkis, setups) = ([Int: PKISpecification](), [Int: CaseSetup]())
        var orders: [WorkerOrder] = []
        var played: [PlayRequest] = []
        for order in requests.flatMap({ numbers.orders(for: $0) }) {
            let line = try JSONLine.bytes(order).dropLast()
            let read = try JSONLine.value(WorkerOrder.self, from: Array(line))
            orders.append(read)
            switch read {
            case .configure: break
            case .pki(let number, let pki): pkis[number] = pki
            case .setup(let number, let setup): setups[number] = setup
            case .play(let order):
                let setup = try #require(setups[order.setup])
                played.append(order.request(setup, try #require(pkis[setup.pki])))
            }
        }
        return (orders, played)
    }

    @Test("brings each case whole, but for what only a judge reads")
    func whole() throws {
        var testCase = SampleCase.make("whole", Setting.all[0])
        testCase.steps = [.connect, .exchange, .reconnect(resume: true)]
        testCase.control = Control(server: testCase.server, client: testCase.client)
        var other = testCase
        other.id = "other"
        other.client.serverName = "other.test"
        other.server.clientAuth = .requireAnyClientCert
        let requests = [
            PlayRequest(index: 3, testCase: testCase, playsControl: true),
            PlayRequest(index: 4, testCase: other, playsControl: false, libraryMutant: "expiry-ignored"),
            PlayRequest(index: 5, testCase: testCase, playsControl: false),
        ]
        let expected = requests.map { request in
            var request = request
            request.testCase.scenario = ""
            request.testCase.axes = []
            request.testCase.statedExpectation = nil
            return request
        }
        #expect(try Self.told(requests).requests == expected)
    }

    @Test("sends what cases have in common once, and again where anything differs")
    func common() throws {
        let first = SampleCase.make("first", Setting.all[0])
        var second = first
        second.pairing = Pairing(server: .gnutls, client: .countersign)
        var third = first
        third.steps.append(.close)
        var fourth = first
        fourth.pki = PKISpecification()
        let requests = [first, second, third, fourth].enumerated().map {
            PlayRequest(index: $0, testCase: $1, playsControl: false)
        }
        let kinds = try Self.told(requests).orders.map { order in
            switch order {
            case .configure: "configure"
            case .pki(let number, _): "pki \(number)"
            case .setup(let number, _): "setup \(number)"
            case .play(let order): "play \(order.index) with \(order.setup)"
            }
        }
        #expect(
            kinds == [
                "pki 0", "setup 0", "play 0 with 0", "play 1 with 0", "setup 1", "play 2 with 1", "pki 1", "setup 2",
                "play 3 with 2",
            ]
        )
    }
}
