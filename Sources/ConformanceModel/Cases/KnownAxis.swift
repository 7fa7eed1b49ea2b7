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
