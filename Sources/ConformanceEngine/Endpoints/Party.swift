/// One side of a case: holds its settings, makes an endpoint for each connection, and rotates what it presents.
package protocol Party: AnyObject {
    /// An endpoint for one new connection; nothing is sent before its ``Endpoint/start()``.
    func makeEndpoint() throws(AdapterError) -> any Endpoint

    /// Presents another credential of the case from now on.
    ///
    /// - Throws: ``RotationRefused`` when the stack does not take the credential; the last good one stays.
    func rotate(to credential: String) throws(RotationRefused)
}

/// A rotation that a side refused, having kept its last good identity.
package struct RotationRefused: Error, Hashable, Sendable {
    package var reason: ReasonClass
    package var detail: String

    package init(reason: ReasonClass, detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
