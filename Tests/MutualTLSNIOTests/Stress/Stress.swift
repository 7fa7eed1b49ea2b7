import Foundation

/// How much of what takes long is done: a small part in every run of the tests, and all of it with `make stress`.
enum Stress {
    static let isFull = ProcessInfo.processInfo.environment["COUNTERSIGN_STRESS"] == "1"

    static func scaled(_ part: Int, full: Int) -> Int { isFull ? full : part }
}
