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

/// One point of a scenario's axes with one pairing: everything that is needed to play it and to judge it.
package struct ConformanceCase: Hashable, Codable, Sendable {
    /// Stable, readable and unique: the scenario's id and the value of each axis, joined by slashes.
    package var id: String
    package var scenario: String
    /// The value of each axis, in the order in which the scenario names them.
    package var axes: [AxisValue]
    package var pairing: Pairing
    package var version: ProtocolVersion
    package var pki: PKISpecification
    @Boxed package var server: ServerSettings
    @Boxed package var client: ClientSettings
    package var steps: [Step]
    /// The same case with settings that must be accepted; played on the same PKI whenever this one is to be refused.
    @Boxed package var control: Control?
    /// The outcome that the scenario's author wrote, to be compared with the oracle's; nil when it is derived alone.
    package var statedExpectation: StatedExpectation?

    package init(
        id: String,
        scenario: String,
        axes: [AxisValue],
        pairing: Pairing,
        version: ProtocolVersion,
        pki: PKISpecification,
        server: ServerSettings,
        client: ClientSettings,
        steps: [Step],
        control: Control? = nil,
        statedExpectation: StatedExpectation? = nil
    ) {
        self.id = id
        self.scenario = scenario
        self.axes = axes
        self.pairing = pairing
        self.version = version
        self.pki = pki
        self.server = server
        self.client = client
        self.steps = steps
        self.control = control
        self.statedExpectation = statedExpectation
    }
}

/// The name of an axis and the value that a case has on it.
package struct AxisValue: Hashable, Codable, Sendable {
    package var axis: String
    package var value: String

    package init(axis: String, value: String) {
        self.axis = axis
        self.value = value
    }
}

/// The settings of a positive control: one connection with an exchange, on the PKI of the case that it stands by.
package struct Control: Hashable, Codable, Sendable {
    package var server: ServerSettings
    package var client: ClientSettings

    package init(server: ServerSettings, client: ClientSettings) {
        self.server = server
        self.client = client
    }
}

/// The outcome that a scenario states for the last connection of a case, to be compared with the oracle's.
package struct StatedExpectation: Hashable, Codable, Sendable {
    package enum Outcome: String, Hashable, CaseIterable, Codable, Sendable {
        case accepted
        case rejected
    }

    package var outcome: Outcome
    /// Whether the connection resumes a session; nil when the author doesn't say.
    package var resumed: Bool?
    /// Rules that must be among those that decide the case, by id.
    package var rules: [String] = []

    package init(
        outcome: Outcome,
        resumed: Bool? = nil,
        rules: [String] = []
    ) {
        self.outcome = outcome
        self.resumed = resumed
        self.rules = rules
    }

    package static let accepted = StatedExpectation(outcome: .accepted)
    package static let rejected = StatedExpectation(outcome: .rejected)
}

/// A large value behind one reference.
///
/// A run holds each of its cases in several lists, and a list of boxes is small, quick to copy and quick to sort.
@propertyWrapper
package struct Boxed<Value: Hashable & Sendable>: Hashable, Sendable {
    private final class Box: Sendable {
        let value: Value

        init(_ value: Value) {
            self.value = value
        }
    }

    private var box: Box

    package init(wrappedValue: Value) {
        box = Box(wrappedValue)
    }

    package var wrappedValue: Value {
        get { box.value }
        set { box = Box(newValue) }
    }

    package static func == (lhs: Boxed, rhs: Boxed) -> Bool {
        lhs.box === rhs.box || lhs.wrappedValue == rhs.wrappedValue
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(wrappedValue)
    }
}

/// A box is coded as what it holds; nothing is coded as null, since whoever reads a box looks for a value.
extension Boxed: Codable where Value: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(wrappedValue: try decoder.singleValueContainer().decode(Value.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}
