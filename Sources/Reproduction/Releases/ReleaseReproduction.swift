package import Campaign
internal import ConformanceCatalogue
internal import ConformanceEngine
package import ConformanceModel
internal import Foundation
internal import Glibc
internal import Peers

/// A failure mode by what a person calls it.
package enum FailureModeChoice {
    /// The failure mode of an id, a CVE or GHSA number, or words of a title; nil where the text is the id of a case.
    package static func mode(_ text: String, _ modes: [FailureMode]) throws -> FailureMode? {
        guard !text.contains("/") else { return nil }
        let wanted = text.lowercased()
        if let mode = modes.first(where: { $0.id == text || $0.aliases.contains { $0.lowercased() == wanted } }) {
            return mode
        }
        let words = wanted.split(separator: " ")
        let found = modes.filter { mode in
            let known = ([mode.id, mode.title] + mode.aliases + mode.sources).joined(separator: " ").lowercased()
            return !words.isEmpty && words.allSatisfy { known.contains($0) }
        }
        switch found.count {
        case 1: return found[0]
        case 0: return nil
        default:
            let names = found.prefix(12).map(\.id).joined(separator: ", ")
            throw CommandError.usage("“\(text)” is in \(found.count) failure modes: \(names); give the id of one")
        }
    }
}

/// Plays a failure mode on both of its releases, and leaves a folder with which a person repeats it.
package struct ReleaseReproduction {
    package let mode: FailureMode
    package let scenarios: String
    package let offline: Bool

    package init(mode: FailureMode, scenarios: String, offline: Bool) {
        self.mode = mode
        self.scenarios = scenarios
        self.offline = offline
    }

    /// Prints what happened side by side; the status is that of the process.
    package func write(to out: String) throws -> ProcessStatus {
        guard let pair = mode.releases else { throw CommandError.usage(Self.otherwise(mode)) }
        let session = try ReleaseSession(scenarios: scenarios, downloads: !offline)
        for release in offline ? [] : try session.missing(for: [pair]) { print(try session.announcement(of: release)) }
        let folder = URL(filePath: out).standardizedFileURL.path(percentEncoded: false)
        let result = try session.play(mode, pair, folder: folder, now: Int64(time(nil)))
        if case .skipped(let reason) = result.verdict {
            throw CommandError.usage("\(mode.id) can't be played: \(reason)")
        }
        let readme = ReleaseReadme(result)
        try readme.write(to: folder)
        print("\(mode.id): \(mode.title)\n\n\(readme.comparison)\n")
        switch result.verdict {
        case .shown:
            let words = pair.isToday ? "right on" : "mended in"
            print("shown on \(readme.releases[0]), \(words) \(readme.releases[1]); read \(out)/README.md")
            return .asExpected
        case .otherwise(let mismatches):
            for mismatch in mismatches { print("\(mismatch)") }
            return .unexpectedResults
        case .skipped: return .usage
        }
    }

    /// The next step for a failure mode that has no releases.
    private static func otherwise(_ mode: FailureMode) -> String {
        switch mode.play {
        case .cases(let globs, _):
            "\(mode.id) is played by cases and not on releases: countersign list '\(globs.first ?? "")' shows them, and "
                + "countersign reproduce takes the id of one"
        case .reason(let reason): "\(mode.id) is not played: \(reason)"
        case .releases: "\(mode.id) has no releases"
        }
    }
}
