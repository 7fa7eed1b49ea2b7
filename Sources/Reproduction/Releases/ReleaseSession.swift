internal import Campaign
package import ConformanceCatalogue
internal import ConformanceEngine
package import ConformanceModel
internal import Foundation
internal import Glibc
package import Peers

/// How a failure mode went on the releases of its pair.
package struct ReleaseResult: Sendable {
    package enum Verdict: Hashable, Sendable {
        /// Both releases answered as documented.
        case shown
        /// Some answers are others than the documented ones.
        case otherwise([ReleaseMismatch])
        /// It was not played, for this reason.
        case skipped(String)
    }

    package var mode: FailureMode
    package var pair: ReleasePair
    package var verdict: Verdict
    /// The answers; nil for one that was skipped.
    package var evidence: ReleaseEvidence?
    package var milliseconds: Int

    /// A line for people, and one more for each mismatch.
    package var text: String {
        let names = [evidence?.affected.release ?? "\(pair.affected)", evidence?.mended.release ?? "\(pair.mended)"]
        let releases = pair.isToday ? "on \(names[0]), right on \(names[1])" : names.joined(separator: " → ")
        switch verdict {
        case .shown: return "shown      \(mode.id)  \(releases)"
        case .otherwise(let mismatches):
            return (["OTHERWISE  \(mode.id)  \(releases)"] + mismatches.map { "           \($0)" }).joined(
                separator: "\n"
            )
        case .skipped(let reason): return "skipped    \(mode.id)  \(releases): \(reason)"
        }
    }
}

/// Installs releases, and plays failure modes on them.
package struct ReleaseSession {
    package let sources: ReleaseSources
    package let cache: ReleaseCache
    /// Whether releases that are missing may be downloaded.
    package let downloads: Bool
    /// The client that asks.
    private let asker: String

    package init(scenarios: String, cache: ReleaseCache = ReleaseCache(), downloads: Bool = true) throws {
        sources = try ReleaseSources.load(directory: scenarios)
        self.cache = cache
        self.downloads = downloads
        asker = URL(filePath: "\(scenarios)/peers/common/ask.py").standardizedFileURL.path(percentEncoded: false)
    }

    /// The source of a release, or a usage error that names the known programs.
    package func source(of release: ReleaseName) throws -> ReleaseSource {
        if let source = sources[release.program] { return source }
        throw CommandError.usage(
            "no program “\(release.program)” in \(sources.file); there are \(sources.names.sorted().joined(separator: ", "))"
        )
    }

    /// The releases of these pairs that aren't installed yet, each once, in order.
    package func missing(for pairs: [ReleasePair]) throws -> [ReleaseName] {
        let all = Set(pairs.flatMap { [$0.affected, $0.mended] + $0.companions })
        return try all.sorted().filter { release in
            let source = try source(of: release)
            return !source.isOfMachine && !cache.isInstalled(release, source)
        }
    }

    /// The sentence that tells of a download before it begins.
    package func announcement(of release: ReleaseName) throws -> String {
        let source = try source(of: release)
        return
            "installing \(release) from \(source.origin): about \(source.megabytes) MB in \(cache.path(of: release, source))"
    }

    /// Installs one release.
    @discardableResult
    package func install(_ release: ReleaseName) throws -> InstalledRelease {
        let source = try source(of: release)
        guard downloads || source.isOfMachine || cache.isInstalled(release, source) else {
            throw ReleaseUnavailable(
                description: "\(release) is not installed; countersign install-peers \(release) downloads "
                    + "about \(source.megabytes) MB"
            )
        }
        return try cache.install(release, source)
    }

    /// Plays both halves of one failure mode.
    ///
    /// - Parameter folder: what is left for a reader; nil keeps nothing.
    package func play(
        _ mode: FailureMode,
        _ pair: ReleasePair,
        folder: String? = nil,
        now: Int64
    ) throws -> ReleaseResult {
        let start = ContinuousClock.now
        func result(_ verdict: ReleaseResult.Verdict, _ evidence: ReleaseEvidence? = nil) -> ReleaseResult {
            let spent = start.duration(to: .now) / .milliseconds(1)
            return ReleaseResult(mode: mode, pair: pair, verdict: verdict, evidence: evidence, milliseconds: Int(spent))
        }
        do {
            let affected = try install(pair.affected)
            let mended = try install(pair.mended)
            let companions = try pair.companions.map(install)
            let ground = try ReleasePlay.Ground(pair, seed: UInt64(now), now: now)
            let place = folder ?? ground.temporaryFolder
            defer {
                if folder == nil { try? FileManager.default.removeItem(atPath: place) }
            }
            func half(_ release: InstalledRelease, _ role: ReleaseRole) throws -> ReleaseHalf {
                try ReleasePlay(
                    pair.played(as: role),
                    program: release,
                    companions: companions,
                    folder: "\(place)/\(role.rawValue)",
                    asker: asker,
                    ground: ground
                ).half()
            }
            let evidence = ReleaseEvidence(
                id: mode.id,
                play: pair.digest,
                date: Self.day(now),
                affected: try half(affected, .affected),
                mended: try half(mended, .mended)
            )
            let mismatches = pair.mismatches(evidence.affected, evidence.mended)
            return result(mismatches.isEmpty ? .shown : .otherwise(mismatches), evidence)
        } catch let error as ReleaseUnavailable {
            return result(.skipped(error.description))
        }
    }

    private static func day(_ now: Int64) -> String {
        var time = time_t(now)
        var parts = tm()
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    }
}

/// The answers of releases that a catalogue keeps: scenarios/failure-modes/evidence.json.
package enum EvidenceFile {
    package static func path(in scenarios: String) -> String { "\(scenarios)/failure-modes/evidence.json" }

    /// Empty for a catalogue without the file.
    package static func read(_ path: String) throws -> [ReleaseEvidence] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        do {
            return try JSONDecoder().decode([ReleaseEvidence].self, from: data)
        } catch {
            throw CommandError.usage("\(path) is no evidence that countersign failures --record wrote: \(error)")
        }
    }

    /// Replaces the evidence of the failure modes that were played, and keeps that of the others.
    package static func record(_ new: [ReleaseEvidence], in path: String) throws {
        var all = Dictionary(try read(path).map { ($0.id, $0) }) { $1 }
        for evidence in new { all[evidence.id] = evidence }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        let data = try encoder.encode(all.values.sorted { $0.id < $1.id })
        try (data + [0x0A]).write(to: URL(filePath: path), options: .atomic)
    }
}
