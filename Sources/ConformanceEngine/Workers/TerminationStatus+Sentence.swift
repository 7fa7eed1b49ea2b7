internal import Glibc
internal import Subprocess

extension TerminationStatus {
    /// Whether the kernel or an operator ended the process: no process does this to itself.
    var isKill: Bool { self == .signaled(SIGKILL) }

    var sentence: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal):
            "signal \(signal)\(Self.signalNames[signal].map { " (\($0))" } ?? "")"
        }
    }

    /// The signals that a crash or a kill ends with; a Swift trap is SIGILL or SIGTRAP.
    private static let signalNames: [Int32: String] = [
        SIGILL: "SIGILL", SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE",
        SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM",
    ]
}
