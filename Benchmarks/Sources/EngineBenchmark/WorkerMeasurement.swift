/// One worker and two in turn, with cases of the catalogue.
struct WorkerMeasurement {
    private let count: Int
    private var one: [Spent] = []
    private var two: [Spent] = []

    /// - Parameter globs: which cases of the catalogue; all of them take minutes.
    init(_ program: Engine, _ globs: [String], rounds: Int) throws {
        // Warms up, too.
        count = try program.results(globs).count
        for round in 0..<rounds {
            // Backwards every other time, so that neither always comes after the same one.
            for jobs in round.isMultiple(of: 2) ? [1, 2] : [2, 1] {
                let spent = try program.run(globs, jobs: jobs)
                if jobs == 1 { one.append(spent) } else { two.append(spent) }
            }
        }
    }

    var markdown: String {
        """
        \(count) cases of the catalogue, \(one.count) times with each number of workers, from the start of the program to \
        its end.

        | workers | cases a second | times one worker | processor time to that of one worker |
        |---|---|---|---|
        \(row(1, one))
        \(row(2, two))

        Wanted: at least 1.8 times one worker. \(verdict(median(speeds(two)) >= 1.8)).
        """
    }

    private func row(_ workers: Int, _ times: [Spent]) -> String {
        let processor = median(zip(one, times).map { $1.processor / $0.processor })
        return "| \(workers) | \(rate(count, times)) | \(rounded(median(speeds(times)))) | \(rounded(processor)) |"
    }

    private func speeds(_ times: [Spent]) -> [Double] {
        zip(one, times).map { $0.wall / $1.wall }
    }
}
