/// A file under scenarios/: one idea, its sources, and the cases that it stands for.
package struct Scenario: Sendable {
    /// The path under scenarios/ without `.yaml`.
    package var id: String
    package var title: String
    package var sources: [ScenarioSource]
    /// The file as it was named to the loader.
    package var file: String
    /// In the order of the axes' values, the first axis slowest.
    package var cases: [ConformanceCase]

    package init(id: String, title: String, sources: [ScenarioSource], file: String, cases: [ConformanceCase]) {
        self.id = id
        self.title = title
        self.sources = sources
        self.file = file
        self.cases = cases
    }
}

/// Where a scenario's idea comes from: what a reader opens to see why its outcome is right.
package enum ScenarioSource: Hashable, Sendable, CustomStringConvertible {
    case document(String)
    case rfc(Int, section: String?)
    /// For example `CVE-2025-68121`.
    case cve(String)
    /// For example `golang/go#52113`.
    case issue(String)

    package var description: String {
        switch self {
        case .document(let name): name
        case .rfc(let number, let section?): "RFC \(number) section \(section)"
        case .rfc(let number, nil): "RFC \(number)"
        case .cve(let id): id
        case .issue(let reference): reference
        }
    }
}

/// The names of axes with a meaning of their own; any other axis is a list of named changes.
package enum KnownAxis: String, CaseIterable, Sendable {
    case clientAuth
    case credential
    case tls
    case insecureSkipVerify
    case presents
    case phase
    case pairing
}

extension ConformanceCase {
    /// The value on an axis. The settings answer for those with a meaning of their own, so that a condition on `tls`
    /// or `clientAuth` also holds where a scenario has fixed it.
    package func value(on axis: String) -> String? {
        if let value = axes.first(where: { $0.axis == axis }) { return value.value }
        return switch KnownAxis(rawValue: axis) {
        case .clientAuth: server.clientAuth.rawValue
        case .credential: client.identity ?? SideExpectation.none
        case .tls: version.rawValue
        case .insecureSkipVerify: "\(client.insecureSkipVerify)"
        case .presents: client.presents.rawValue
        case .pairing: pairing.description
        // Without such an axis each rotation has a phase of its own.
        case .phase, nil: nil
        }
    }
}
