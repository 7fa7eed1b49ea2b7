package import ConformanceModel

/// One side of a case while its process runs: holds its settings, makes an endpoint for each connection, and takes
/// changes of what it presents and of what it asks of its peer.
package protocol Party: AnyObject {
    /// An endpoint for one new connection; nothing is sent before its ``Endpoint/start()``.
    ///
    /// - Parameter offeringSession: whether a client offers the session that it holds, if any; a server has no choice.
    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint

    /// Changes a setting from now on, as far as the side takes changes while it runs.
    ///
    /// - Throws: ``RotationRefused`` when the stack does not take the new value; the last good one stays.
    func rotate(_ change: SettingChange) throws(RotationRefused)
}

/// A rotation that a side refused, having kept its last good setting.
package struct RotationRefused: Error, Hashable, Sendable {
    package var reason: ReasonClass
    package var detail: String

    package init(reason: ReasonClass, detail: String) {
        self.reason = reason
        self.detail = detail
    }
}

extension RotationRefused {
    init(_ error: AdapterError) {
        switch error {
        case .configuration(let reason, let detail): self.init(reason: reason, detail: detail)
        case .unsupported(let detail), .harness(let detail): self.init(reason: .other, detail: detail)
        }
    }
}
