internal import Campaign
package import ConformanceModel

/// The documented failures that one release has, had, or is free of, for a release manager.
package struct StackFailures {
    /// How a release stands to a documented failure.
    package enum State: String, Hashable, CaseIterable, Sendable {
        /// Seen on this very release.
        case hasSeen = "has it: seen"
        /// Seen on this version, with the settings of the failure mode.
        case showsSeen = "shows it as set there: seen"
        /// In the documented range of affected versions.
        case hasByVersion = "has it: by version"
        /// Older than the affected release that is known, and in no documented range.
        case mayHave = "may have it: older than the affected release"
        /// Seen as mended on this very release.
        case freeSeen = "free of it: seen"
        /// From the mended release on.
        case freeByVersion = "had it: mended since"
        /// Older than every documented range.
        case neverHad = "free of it: older than the fault"
    }

    package struct Row: Hashable, Sendable {
        package var id: String
        package var title: String
        package var state: State
        package var pair: String
    }

    package let release: ReleaseName
    package let rows: [Row]

    /// - Parameter stack: NAME@VERSION.
    package init(_ stack: String, _ modes: [FailureMode]) throws {
        guard let release = ReleaseName(stack) else {
            throw CommandError.usage("\(stack): expected NAME@VERSION, such as caddy@2.10.2")
        }
        self.release = release
        let known = Set(
            modes.flatMap { mode in
                [mode.releases?.affected, mode.releases?.mended].compactMap { $0?.program }
                    + mode.affects.map(\.program)
            }
        )
        guard known.contains(release.program) else {
            throw CommandError.usage(
                "no documented failure names versions of “\(release.program)”; there are "
                    + known.sorted().joined(separator: ", ")
            )
        }
        rows = modes.compactMap { mode in
            Self.state(of: release, mode).map { state in
                Row(
                    id: mode.id,
                    title: mode.title,
                    state: state,
                    pair: Self.words(mode)
                )
            }
        }.sorted { left, right in
            let order = State.allCases
            let places = [left, right].map { row in order.firstIndex(of: row.state) ?? 0 }
            return (places[0], left.id) < (places[1], right.id)
        }
    }

    private static func words(_ mode: FailureMode) -> String {
        guard let pair = mode.releases else { return "–" }
        return pair.isToday
            ? "\(pair.affected), right on \(pair.mended)" : "\(pair.affected.version) → \(pair.mended.version)"
    }

    private static func state(of release: ReleaseName, _ mode: FailureMode) -> State? {
        if let pair = mode.releases, pair.isToday { return today(release, pair, mode) }
        let pair = mode.releases.flatMap { $0.affected.program == release.program ? $0 : nil }
        let isShown = mode.sight == .release
        if isShown, release == pair?.affected { return .hasSeen }
        if isShown, release == pair?.mended { return .freeSeen }
        let ranges = mode.affects.filter { $0.program == release.program }
        if !ranges.isEmpty {
            if ranges.contains(where: { $0.covers(release.version) }) { return .hasByVersion }
            let version = VersionNumbers(release.version)
            // Older than every range that ends: the fault was not yet there.
            let isMended = ranges.contains { range in range.before.map { version >= VersionNumbers($0) } ?? false }
            return isMended ? .freeByVersion : .neverHad
        }
        guard let pair else { return nil }
        let version = VersionNumbers(release.version)
        if version >= VersionNumbers(pair.mended.version) { return .freeByVersion }
        return version < VersionNumbers(pair.affected.version) ? .mayHave : .hasByVersion
    }

    /// A stack of today has versions that were seen, and no range.
    private static func today(_ release: ReleaseName, _ pair: ReleasePair, _ mode: FailureMode) -> State? {
        guard let evidence = mode.evidence, pair.isShown(by: evidence) else { return nil }
        if evidence.affected.release == "\(release)" { return .showsSeen }
        return evidence.mended.release == "\(release)" ? .freeSeen : nil
    }

    /// One table, the failures that it has first.
    package var text: String {
        let has = rows.count { $0.state == .hasSeen || $0.state == .hasByVersion }
        let shows = rows.count { $0.state == .showsSeen }
        let may = rows.count { $0.state == .mayHave }
        var lines = [
            "\(release): of \(rows.count) documented failures it has \(has)"
                + (shows > 0 ? ", shows \(shows) as set there" : "") + (may > 0 ? ", and may have \(may)" : ""),
            "",
        ]
        let width = rows.map(\.id.count).max() ?? 0
        lines += rows.map { row in
            row.id + String(repeating: " ", count: width - row.id.count)
                + "  \(row.state.rawValue)  (\(row.pair))  \(row.title)"
        }
        return lines.joined(separator: "\n")
    }
}
