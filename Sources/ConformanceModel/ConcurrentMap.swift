internal import Dispatch
internal import Synchronization

extension Array where Element: Sendable {
    /// The results of a transformation of each element, in the elements' order, computed on all cores.
    ///
    /// For work before a run begins, while no case keeps the cores busy. The elements are cut into a few pieces a core,
    /// so that a slow one holds up little.
    package func concurrentMap<Result: Sendable>(_ transform: @Sendable (Element) -> Result) -> [Result] {
        let size = Swift.max(1, count / Self.pieces)
        let starts = Swift.Array(stride(from: 0, to: count, by: size))
        let done = Mutex<[Int: [Result]]>([:])
        DispatchQueue.concurrentPerform(iterations: starts.count) { piece in
            let start = starts[piece]
            let results = self[start..<Swift.min(start + size, count)].map(transform)
            done.withLock { $0[start] = results }
        }
        let results = done.withLock { $0 }
        return starts.flatMap { results[$0] ?? [] }
    }

    private static var pieces: Int { 64 }
}
