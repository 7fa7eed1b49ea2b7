internal import ConformanceEngine
internal import ConformanceModel

/// Reads an observation from what a program wrote, by the tellings of its manifest: for each field the first that
/// matches.
struct ToldObservation {
    private let tells: [Telling]

    init(_ tells: [Telling]) {
        self.tells = tells
    }

    func observation(text: String, status: ExitStatus, _ material: CaseMaterial) -> SideObservation {
        var told: [Telling.Field: String] = [:]
        for telling in tells where told[telling.field] == nil {
            if let value = value(of: telling, text, status) { told[telling.field] = value }
        }
        var seen = SideObservation(accepted: told[.accepted] == "true", reachedHandshake: true)
        if !seen.accepted {
            seen.noticed = told[.noticed].flatMap(NoticePoint.init(rawValue:))
            seen.reachedHandshake = seen.noticed != .configuration
            seen.detail = told[.detail] ?? [UInt8](text.utf8).asComplaint
        }
        seen.alertSent = told[.alertSent].flatMap(alert)
        seen.alertReceived = told[.alertReceived].flatMap(alert)
        seen.presented = told[.presented].flatMap { sighting($0, material) }
        seen.received = told[.received].flatMap { sighting($0, material) }
        seen.verified = told[.verified] == "true"
        seen.sni = told[.sni].flatMap { $0 == SideExpectation.none ? nil : $0 }
        seen.version = told[.version].flatMap(ProtocolVersion.init(rawValue:))
        seen.certificateRequested = told[.certificateRequested].map { $0 == "true" }
        let untold = ObservedField.allCases.filter { field in
            guard field != .reachedHandshake else { return false }
            // An alert in words that no registry has was not told either.
            if field == .alertSent, seen.alertSent == nil, told[.alertSent] != SideExpectation.none { return true }
            if field == .alertReceived, seen.alertReceived == nil, told[.alertReceived] != SideExpectation.none {
                return true
            }
            return Telling.Field(rawValue: field.rawValue).map { told[$0] == nil } ?? true
        }
        seen.untold = untold.isEmpty ? nil : untold.sorted()
        return seen
    }

    private func value(of telling: Telling, _ text: String, _ status: ExitStatus) -> String? {
        if !telling.exitCodes.isEmpty {
            guard case .exited(let code) = status, telling.exitCodes.contains(code) else { return nil }
        }
        guard let pattern = telling.pattern else { return telling.value }
        guard let match = PatternMatch(pattern).firstMatch(in: text) else { return nil }
        return telling.value ?? match
    }

    private func alert(_ text: String) -> AlertDescription? {
        if text == SideExpectation.none { return nil }
        return UInt8(text).map(AlertDescription.init(rawValue:))
            ?? AlertDescription(name: text.lowercased().replacing(" ", with: "_"))
    }

    private func sighting(_ text: String, _ material: CaseMaterial) -> CertificateSighting? {
        if text == SideExpectation.none { return nil }
        let hexadecimal = String(text.filter(\.isHexDigit))
        return hexadecimal.count == 64
            ? material.sighting(serial: nil, sha256: hexadecimal)
            : material.sighting(serial: hexadecimal, sha256: nil)
    }
}

/// A regular expression of a manifest, which was checked when the manifest was read.
struct PatternMatch {
    private let regex: Regex<AnyRegexOutput>?

    init(_ pattern: String) {
        regex = try? Regex(pattern).anchorsMatchLineEndings()
    }

    func matches(_ text: String) -> Bool {
        guard let regex else { return false }
        return text.firstMatch(of: regex) != nil
    }

    /// The first group of the first match, or all of it when the pattern has no group.
    func firstMatch(in text: String) -> String? {
        guard let regex, let match = text.firstMatch(of: regex) else { return nil }
        let group = match.output.count > 1 ? match.output[1].substring : nil
        return String(group ?? text[match.range])
    }
}
