/// Why a command line is not played.
enum FlagError: Error, Equatable {
    /// The shim has no such flag, or the library nothing that would do what it asks.
    case unimplemented(flag: String, reason: String)
    /// The flag's parameter is missing, or is not of its form.
    case malformed(flag: String, reason: String)
}

extension FlagError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unimplemented(let flag, let reason): "\(flag) is not implemented: \(reason)"
        case .malformed(let flag, let reason): "\(flag): \(reason)"
        }
    }
}
