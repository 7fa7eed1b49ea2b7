internal import ArgumentParser
internal import ConformanceModel

extension ShardPosition: ExpressibleByArgument {
    /// Reads the argument of `--shard`.
    package init?(argument: String) {
        self.init(argument)
    }
}
