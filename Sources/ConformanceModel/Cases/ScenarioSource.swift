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
