import Foundation

/// The engine and the bare loop in turn, so that a machine that slows down for a while slows both.
struct Measurement {
    private static let single = ["benchmark/plain/NoClientCert/valid/v01/tls1.3/countersign/countersign"]

    private let rounds: Int
    private let count: Int
    private var engine: [Spent] = []
    private var minted: [Spent] = []
    private var bare: [Spent] = []
    private var twoWorkers: [Spent] = []

    init(_ program: Engine, rounds: Int) throws {
        self.rounds = rounds
        let played = try program.results([])
        let floor = try Floor(played)
        count = played.count
        for _ in 0..<rounds {
            let start = try program.run(Self.single, jobs: 1)
            engine.append(try program.run([], jobs: 1) - start)
            minted.append(try floor.run(mints: true))
            bare.append(try floor.run(mints: false))
            twoWorkers.append(try program.run([], jobs: 2) - start)
        }
    }

    var markdown: String {
        """
        Cases of one accepted connection each, \(count) of them: mode, version and pairing of libssl and GnuTLS in every \
        combination. Medians of \(rounds) interleaved rounds; the engine plays with one worker, less the time of a run \
        with one case.

        | | cases a second | processor time a case | the engine's time to it | the engine's processor time to it |
        |---|---|---|---|---|
        \(row("engine", engine))
        \(row("bare C loop that makes keys and certificates for each case", minted))
        \(row("bare C loop, handshakes alone", bare))

        | workers | cases a second | times one worker |
        |---|---|---|
        | 1 | \(rate(engine)) | 1 |
        | 2 | \(rate(twoWorkers)) | \(ratio(zip(engine, twoWorkers).map { $0.wall / $1.wall })) |
        """
    }

    private func row(_ name: String, _ times: [Spent]) -> String {
        let milliseconds = median(times.map(\.processor)) * 1000 / Double(count)
        let wall = zip(engine, times).map { $0.wall / $1.wall }
        let processor = zip(engine, times).map { $0.processor / $1.processor }
        return "| \(name) | \(rate(times)) "
            + "| \(milliseconds.formatted(.number.precision(.fractionLength(2)))) ms | \(ratio(wall)) | \(ratio(processor)) |"
    }

    private func rate(_ times: [Spent]) -> String {
        "\(Int((Double(count) / median(times.map(\.wall))).rounded()))"
    }

    private func ratio(_ values: [Double]) -> String {
        median(values).formatted(.number.precision(.fractionLength(2)))
    }
}
