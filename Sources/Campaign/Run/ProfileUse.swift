internal import ConformanceCatalogue
internal import ConformanceJudge
internal import ConformanceModel
internal import Foundation

/// The profiles and known holes that a run compares its subjects with, and the profile that it writes.
package struct ProfileUse {
    /// The file of a profile that the subject is pinned to.
    private let profile: String?
    /// The file that the subject's profile is written to.
    private let writeProfile: String?
    /// Whether a stricter stack and other wording fail too.
    let isStrict: Bool
    private let knownHoles: String?

    package init(profile: String? = nil, writeProfile: String? = nil, isStrict: Bool = false, knownHoles: String? = nil)
    {
        self.profile = profile
        self.writeProfile = writeProfile
        self.isStrict = isStrict
        self.knownHoles = knownHoles
    }

    /// The holes that a run knows of: those of the file, or of the catalogue where it plays its own stacks.
    func holes(besides scenarios: String, isDefault: Bool) throws -> KnownHoles {
        if let knownHoles { return try KnownHoles.load(knownHoles) }
        let own = "\(scenarios)/\(KnownHoles.fileName)"
        guard isDefault, FileManager.default.fileExists(atPath: own) else { return KnownHoles() }
        return try KnownHoles.load(own)
    }

    /// The profiles of a run, with the one that its subject is held to.
    func profiles(_ known: [Profile], subjects: [Stack]) throws -> [Profile] {
        guard profile != nil || writeProfile != nil else { return known }
        guard let subject = subjects.first, subjects.count == 1 else {
            throw CommandError.usage(
                "--profile and --write-profile are about one subject: a --target, a --client-trigger, a --subject or a "
                    + "--peer; this run has \(subjects.count)"
            )
        }
        guard let profile else { return known }
        let text: String
        do {
            text = try String(contentsOfFile: profile, encoding: .utf8)
        } catch {
            throw CommandError.usage("--profile \(profile) can't be read: \(FileReason.of(error))")
        }
        let pinned = try Profile.profile(yaml: text, file: profile, anyStack: true).renamed(subject)
        return known.filter { $0.stack != subject } + [pinned]
    }

    /// Writes the profile of the subject, whether anything was known of it or not.
    func write(_ cases: [ConformanceCase], _ results: [CaseResult], subjects: [Stack], _ known: ProfileSet) throws {
        guard let writeProfile, let subject = subjects.first else { return }
        let evidence = Dictionary(cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let found = ProfileInference(stack: subject, profiles: known).result(
            results.compactMap { result in evidence[result.id].flatMap { Evidence($0, result: result) } }
        )
        do {
            try found.profile.yaml.write(toFile: writeProfile, atomically: true, encoding: .utf8)
        } catch {
            throw CommandError.usage("--write-profile \(writeProfile) can't be written: \(FileReason.of(error))")
        }
    }
}
