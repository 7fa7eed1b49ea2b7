import Foundation

/// The engine and the bare loop in turn, so that a machine that slows down for a while slows both.
struct FloorMeasurement {
    private static let single = ["benchmark/plain/NoClientCert/valid/v01/tls1.3/countersign/countersign"]

    private let rounds: Int
    private let count: Int
    private var engine: [Spent] = []
    private var minted: [Spent] = []
    private var bare: [Spent] = []
    private var decoded: [Spent] = []

    init(_ program: Engine, rounds: Int) throws {
        self.rounds = rounds
        let played = try program.results([])
        let floor = try Floor(played)
        count = played.count
        for _ in 0..<rounds {
            let start = try program.run(Self.single, jobs: 1)
            engine.append(try program.run([], jobs: 1) - start)
            minted.append(try floor.run(.mintsAndDecodes))
            bare.append(try floor.run(.decodes))
            decoded.append(try floor.run(.decodesCertificates))
        }
    }

    var markdown: String {
        """
        Cases of one accepted connection each, \(count) of them: mode, version and pairing of libssl and GnuTLS in every \
        combination. Medians of \(rounds) interleaved rounds; the engine plays with one worker, less the time of a run \
        with one case. Each loop sets both sides up for each case from DER, as the engine does.

        | | cases a second | processor time a case | the engine's time to it | the engine's processor time to it |
        |---|---|---|---|---|
        \(row("engine", engine))
        \(row("bare C loop that makes keys and certificates for each case", minted))
        \(row("bare C loop, handshakes alone", bare))
        \(row("the same with keys that libssl had decoded before", decoded))

        Wanted: at most 1.3 times the handshakes alone. \(verdict(median(ratios(to: bare, \.wall)) <= 1.3)) in time, \
        \(verdict(median(ratios(to: bare, \.processor)) <= 1.3).lowercased()) in processor time.
        """
    }

    private func row(_ name: String, _ times: [Spent]) -> String {
        let milliseconds = median(times.map(\.processor)) * 1000 / Double(count)
        let wall = median(ratios(to: times, \.wall))
        let processor = median(ratios(to: times, \.processor))
        return
            "| \(name) | \(rate(count, times)) | \(rounded(milliseconds)) ms | \(rounded(wall)) | \(rounded(processor)) |"
    }

    private func ratios(to times: [Spent], _ part: KeyPath<Spent, Double>) -> [Double] {
        zip(engine, times).map { $0[keyPath: part] / $1[keyPath: part] }
    }
}
