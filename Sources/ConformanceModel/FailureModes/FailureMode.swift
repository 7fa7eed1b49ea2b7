/// A documented way in which mutual TLS goes wrong, as data in a file under scenarios/failure-modes/.
package struct FailureMode: Hashable, Sendable {
    /// The subject of the failure.
    package enum Group: String, Hashable, CaseIterable, Sendable {
        case credential, path, name, rotation, resumption, `protocol`, configuration, identity
    }

    /// Where the failure shows.
    package enum Layer: String, Hashable, CaseIterable, Sendable {
        case file
        case handshake
        case afterHandshake = "after-handshake"
        case http
        case tcp
        case application
    }

    /// The name of its file without `.yaml`, for example `cred-no-client-cert`.
    package var id: String
    package var title: String
    package var group: Group
    package var layer: Layer
    /// Its place among the failures that cost users most, from 1; nil beyond those.
    package var rank: Int?
    /// Addresses that a reader can open.
    package var sources: [String]
    /// The behaviour of a correct stack.
    package var right: String
    /// The failure as it was seen in the field.
    package var field: String
    /// One sentence that says which side refused the other, and at which step.
    package var verdict: String
    package var symptoms: [Symptom]
    /// The most likely first.
    package var causes: [Cause]
    /// Causes that the symptom is often mistaken for.
    package var misreadings: [String]
    /// In the order of the file.
    package var fixes: [Fix]
    package var play: Play
    /// The releases that have it and that mended it, where both can be had.
    package var releases: ReleasePair?
    /// The answers of the releases, as they were last recorded; nil where they never were.
    package var evidence: ReleaseEvidence?
    /// Other names of it: CVE and GHSA numbers.
    package var aliases: [String] = []
    /// The documented ranges of versions that have it.
    package var affects: [AffectedVersions] = []

    package init(
        id: String,
        title: String,
        group: Group,
        layer: Layer,
        rank: Int? = nil,
        sources: [String],
        right: String,
        field: String,
        verdict: String,
        symptoms: [Symptom],
        causes: [Cause],
        misreadings: [String],
        fixes: [Fix],
        play: Play
    ) {
        self.id = id
        self.title = title
        self.group = group
        self.layer = layer
        self.rank = rank
        self.sources = sources
        self.right = right
        self.field = field
        self.verdict = verdict
        self.symptoms = symptoms
        self.causes = causes
        self.misreadings = misreadings
        self.fixes = fixes
        self.play = play
    }
}

extension FailureMode {
    /// Words that a stack writes when it meets the failure.
    package struct Symptom: Hashable, Sendable {
        /// The stack whose words these are, for example `openssl`.
        package var stack: String
        /// `*` stands for any text of the same line.
        package var text: String
        /// How likely this failure is behind these words: 1 for the first one to think of, 2 for the next.
        package var place: Int

        package init(
            stack: String,
            text: String,
            place: Int
        ) {
            self.stack = stack
            self.text = text
            self.place = place
        }
    }

    /// One thing that can be behind the failure.
    package struct Cause: Hashable, Sendable {
        package var cause: String
        /// How to tell it apart from the others.
        package var tell: String

        package init(
            cause: String,
            tell: String
        ) {
            self.cause = cause
            self.tell = tell
        }
    }

    /// The remedy on one stack, or on `any`.
    package struct Fix: Hashable, Sendable {
        package var stack: String
        package var action: String

        package init(
            stack: String,
            action: String
        ) {
            self.stack = stack
            self.action = action
        }
    }

    /// How the harness shows the failure.
    package enum Play: Hashable, Sendable {
        /// Cases of scenarios, chosen by id: all of them are right, and `wrong` must turn some of them red.
        case cases(globs: [String], wrong: Wrong)
        /// It can't be played here, for this reason.
        case reason(String)
        /// It is played on the releases of its pair alone.
        case releases
    }

    /// A stack that shows the failure.
    package enum Wrong: Hashable, Sendable {
        /// The library with a defect that is switched on.
        case mutant(String)
        /// A stack that has it, by the entry of its profile: a rule, or `alert/DEFECT`.
        case profile(stack: Stack, name: String)
    }
}

/// A range of a program's versions that have a failure: from the first one, up to and without the mended one.
package struct AffectedVersions: Hashable, Sendable {
    package var program: String
    /// The first affected version; nil from the beginning on.
    package var from: String?
    /// The first version that is mended; nil where none is.
    package var before: String?

    package init(program: String, from: String?, before: String?) {
        self.program = program
        self.from = from
        self.before = before
    }

    package func covers(_ version: String) -> Bool {
        let numbers = VersionNumbers(version)
        if let from, numbers < VersionNumbers(from) { return false }
        if let before, numbers >= VersionNumbers(before) { return false }
        return true
    }
}

extension FailureMode {
    /// Where the failure was seen, the strongest first.
    package enum Sight: String, Hashable, CaseIterable, Codable, Sendable {
        /// On the release that had it, and not on the one that mended it.
        case release
        /// On a stack as it is today.
        case stack
        /// On the library with this very fault.
        case mutant
        /// Nowhere here.
        case none

        package var words: String {
            switch self {
            case .release: "on the release that had it"
            case .stack: "on a stack as it is today"
            case .mutant: "on the library with this fault"
            case .none: "not seen here"
            }
        }
    }

    /// The best of what shows it. A pair counts once its recorded answers are as documented.
    package var sight: Sight {
        if let releases, let evidence, releases.isShown(by: evidence) { return releases.isToday ? .stack : .release }
        return switch play {
        case .cases(_, .profile): .stack
        case .cases(_, .mutant): .mutant
        case .reason, .releases: .none
        }
    }

    /// Where it was seen, in words, with the releases and the day.
    package var sightWords: String {
        guard let releases else { return sight.words }
        guard let evidence, releases.isShown(by: evidence) else {
            return "\(sight.words); its \(releases.isToday ? "stacks" : "releases") were not played in its present form"
        }
        if releases.isToday {
            let (shows, right) = (evidence.affected.release, evidence.mended.release)
            let other = shows == right ? "not with other settings" : "not on \(right)"
            return "on \(shows) as it is today, and \(other) (\(evidence.date))"
        }
        return "on \(releases.affected), and not on \(releases.mended) (\(evidence.date))"
    }
}

extension Sequence<FailureMode> {
    /// The number of each sight in a sentence.
    package var sightSummary: String {
        let counts = FailureMode.Sight.allCases.map { sight in (sight, self.count { $0.sight == sight }) }
        return counts.map { "\($0.1) \($0.0.words)" }.joined(separator: ", ")
    }
}
