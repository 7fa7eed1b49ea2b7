internal import Glibc

/// Owns a file descriptor and closes it.
final class Descriptor: Sendable {
    let number: Int32

    init(takingOwnershipOf number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }
}
