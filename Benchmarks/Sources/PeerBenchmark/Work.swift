import Foundation

/// The work that a stack is measured by; each gives one number.
enum Work: String {
    /// Microseconds of processor time for a full handshake.
    case full
    /// The same for a resumed one.
    case resumed
    /// Mebibytes in a second of processor time, both sides together.
    case bulk
    /// Kibibytes that an idle connection keeps, both sides together.
    case idle

    func measure(_ subject: any Subject, count: Int) throws -> Double {
        switch self {
        case .full, .resumed: try handshakes(subject, count)
        case .bulk: try bulk(subject, mebibytes: count)
        case .idle: try idle(subject, count)
        }
    }

    private func handshakes(_ subject: any Subject, _ count: Int) throws -> Double {
        let resumes = self == .resumed
        // The first one has no session to resume.
        _ = try Self.checked(subject.open(resuming: false), resumes: false)
        for _ in 0..<Self.warmUp { _ = try Self.checked(subject.open(resuming: resumes), resumes: resumes) }
        let start = Self.processorSeconds
        for _ in 0..<count {
            guard try subject.open(resuming: resumes).isResumed == resumes else {
                throw BenchmarkError.handshake("not \(self)")
            }
        }
        let time = Self.processorSeconds - start
        _ = try Self.checked(subject.open(resuming: resumes), resumes: resumes)
        return time * 1e6 / Double(count)
    }

    /// Handshakes that don't count: every stack makes at first what later ones find made.
    private static let warmUp = 50

    private static func checked(_ link: any Link, resumes: Bool) throws -> any Link {
        guard link.isResumed == resumes else { throw BenchmarkError.handshake("resumed: \(!resumes)") }
        guard try link.isMutual else { throw BenchmarkError.handshake("a side has no verified certificate") }
        return link
    }

    private func bulk(_ subject: any Subject, mebibytes: Int) throws -> Double {
        let link = try Self.checked(subject.open(resuming: false), resumes: false)
        let block = [UInt8](repeating: 0, count: 16_384)
        let start = Self.processorSeconds
        for _ in 0..<mebibytes * 64 {
            guard try link.transfer(block) == block.count else { throw BenchmarkError.transfer("a block is not whole") }
        }
        return Double(mebibytes) / (Self.processorSeconds - start)
    }

    private func idle(_ subject: any Subject, _ count: Int) throws -> Double {
        _ = try Self.checked(subject.open(resuming: false), resumes: false)
        let before = try Self.residentKiB
        var kept: [any Link] = []
        for _ in 0..<count { kept.append(try subject.open(resuming: false)) }
        let after = try Self.residentKiB
        // Used after the measurement, so that no connection ends before it.
        guard try kept.allSatisfy({ try $0.transfer([1]) == 1 && $0.isMutual }) else {
            throw BenchmarkError.transfer("an idle connection is no longer there")
        }
        return (after - before) / Double(count)
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static var residentKiB: Double {
        get throws {
            let words = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
            guard words.count > 1, let pages = Double(words[1]) else { throw BenchmarkError.unsupported("no statm") }
            return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1024
        }
    }
}
