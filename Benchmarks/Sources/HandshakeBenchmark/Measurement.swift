import Foundation
import MutualTLS

/// All kinds of handshakes with one set of keys in one version, a few of each in every round, so that a machine that
/// slows down for a while slows all of them.
struct Measurement {
    private let subjects: [(kind: Kind, subject: any Subject)]

    init(_ kinds: [Kind], _ version: TLSVersion, _ credentials: Credentials) throws {
        subjects = try kinds.map { ($0, try $0.subject(version, credentials)) }
    }

    /// For each kind the mean time of a handshake in each round: the processor's time, which other programs lengthen
    /// least.
    func times(rounds: Int, handshakes: Int) throws -> Times {
        var times = Times()
        for round in -1..<rounds {
            // Backwards every other time, so that no kind always comes after the same one.
            for (kind, subject) in round.isMultiple(of: 2) ? subjects : subjects.reversed() {
                // The first one has no session to resume; each round starts with a fresh one.
                if kind.resumes { _ = try subject.handshake(resuming: false) }
                let start = Self.processorTime
                for _ in 0..<handshakes {
                    guard try subject.handshake(resuming: kind.resumes) == kind.resumes else {
                        throw BenchmarkError.handshake("not \(kind)")
                    }
                }
                let time = (Self.processorTime - start) / .microseconds(handshakes)
                // The first round warms up.
                if round >= 0 { times.append(time, to: kind) }
            }
        }
        return times
    }

    /// How long this thread has run.
    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
