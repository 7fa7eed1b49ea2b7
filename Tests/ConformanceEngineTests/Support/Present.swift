import Glibc

/// The time at which the tests began, the same in all of them.
enum Present {
    static let now = Int64(time(nil))
}
