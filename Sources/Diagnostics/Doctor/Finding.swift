internal import ConformanceModel

/// Something that `doctor` found in a file, and the failure that it leads to.
package struct Finding: Hashable, Encodable {
    package enum Severity: String, Hashable, Encodable, Comparable {
        /// A connection will fail, or the wrong peers get in.
        case error
        /// It works with some peers, or for some time.
        case warning
        /// Worth knowing.
        case note

        package static func < (left: Severity, right: Severity) -> Bool { left.order < right.order }

        private var order: Int {
            switch self {
            case .error: 0
            case .warning: 1
            case .note: 2
            }
        }
    }

    /// The failure mode, as `countersign explain` knows it.
    var id: String
    package var severity: Severity
    /// The file, and which certificate of it.
    var subject: String
    var message: String
    /// A command that shows it without this program.
    var command: String
}

extension Finding: CustomStringConvertible {
    package var description: String {
        "\(severity.rawValue): \(SingleLine.of(subject)): \(SingleLine.of(message)) [\(id)]\n    \(command)"
    }
}
